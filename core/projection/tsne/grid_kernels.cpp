#include "core/projection/tsne/grid_kernels.h"

#include <array>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/tsne/grid_kernels.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

#ifndef EMBEDSCOPE_SPLINE_TABLE
#define EMBEDSCOPE_SPLINE_TABLE
namespace embedscope {
namespace {

constexpr int kOrder = 6;
constexpr int kLanes = 8; ///< Nodes are handled by eights: the last two have weight 0.

/// Coefficients of B-splines of order 6 (de Boor 1978, chapter IX) by powers of t in [0, 1): the
/// weight of node j, t beyond node 2 of the six, and its derivative by t.
struct SplineTable
{
    alignas(32) std::array<std::array<float, kLanes>, kOrder> weight{};
    alignas(32) std::array<std::array<float, kLanes>, kOrder - 1> slope{};
};

constexpr double power(double base, int exponent)
{
    double result = 1;
    for (int i = 0; i < exponent; ++i)
        result *= base;
    return result;
}

constexpr double choose(int n, int k)
{
    double result = 1;
    for (int i = 1; i <= k; ++i)
        result = result * (n - k + i) / i;
    return result;
}

constexpr SplineTable makeSplineTable()
{
    SplineTable table;
    for (int j = 0; j < kOrder; ++j) {
        const int piece = kOrder - 1 - j;
        for (int degree = 0; degree < kOrder; ++degree) {
            // M(u) = 1/5! sum over i of (-1)^i C(6, i) (u - i)^5 for u > i, at u = piece + t.
            double sum = 0;
            for (int i = 0; i <= piece; ++i) {
                sum += (i % 2 == 0 ? 1 : -1) * choose(kOrder, i) * choose(kOrder - 1, degree)
                    * power(piece - i, kOrder - 1 - degree);
            }
            const auto lane = static_cast<std::size_t>(j);
            table.weight[static_cast<std::size_t>(degree)][lane] = static_cast<float>(sum / 120);
            if (degree > 0) {
                table.slope[static_cast<std::size_t>(degree - 1)][lane]
                    = static_cast<float>(degree * sum / 120);
            }
        }
    }
    return table;
}

constexpr SplineTable kSplines = makeSplineTable();

} // namespace
} // namespace embedscope
#endif

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using EightTag = hn::CappedTag<float, kLanes>;
constexpr int kParts = kLanes / static_cast<int>(hn::MaxLanes(EightTag()));
constexpr Index kPart = kLanes / kParts;

/// Eight values, in as many vectors as the processor needs for them.
struct Eight
{
    hn::Vec<EightTag> part[kParts];
};

HWY_INLINE Eight Zeros()
{
    Eight result;
    for (int p = 0; p < kParts; ++p)
        result.part[p] = hn::Zero(EightTag());
    return result;
}

HWY_INLINE Eight LoadEight(const float* from)
{
    Eight result;
    for (int p = 0; p < kParts; ++p)
        result.part[p] = hn::LoadU(EightTag(), from + p * kPart);
    return result;
}

HWY_INLINE void StoreEight(const Eight& values, float* to)
{
    for (int p = 0; p < kParts; ++p)
        hn::StoreU(values.part[p], EightTag(), to + p * kPart);
}

/// sum += factor * values
HWY_INLINE void AddScaled(Eight& sum, float factor, const Eight& values)
{
    const auto f = hn::Set(EightTag(), factor);
    for (int p = 0; p < kParts; ++p)
        sum.part[p] = hn::MulAdd(f, values.part[p], sum.part[p]);
}

HWY_INLINE float Dot(const Eight& a, const Eight& b)
{
    auto sum = hn::Mul(a.part[0], b.part[0]);
    for (int p = 1; p < kParts; ++p)
        sum = hn::MulAdd(a.part[p], b.part[p], sum);
    return hn::GetLane(hn::SumOfLanes(EightTag(), sum));
}

template <std::size_t kTerms>
HWY_INLINE Eight Polynomial(const std::array<std::array<float, kLanes>, kTerms>& terms, float t)
{
    Eight sum = LoadEight(terms[kTerms - 1].data());
    const auto at = hn::Set(EightTag(), t);
    for (std::size_t k = kTerms - 1; k-- > 0;) {
        for (int p = 0; p < kParts; ++p) {
            sum.part[p]
                = hn::MulAdd(sum.part[p], at, hn::LoadU(EightTag(), terms[k].data() + p * kPart));
        }
    }
    return sum;
}

/// Where a point stands along an axis: the first of its six nodes, and how far beyond the third.
struct Standing
{
    Index first;
    float t;
};

HWY_INLINE Standing StandingOf(float place, double origin, double inverseSpacing)
{
    const double at = (static_cast<double>(place) - origin) * inverseSpacing;
    const auto node = static_cast<Index>(at); // Never negative: see spreadCharges().
    return {node - 2, static_cast<float>(at - static_cast<double>(node))};
}

