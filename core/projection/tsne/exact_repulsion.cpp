#include "core/projection/tsne/exact_repulsion.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/tsne/exact_repulsion.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, Coordinates::kPadding>;
using Vec = hn::Vec<Tag>;

/// Points that are pushed at once, so that every load of another point serves all of them.
constexpr int kRows = 4;
/// Others after which the rows' own sums are brought together, so that float32 suffices.
constexpr Index kChunk = 2048;

/// 1 / v to nearly full precision: the processor's approximation (11 bits or more) and one Newton
/// step.
HWY_INLINE Vec Reciprocal(Vec v)
{
    const Tag tag;
    const Vec guess = hn::ApproximateReciprocal(v);
    return hn::Mul(guess, hn::NegMulAdd(v, guess, hn::Set(tag, 2.0F)));
}

/// Pairs of the rows [first, first + kRows) with the points [begin, end), whole vectors both. Adds
/// the pushes on the rows to `sums`, and where kBothWays those on the others too. Returns the sum
/// of w_ij.
template <int kDims, bool kIsCauchy, bool kBothWays>
HWY_INLINE double RepelRows(const Coordinates& places, Coordinates& sums, float degreesOfFreedom,
    Index first, Index begin, Index end)
{
    const Tag tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const Vec one = hn::Set(tag, 1.0F);
    const Vec share = hn::Set(tag, 1 / degreesOfFreedom);
    const Vec power = hn::Set(tag, -degreesOfFreedom);
    Vec own[kRows][kDims];
    Vec force[kRows][kDims];
    Vec weight[kRows];
    for (int r = 0; r < kRows; ++r) {
        weight[r] = hn::Zero(tag);
        for (int a = 0; a < kDims; ++a) {
            own[r][a] = hn::Set(tag, places.axis(a)[first + r]);
            force[r][a] = hn::Zero(tag);
        }
    }
    for (Index j = begin; j < end; j += lanes) {
        Vec other[kDims];
        Vec back[kDims];
        for (int a = 0; a < kDims; ++a) {
            other[a] = hn::Load(tag, places.axis(a) + j);
            back[a] = kBothWays ? hn::Load(tag, sums.axis(a) + j) : hn::Zero(tag);
        }
        for (int r = 0; r < kRows; ++r) {
            Vec step[kDims];
            Vec base = kIsCauchy ? one : hn::Zero(tag);
            for (int a = 0; a < kDims; ++a) {
                step[a] = hn::Sub(own[r][a], other[a]);
                base = hn::MulAdd(step[a], step[a], base);
            }
            if constexpr (!kIsCauchy)
                base = hn::MulAdd(base, share, one);
            const Vec inverse = Reciprocal(base);
            Vec w = inverse;
            if constexpr (!kIsCauchy)
                w = hn::Exp(tag, hn::Mul(power, hn::Log(tag, base)));
            const Vec push = hn::Mul(w, inverse);
            weight[r] = hn::Add(weight[r], w);
            for (int a = 0; a < kDims; ++a) {
                force[r][a] = hn::MulAdd(push, step[a], force[r][a]);
                if constexpr (kBothWays)
                    back[a] = hn::NegMulAdd(push, step[a], back[a]);
            }
        }
        if constexpr (kBothWays) {
            for (int a = 0; a < kDims; ++a)
                hn::Store(back[a], tag, sums.axis(a) + j);
        }
    }
    double total = 0;
    for (int r = 0; r < kRows; ++r) {
        for (int a = 0; a < kDims; ++a)
            sums.axis(a)[first + r] += hn::GetLane(hn::SumOfLanes(tag, force[r][a]));
        if (first + r < places.size())
            total += static_cast<double>(hn::GetLane(hn::SumOfLanes(tag, weight[r])));
    }
    return total;
}

/// Pairs of the rows [begin, end), multiples of kPadding, with themselves and all later points.
/// Pushes are added to `sums`, which must be zero from `begin` on. Returns the sum of w_ij over
/// ordered pairs, the 1 of each row with itself among them.
template <int kDims, bool kIsCauchy>
HWY_INLINE double RepelBlock(
    const Coordinates& places, Coordinates& sums, float degreesOfFreedom, Index begin, Index end)
{
    const Index n = places.paddedSize();
    double within = 0;
    double beyond = 0;
    for (Index block = begin; block < end; block += Coordinates::kPadding) {
        const Index after = block + Coordinates::kPadding;
        for (Index i = block; i < after; i += kRows) {
            within += RepelRows<kDims, kIsCauchy, false>(
                places, sums, degreesOfFreedom, i, block, after);
            for (Index chunk = after; chunk < n; chunk += kChunk) {
                beyond += RepelRows<kDims, kIsCauchy, true>(
                    places, sums, degreesOfFreedom, i, chunk, std::min(n, chunk + kChunk));
            }
        }
    }
    return within + 2 * beyond;
}

