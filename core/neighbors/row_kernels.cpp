#include "core/neighbors/row_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/neighbors/row_kernels.cpp"
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

void RowDots(
    const float* rows, Index count, Index d, const double* query, double* dots, double* squares)
{
    const Doubles tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    for (Index i = 0; i < count; ++i, rows += d) {
        auto dot0 = hn::Zero(tag);
        auto dot1 = hn::Zero(tag);
        auto square0 = hn::Zero(tag);
        auto square1 = hn::Zero(tag);
        Index j = 0;
        for (; j + 2 * lanes <= d; j += 2 * lanes) {
            const auto a = LoadWide(rows + j);
            const auto b = LoadWide(rows + j + lanes);
            dot0 = hn::MulAdd(a, hn::LoadU(tag, query + j), dot0);
            dot1 = hn::MulAdd(b, hn::LoadU(tag, query + j + lanes), dot1);
            square0 = hn::MulAdd(a, a, square0);
            square1 = hn::MulAdd(b, b, square1);
        }
        double dot = hn::GetLane(hn::SumOfLanes(tag, hn::Add(dot0, dot1)));
        double square = hn::GetLane(hn::SumOfLanes(tag, hn::Add(square0, square1)));
        for (; j < d; ++j) {
            const double value = static_cast<double>(rows[j]);
            dot += value * query[j];
            square += value * value;
        }
        dots[i] = dot;
        squares[i] = square;
    }
}

void RowSquaredDistances(
    const float* rows, Index count, Index d, const double* query, double* squares)
{
    const Doubles tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    for (Index i = 0; i < count; ++i, rows += d) {
        auto square0 = hn::Zero(tag);
        auto square1 = hn::Zero(tag);
        Index j = 0;
        for (; j + 2 * lanes <= d; j += 2 * lanes) {
            const auto a = hn::Sub(LoadWide(rows + j), hn::LoadU(tag, query + j));
            const auto b = hn::Sub(LoadWide(rows + j + lanes), hn::LoadU(tag, query + j + lanes));
            square0 = hn::MulAdd(a, a, square0);
            square1 = hn::MulAdd(b, b, square1);
        }
        double square = hn::GetLane(hn::SumOfLanes(tag, hn::Add(square0, square1)));
        for (; j < d; ++j) {
            const double step = static_cast<double>(rows[j]) - query[j];
            square += step * step;
        }
        squares[i] = square;
    }
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(RowDots);
HWY_EXPORT(RowSquaredDistances);

void rowDots(
    const float* rows, Index count, Index d, const double* query, double* dots, double* squares)
{
    HWY_DYNAMIC_DISPATCH(RowDots)(rows, count, d, query, dots, squares);
}

void rowSquaredDistances(
    const float* rows, Index count, Index d, const double* query, double* squares)
{
    HWY_DYNAMIC_DISPATCH(RowSquaredDistances)(rows, count, d, query, squares);
}

} // namespace embedscope
#endif // HWY_ONCE
