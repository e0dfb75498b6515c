#include "core/analysis/scan_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/analysis/scan_kernels.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Doubles = hn::ScalableTag<double>;
using HalfFloats = hn::Rebind<float, Doubles>;
using Floats = hn::ScalableTag<float>;

HWY_INLINE hn::Vec<Doubles> LoadWide(const float* from)
{
    return hn::PromoteTo(Doubles(), hn::LoadU(HalfFloats(), from));
}

double PairSquare(const float* x, double xScale, const float* y, double yScale, Index d)
{
    const Doubles tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto xFactor = hn::Set(tag, xScale);
    const auto yFactor = hn::Set(tag, yScale);
    auto sum0 = hn::Zero(tag);
    auto sum1 = hn::Zero(tag);
    Index j = 0;
    for (; j + 2 * lanes <= d; j += 2 * lanes) {
        const auto a
            = hn::Sub(hn::Mul(LoadWide(x + j), xFactor), hn::Mul(LoadWide(y + j), yFactor));
        const auto b = hn::Sub(
            hn::Mul(LoadWide(x + j + lanes), xFactor), hn::Mul(LoadWide(y + j + lanes), yFactor));
        sum0 = hn::MulAdd(a, a, sum0);
        sum1 = hn::MulAdd(b, b, sum1);
    }
    double sum = hn::GetLane(hn::SumOfLanes(tag, hn::Add(sum0, sum1)));
    for (; j < d; ++j) {
        const double left = static_cast<double>(x[j]) * xScale;
        const double right = static_cast<double>(y[j]) * yScale;
        sum += (left - right) * (left - right);
    }
    return sum;
}

double PairDot(const float* x, const float* y, Index d)
{
    const Doubles tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    auto sum0 = hn::Zero(tag);
    auto sum1 = hn::Zero(tag);
    Index j = 0;
    for (; j + 2 * lanes <= d; j += 2 * lanes) {
        sum0 = hn::MulAdd(LoadWide(x + j), LoadWide(y + j), sum0);
        sum1 = hn::MulAdd(LoadWide(x + j + lanes), LoadWide(y + j + lanes), sum1);
    }
    double sum = hn::GetLane(hn::SumOfLanes(tag, hn::Add(sum0, sum1)));
    for (; j < d; ++j)
        sum += static_cast<double>(x[j]) * static_cast<double>(y[j]);
    return sum;
}

double PairManhattan(const float* x, double xScale, const float* y, double yScale, Index d)
{
    const Doubles tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto xFactor = hn::Set(tag, xScale);
    const auto yFactor = hn::Set(tag, yScale);
    auto sum0 = hn::Zero(tag);
    Index j = 0;
    for (; j + lanes <= d; j += lanes) {
        const auto a = hn::Mul(LoadWide(x + j), xFactor);
        const auto b = hn::Mul(LoadWide(y + j), yFactor);
        sum0 = hn::Add(sum0, hn::Abs(hn::Sub(a, b)));
    }
    double sum = hn::GetLane(hn::SumOfLanes(tag, sum0));
    for (; j < d; ++j) {
        const double left = static_cast<double>(x[j]) * xScale;
        sum += std::abs(left - static_cast<double>(y[j]) * yScale);
    }
    return sum;
}

void PlaneSquares(
    const float* query, const float* axes, Index stride, Index dims, Index count, float* values)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    Index i = 0;
    for (; i + lanes <= count; i += lanes) {
        auto sum = hn::Zero(tag);
        for (Index a = 0; a < dims; ++a) {
            const auto step
                = hn::Sub(hn::LoadU(tag, axes + a * stride + i), hn::Set(tag, query[a]));
            sum = hn::MulAdd(step, step, sum);
        }
        hn::StoreU(sum, tag, values + i);
    }
    for (; i < count; ++i) {
        float sum = 0;
        for (Index a = 0; a < dims; ++a) {
            const float step = axes[a * stride + i] - query[a];
            sum += step * step;
        }
        values[i] = sum;
    }
}

void ManhattanSums(const float* query, const float* rows, Index d, Index count, float* values)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    for (Index i = 0; i < count; ++i, rows += d) {
        auto sum0 = hn::Zero(tag);
        auto sum1 = hn::Zero(tag);
        Index j = 0;
        for (; j + 2 * lanes <= d; j += 2 * lanes) {
            sum0 = hn::Add(
                sum0, hn::Abs(hn::Sub(hn::LoadU(tag, rows + j), hn::LoadU(tag, query + j))));
            sum1 = hn::Add(sum1,
                hn::Abs(
                    hn::Sub(hn::LoadU(tag, rows + j + lanes), hn::LoadU(tag, query + j + lanes))));
        }
        float sum = hn::GetLane(hn::SumOfLanes(tag, hn::Add(sum0, sum1)));
        for (; j < d; ++j)
            sum += std::abs(rows[j] - query[j]);
        values[i] = sum;
    }
}