template <int kDims>
HWY_INLINE void Spread(
    const SortedPoints& points, Index begin, Index end, const NodeGrid& grid, float* nodes)
{
    for (Index i = begin; i < end; ++i) {
        Index start = 0;
        Standing standing[kDims];
        const Index strides[3] = {1, grid.rowStride, grid.planeStride};
        for (int a = 0; a < kDims; ++a) {
            const auto axis = static_cast<std::size_t>(a);
            standing[a] = StandingOf(points.axes[axis][i], grid.origin[axis], grid.inverseSpacing);
            start += standing[a].first * strides[a];
        }
        const Eight alongX = Polynomial(kSplines.weight, standing[0].t);
        float alongY[kLanes];
        float alongZ[kLanes] = {1};
        StoreEight(Polynomial(kSplines.weight, standing[1].t), alongY);
        if constexpr (kDims == 3)
            StoreEight(Polynomial(kSplines.weight, standing[2].t), alongZ);
        for (int z = 0; z < (kDims == 3 ? kOrder : 1); ++z) {
            float* row = nodes + start + z * grid.planeStride;
            for (int y = 0; y < kOrder; ++y, row += grid.rowStride) {
                Eight values = LoadEight(row);
                AddScaled(values, alongY[y] * alongZ[z], alongX);
                StoreEight(values, row);
            }
        }
    }
}

template <int kDims>
HWY_INLINE double Gather(const SortedPoints& points, Index begin, Index end, const NodeGrid& grid,
    const float* nodes, double scale, const std::array<float*, 3>& gradient)
{
    double total = 0;
    const auto perPlace = static_cast<float>(scale * grid.inverseSpacing);
    for (Index i = begin; i < end; ++i) {
        Index start = 0;
        Standing standing[kDims];
        const Index strides[3] = {1, grid.rowStride, grid.planeStride};
        for (int a = 0; a < kDims; ++a) {
            const auto axis = static_cast<std::size_t>(a);
            standing[a] = StandingOf(points.axes[axis][i], grid.origin[axis], grid.inverseSpacing);
            start += standing[a].first * strides[a];
        }
        float weight[3][kLanes] = {};
        float slope[3][kLanes] = {};
        for (int a = 1; a < kDims; ++a) {
            StoreEight(Polynomial(kSplines.weight, standing[a].t), weight[a]);
            StoreEight(Polynomial(kSplines.slope, standing[a].t), slope[a]);
        }
        // Sums over y and z with a slope along none, along y, along z.
        Eight plain = Zeros();
        Eight alongY = Zeros();
        Eight alongZ = Zeros();
        for (int z = 0; z < (kDims == 3 ? kOrder : 1); ++z) {
            const float* row = nodes + start + z * grid.planeStride;
            Eight inPlane = Zeros();
            Eight inPlaneY = Zeros();
            for (int y = 0; y < kOrder; ++y, row += grid.rowStride) {
                const Eight values = LoadEight(row);
                AddScaled(inPlane, weight[1][y], values);
                AddScaled(inPlaneY, slope[1][y], values);
            }
            if constexpr (kDims == 3) {
                AddScaled(plain, weight[2][z], inPlane);
                AddScaled(alongY, weight[2][z], inPlaneY);
                AddScaled(alongZ, slope[2][z], inPlane);
            } else {
                plain = inPlane;
                alongY = inPlaneY;
            }
        }
        const Eight weightX = Polynomial(kSplines.weight, standing[0].t);
        const Eight slopeX = Polynomial(kSplines.slope, standing[0].t);
        total += static_cast<double>(Dot(plain, weightX));
        gradient[0][i] += perPlace * Dot(plain, slopeX);
        gradient[1][i] += perPlace * Dot(alongY, weightX);
        if constexpr (kDims == 3)
            gradient[2][i] += perPlace * Dot(alongZ, weightX);
    }
    return total;
}