double Repel(
    const Coordinates& places, Coordinates& sums, double degreesOfFreedom, Index begin, Index end)
{
    const auto dof = static_cast<float>(degreesOfFreedom);
    if (places.dimensions() == 2) {
        return dof == 1 ? RepelBlock<2, true>(places, sums, dof, begin, end)
                        : RepelBlock<2, false>(places, sums, dof, begin, end);
    }
    return dof == 1 ? RepelBlock<3, true>(places, sums, dof, begin, end)
                    : RepelBlock<3, false>(places, sums, dof, begin, end);
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(Repel);

namespace {

constexpr Index kTasksPerPass = 64;
constexpr Index kPointsPerBlock = 1024;

/// Cuts the triangle of pairs into tasks of about a million each (half a millisecond, a few without
/// AVX2); small tables into fewer pairs, for the sake of many processors.
std::vector<Index> equalTasks(Index n)
{
    const double pairs = static_cast<double>(n) * static_cast<double>(n) / 2;
    const Index tasks = std::max<Index>(
        {1, std::min<Index>(static_cast<Index>(pairs) >> 18, 32), static_cast<Index>(pairs) >> 20});
    const Index blocks = blockCount(n, Coordinates::kPadding);
    std::vector<Index> bounds{0};
    for (Index t = 1; t <= tasks; ++t) {
        // Rows up to x cover the share 1 - (1 - x)^2 of the triangle.
        const double share = static_cast<double>(t) / static_cast<double>(tasks);
        const double x = 1 - std::sqrt(1 - share);
        const auto block = static_cast<Index>(std::llround(x * static_cast<double>(blocks)));
        const Index bound = (t == tasks ? blocks : block) * Coordinates::kPadding;
        if (bound > bounds.back())
            bounds.push_back(bound);
    }
    return bounds;
}

} // namespace

ExactRepulsion::ExactRepulsion(Index n, int dimensions, double degreesOfFreedom)
    : m_degreesOfFreedom(degreesOfFreedom)
    , m_bounds(equalTasks(n))
{
    const Index tasks = static_cast<Index>(m_bounds.size()) - 1;
    for (Index t = 0; t < std::min(tasks, kTasksPerPass); ++t)
        m_sums.emplace_back(n, dimensions);
}

std::optional<double> ExactRepulsion::find(
    const Coordinates& places, Coordinates& forces, const Progress& progress)
{
    const Index tasks = static_cast<Index>(m_bounds.size()) - 1;
    std::vector<double> weights(static_cast<std::size_t>(tasks));
    for (Index first = 0; first < tasks; first += kTasksPerPass) {
        const Index count = std::min(kTasksPerPass, tasks - first);
        parallelBlocks(count, 1, [&](Index slot, Index, Index) {
            if (progress.stopRequested())
                return;
            const auto task = static_cast<std::size_t>(first + slot);
            const Index begin = m_bounds[task];
            const Index end = m_bounds[task + 1];
            Coordinates& sums = m_sums[static_cast<std::size_t>(slot)];
            for (int a = 0; a < places.dimensions(); ++a)
                std::fill(sums.axis(a) + begin, sums.axis(a) + sums.paddedSize(), 0.0F);
            weights[task]
                = HWY_DYNAMIC_DISPATCH(Repel)(places, sums, m_degreesOfFreedom, begin, end);
        });
        if (progress.stopRequested())
            return std::nullopt;
        addUp(first, count, forces);
    }
    // Every point counted itself with weight 1.
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    return std::max(0.0, all - static_cast<double>(places.size()));
}

/// Adds what the tasks of a pass pushed to the forces, in the order of tasks; the first pass sets
/// them.
void ExactRepulsion::addUp(Index first, Index tasks, Coordinates& forces) const
{
    parallelBlocks(forces.size(), kPointsPerBlock, [&](Index, Index begin, Index end) {
        for (int a = 0; a < forces.dimensions(); ++a) {
            float* to = forces.axis(a);
            if (first == 0)
                std::fill(to + begin, to + end, 0.0F);
            for (Index t = 0; t < tasks; ++t) {
                // Tasks push nothing before their first row.
                const Index from = std::max(begin, m_bounds[static_cast<std::size_t>(first + t)]);
                const float* sums = m_sums[static_cast<std::size_t>(t)].axis(a);
                for (Index i = from; i < end; ++i)
                    to[i] += sums[i];
            }
        }
    });
}

} // namespace embedscope
#endif // HWY_ONCE