/// The values at i, of `lanes` rows; beyond the end they are infinite.
HWY_INLINE hn::Vec<Floats> ValuesAt(const ScanValues& scan, Index i)
{
    const Floats tag;
    const auto product = hn::LoadU(tag, scan.products + i);
    const auto factor = hn::Set(tag, scan.factor);
    return scan.base == nullptr ? hn::Mul(factor, product)
                                : hn::MulAdd(factor, product, hn::LoadU(tag, scan.base + i));
}

float ValueAt(const ScanValues& scan, Index i)
{
    const float base = scan.base == nullptr ? 0 : scan.base[i];
    return base + scan.factor * scan.products[i];
}

// Few values pass, so the loops are made for those that do not.
Index ScanBelow(const ScanValues& scan, float threshold, float* values, PointId* ids)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto limit = hn::Set(tag, threshold);
    HWY_ALIGN float block[HWY_MAX_BYTES / sizeof(float)];
    Index written = 0;
    Index i = 0;
    for (; i + lanes <= scan.count; i += lanes) {
        const auto value = ValuesAt(scan, i);
        if (hn::AllFalse(tag, hn::Lt(value, limit)))
            continue;
        hn::Store(value, tag, block);
        for (Index lane = 0; lane < lanes; ++lane) {
            values[written] = block[lane];
            ids[written] = scan.first + static_cast<PointId>(i + lane);
            written += block[lane] < threshold ? 1 : 0;
        }
    }
    for (; i < scan.count; ++i) {
        const float value = ValueAt(scan, i);
        if (value < threshold) {
            values[written] = value;
            ids[written++] = scan.first + static_cast<PointId>(i);
        }
    }
    return written;
}

/// The value as one of a band, if it is in one.
HWY_INLINE Index NoteBand(float value, const float* lows, const float* highs, Index probes)
{
    for (Index p = 0; p < probes; ++p) {
        if (value >= lows[p] && value < highs[p])
            return 1;
    }
    return 0;
}

Index ScanRanks(const ScanValues& scan, const float* lows, const float* highs, Index probes,
    std::uint32_t* below, Index room, float* values, PointId* ids)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    HWY_ALIGN float block[HWY_MAX_BYTES / sizeof(float)];
    Index found = 0;
    const auto note = [&](float value, Index at) {
        if (NoteBand(value, lows, highs, probes) == 0)
            return;
        if (found < room) {
            values[found] = value;
            ids[found] = scan.first + static_cast<PointId>(at);
        }
        ++found;
    };
    Index i = 0;
    for (; i + lanes <= scan.count; i += lanes) {
        const auto value = ValuesAt(scan, i);
        bool isNear = false;
        for (Index p = 0; p < probes; ++p) {
            const auto underHigh = hn::Lt(value, hn::Set(tag, highs[p]));
            if (hn::AllFalse(tag, underHigh))
                break;
            const auto underLow = hn::Lt(value, hn::Set(tag, lows[p]));
            below[p] += static_cast<std::uint32_t>(hn::CountTrue(tag, underLow));
            isNear = isNear || !hn::AllFalse(tag, hn::AndNot(underLow, underHigh));
        }
        if (isNear) {
            hn::Store(value, tag, block);
            for (Index lane = 0; lane < lanes; ++lane)
                note(block[lane], i + lane);
        }
    }
    for (; i < scan.count; ++i) {
        const float value = ValueAt(scan, i);
        for (Index p = 0; p < probes; ++p)
            below[p] += value < lows[p] ? 1 : 0;
        note(value, i);
    }
    return found;
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(PairSquare);
HWY_EXPORT(PairDot);
HWY_EXPORT(PairManhattan);
HWY_EXPORT(PlaneSquares);
HWY_EXPORT(ManhattanSums);
HWY_EXPORT(ScanBelow);
HWY_EXPORT(ScanRanks);

double pairSquare(const float* x, double xScale, const float* y, double yScale, Index d)
{
    return HWY_DYNAMIC_DISPATCH(PairSquare)(x, xScale, y, yScale, d);
}

double pairDot(const float* x, const float* y, Index d)
{
    return HWY_DYNAMIC_DISPATCH(PairDot)(x, y, d);
}

double pairManhattan(const float* x, double xScale, const float* y, double yScale, Index d)
{
    return HWY_DYNAMIC_DISPATCH(PairManhattan)(x, xScale, y, yScale, d);
}

void planeSquares(
    const float* query, const float* axes, Index stride, Index dims, Index count, float* values)
{
    HWY_DYNAMIC_DISPATCH(PlaneSquares)(query, axes, stride, dims, count, values);
}

void manhattanSums(const float* query, const float* rows, Index d, Index count, float* values)
{
    HWY_DYNAMIC_DISPATCH(ManhattanSums)(query, rows, d, count, values);
}

Index scanBelow(const ScanValues& scan, float threshold, float* values, PointId* ids)
{
    return HWY_DYNAMIC_DISPATCH(ScanBelow)(scan, threshold, values, ids);
}

Index scanRanks(const ScanValues& scan, const float* lows, const float* highs, Index probes,
    std::uint32_t* below, Index room, float* values, PointId* ids)
{
    return HWY_DYNAMIC_DISPATCH(ScanRanks)(scan, lows, highs, probes, below, room, values, ids);
}

} // namespace embedscope
#endif // HWY_ONCE