template <int kDims, bool kIsCauchy>
HWY_INLINE double RepelPoints(const SortedPoints& points, Index firstPoint, Index lastPoint,
    std::span<const PointRange> others, const SoftenedKernel& kernel,
    const std::array<float*, 3>& forces)
{
    const hn::CappedTag<float, 16> tag;
    using Vec = hn::Vec<decltype(tag)>;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const Vec zero = hn::Zero(tag);
    const Vec one = hn::Set(tag, 1.0F);
    const double square = kernel.cutoff * kernel.cutoff;
    const Vec limit = hn::Set(tag, static_cast<float>(square));
    const Vec reach = hn::Set(tag, static_cast<float>(1 / (square + kernel.degreesOfFreedom)));
    const Vec share = hn::Set(tag, static_cast<float>(1 / kernel.degreesOfFreedom));
    const Vec power = hn::Set(tag, static_cast<float>(-kernel.degreesOfFreedom));
    constexpr int kTerms = SoftenedKernel::kTerms;
    Vec terms[kTerms];
    for (int k = 0; k < kTerms; ++k)
        terms[k] = hn::Set(tag, static_cast<float>(kernel.terms[static_cast<std::size_t>(k)]));
    double total = 0;
    for (Index i = firstPoint; i < lastPoint; ++i) {
        Vec own[kDims];
        Vec sum[kDims];
        for (int a = 0; a < kDims; ++a) {
            own[a] = hn::Set(tag, points.axes[static_cast<std::size_t>(a)][i]);
            sum[a] = zero;
        }
        Vec weight = zero;
        for (const PointRange& range : others) {
            for (Index j = range.begin; j < range.end; j += lanes) {
                Vec step[kDims];
                Vec s = zero;
                for (int a = 0; a < kDims; ++a) {
                    step[a] = hn::Sub(
                        own[a], hn::LoadU(tag, points.axes[static_cast<std::size_t>(a)] + j));
                    s = hn::MulAdd(step[a], step[a], s);
                }
                auto isNear = hn::Lt(s, limit);
                if (j + lanes > range.end) {
                    isNear
                        = hn::And(isNear, hn::FirstN(tag, static_cast<std::size_t>(range.end - j)));
                }
                const Vec base = kIsCauchy ? hn::Add(s, one) : hn::MulAdd(s, share, one);
                const Vec inverse = hn::Div(one, base);
                Vec w = inverse;
                if constexpr (!kIsCauchy)
                    w = hn::Exp(tag, hn::Mul(power, hn::Log(tag, base)));
                const Vec q = hn::Mul(hn::Sub(limit, s), reach);
                // The far part and its slope by q (Horner).
                Vec far = terms[kTerms - 1];
                Vec slope = zero;
                for (int k = kTerms - 2; k >= 0; --k) {
                    slope = hn::MulAdd(slope, q, far);
                    far = hn::MulAdd(far, q, terms[k]);
                }
                weight = hn::Add(weight, hn::IfThenElseZero(isNear, hn::Sub(w, far)));
                const Vec push
                    = hn::IfThenElseZero(isNear, hn::NegMulAdd(slope, reach, hn::Mul(w, inverse)));
                for (int a = 0; a < kDims; ++a)
                    sum[a] = hn::MulAdd(push, step[a], sum[a]);
            }
        }
        for (int a = 0; a < kDims; ++a) {
            forces[static_cast<std::size_t>(a)][i] += hn::GetLane(hn::SumOfLanes(tag, sum[a]));
        }
        total += static_cast<double>(hn::GetLane(hn::SumOfLanes(tag, weight)));
    }
    return total;
}

void SpreadCharges(
    const SortedPoints& points, Index begin, Index end, const NodeGrid& grid, float* nodes)
{
    if (points.dimensions == 2)
        Spread<2>(points, begin, end, grid, nodes);
    else
        Spread<3>(points, begin, end, grid, nodes);
}

double GatherPotential(const SortedPoints& points, Index begin, Index end, const NodeGrid& grid,
    const float* nodes, double scale, const std::array<float*, 3>& gradient)
{
    return points.dimensions == 2 ? Gather<2>(points, begin, end, grid, nodes, scale, gradient)
                                  : Gather<3>(points, begin, end, grid, nodes, scale, gradient);
}

double RepelNear(const SortedPoints& points, Index begin, Index end,
    std::span<const PointRange> others, const SoftenedKernel& kernel,
    const std::array<float*, 3>& forces)
{
    const bool isCauchy = kernel.degreesOfFreedom == 1;
    if (points.dimensions == 2) {
        return isCauchy ? RepelPoints<2, true>(points, begin, end, others, kernel, forces)
                        : RepelPoints<2, false>(points, begin, end, others, kernel, forces);
    }
    return isCauchy ? RepelPoints<3, true>(points, begin, end, others, kernel, forces)
                    : RepelPoints<3, false>(points, begin, end, others, kernel, forces);
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(SpreadCharges);
HWY_EXPORT(GatherPotential);
HWY_EXPORT(RepelNear);

void spreadCharges(
    const SortedPoints& points, Index begin, Index end, const NodeGrid& grid, float* nodes)
{
    HWY_DYNAMIC_DISPATCH(SpreadCharges)(points, begin, end, grid, nodes);
}

double gatherPotential(const SortedPoints& points, Index begin, Index end, const NodeGrid& grid,
    const float* nodes, double scale, const std::array<float*, 3>& gradient)
{
    return HWY_DYNAMIC_DISPATCH(GatherPotential)(points, begin, end, grid, nodes, scale, gradient);
}

double repelNear(const SortedPoints& points, Index begin, Index end,
    std::span<const PointRange> others, const SoftenedKernel& kernel,
    const std::array<float*, 3>& forces)
{
    return HWY_DYNAMIC_DISPATCH(RepelNear)(points, begin, end, others, kernel, forces);
}

} // namespace embedscope
#endif // HWY_ONCE
