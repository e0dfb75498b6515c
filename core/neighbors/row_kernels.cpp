#include "core/neighbors/row_kernels.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/neighbors/row_kernels.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Doubles = hn::ScalableTag<double>;
using Floats = hn::Rebind<float, Doubles>;

/// Loads the next lanes of a row as doubles.
HWY_INLINE hn::Vec<Doubles> LoadWide(const float* from)
{
    return hn::PromoteTo(Doubles(), hn::LoadU(Floats(), from));
}

/// Calls body(i, row) for each row, those that lie apart fetched ahead.
template <typename Body>
HWY_INLINE void ForEachRow(
    const float* rows, const PointId* ids, Index count, Index d, const Body& body)
{
    if (ids == nullptr) {
        for (Index i = 0; i < count; ++i)
            body(i, rows + i * d);
        return;
    }
    constexpr Index kAhead = 4;
    constexpr Index kLine = 16; // float32 values of a cache line.
    const Index fetched = d < 256 ? d : 256;
    for (Index i = 0; i < count; ++i) {
        if (i + kAhead < count) {
            const float* next = rows + static_cast<Index>(ids[i + kAhead]) * d;
            for (Index j = 0; j < fetched; j += kLine)
                hwy::Prefetch(next + j);
        }
        body(i, rows + static_cast<Index>(ids[i]) * d);
    }
}

void RowDots(const float* rows, const PointId* ids, Index count, Index d, const double* query,
    double* dots, double* squares)
{
    const Doubles tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    ForEachRow(rows, ids, count, d, [&](Index i, const float* row) HWY_ATTR {
        auto dot0 = hn::Zero(tag);
        auto dot1 = hn::Zero(tag);
        auto square0 = hn::Zero(tag);
        auto square1 = hn::Zero(tag);
        Index j = 0;
        for (; j + 2 * lanes <= d; j += 2 * lanes) {
            const auto a = LoadWide(row + j);
            const auto b = LoadWide(row + j + lanes);
            dot0 = hn::MulAdd(a, hn::LoadU(tag, query + j), dot0);
            dot1 = hn::MulAdd(b, hn::LoadU(tag, query + j + lanes), dot1);
            square0 = hn::MulAdd(a, a, square0);
            square1 = hn::MulAdd(b, b, square1);
        }
        double dot = hn::GetLane(hn::SumOfLanes(tag, hn::Add(dot0, dot1)));
        double square = hn::GetLane(hn::SumOfLanes(tag, hn::Add(square0, square1)));
        for (; j < d; ++j) {
            const double value = static_cast<double>(row[j]);
            dot += value * query[j];
            square += value * value;
        }
        dots[i] = dot;
        squares[i] = square;
    });
}

void RowSquaredDistances(const float* rows, const PointId* ids, Index count, Index d,
    const double* query, double* squares)
{
    const Doubles tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    ForEachRow(rows, ids, count, d, [&](Index i, const float* row) HWY_ATTR {
        auto square0 = hn::Zero(tag);
        auto square1 = hn::Zero(tag);
        Index j = 0;
        for (; j + 2 * lanes <= d; j += 2 * lanes) {
            const auto a = hn::Sub(LoadWide(row + j), hn::LoadU(tag, query + j));
            const auto b = hn::Sub(LoadWide(row + j + lanes), hn::LoadU(tag, query + j + lanes));
            square0 = hn::MulAdd(a, a, square0);
            square1 = hn::MulAdd(b, b, square1);
        }
        double square = hn::GetLane(hn::SumOfLanes(tag, hn::Add(square0, square1)));
        for (; j < d; ++j) {
            const double step = static_cast<double>(row[j]) - query[j];
            square += step * step;
        }
        squares[i] = square;
    });
}

void RowAbsoluteDistances(
    const float* rows, const PointId* ids, Index count, Index d, const double* query, double* sums)
{
    const Doubles tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    ForEachRow(rows, ids, count, d, [&](Index i, const float* row) HWY_ATTR {
        auto sum0 = hn::Zero(tag);
        auto sum1 = hn::Zero(tag);
        Index j = 0;
        for (; j + 2 * lanes <= d; j += 2 * lanes) {
            const auto a = hn::Sub(LoadWide(row + j), hn::LoadU(tag, query + j));
            const auto b = hn::Sub(LoadWide(row + j + lanes), hn::LoadU(tag, query + j + lanes));
            sum0 = hn::Add(sum0, hn::Abs(a));
            sum1 = hn::Add(sum1, hn::Abs(b));
        }
        double sum = hn::GetLane(hn::SumOfLanes(tag, hn::Add(sum0, sum1)));
        for (; j < d; ++j)
            sum += std::abs(static_cast<double>(row[j]) - query[j]);
        sums[i] = sum;
    });
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(RowDots);
HWY_EXPORT(RowSquaredDistances);
HWY_EXPORT(RowAbsoluteDistances);

void rowDots(const float* rows, const PointId* ids, Index count, Index d, const double* query,
    double* dots, double* squares)
{
    HWY_DYNAMIC_DISPATCH(RowDots)(rows, ids, count, d, query, dots, squares);
}

void rowSquaredDistances(const float* rows, const PointId* ids, Index count, Index d,
    const double* query, double* squares)
{
    HWY_DYNAMIC_DISPATCH(RowSquaredDistances)(rows, ids, count, d, query, squares);
}

void rowAbsoluteDistances(
    const float* rows, const PointId* ids, Index count, Index d, const double* query, double* sums)
{
    HWY_DYNAMIC_DISPATCH(RowAbsoluteDistances)(rows, ids, count, d, query, sums);
}

} // namespace embedscope
#endif // HWY_ONCE
