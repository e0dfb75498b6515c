#include "core/projection/tsne/attraction.h"

#include "core/base/parallel.h"

#include <cmath>
#include <cstdint>
#include <numeric>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/tsne/attraction.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, Affinities::kPadding>;

/// x and y of sixteen points or fewer.
struct Places
{
    hn::Vec<Tag> x;
    hn::Vec<Tag> y;
};

/// Fetches x and y of the points together, as 64 bits: half as many gathers.
HWY_INLINE Places GatherPairs(const float* pairs, const PointId* ids)
{
#if HWY_TARGET == HWY_SCALAR
    return {hn::Set(Tag(), pairs[2 * ids[0]]), hn::Set(Tag(), pairs[2 * ids[0] + 1])};
#else
    const hn::Repartition<double, Tag> wide;
    const hn::RebindToSigned<decltype(wide)> wideIndex;
    const hn::Rebind<std::uint32_t, decltype(wide)> narrowIndex;
    const Index half = static_cast<Index>(hn::Lanes(wide));
    const auto* from = reinterpret_cast<const double*>(pairs);
    const auto low = hn::BitCast(Tag(),
        hn::GatherIndex(wide, from,
            hn::BitCast(wideIndex,
                hn::PromoteTo(
                    hn::RebindToUnsigned<decltype(wide)>(), hn::LoadU(narrowIndex, ids)))));
    const auto high = hn::BitCast(Tag(),
        hn::GatherIndex(wide, from,
            hn::BitCast(wideIndex,
                hn::PromoteTo(
                    hn::RebindToUnsigned<decltype(wide)>(), hn::LoadU(narrowIndex, ids + half)))));
    return {hn::ConcatEven(Tag(), high, low), hn::ConcatOdd(Tag(), high, low)};
#endif
}

template <int kDims>
HWY_INLINE void AttractRows(const Affinities& affinities, const float* pairs,
    const Coordinates& places, float share, Coordinates& forces, Index begin, Index end)
{
    const Tag tag;
    const hn::RebindToSigned<Tag> indexTag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto one = hn::Set(tag, 1.0F);
    const auto perFreedom = hn::Set(tag, share);
    const float* z = places.axis(kDims - 1);
    for (Index i = begin; i < end; ++i) {
        const auto xi = hn::Set(tag, pairs[2 * i]);
        const auto yi = hn::Set(tag, pairs[2 * i + 1]);
        const auto zi = hn::Set(tag, z[i]);
        auto forceX = hn::Zero(tag);
        auto forceY = hn::Zero(tag);
        auto forceZ = hn::Zero(tag);
        const Index last = affinities.starts[static_cast<std::size_t>(i) + 1];
        for (Index at = affinities.starts[static_cast<std::size_t>(i)]; at < last; at += lanes) {
            const PointId* ids = affinities.ids.data() + at;
            const Places others = GatherPairs(pairs, ids);
            const auto dx = hn::Sub(xi, others.x);
            const auto dy = hn::Sub(yi, others.y);
            auto square = hn::MulAdd(dy, dy, hn::Mul(dx, dx));
            auto dz = hn::Zero(tag);
            if constexpr (kDims == 3) {
                const auto index
                    = hn::BitCast(indexTag, hn::LoadU(hn::RebindToUnsigned<Tag>(), ids));
                dz = hn::Sub(zi, hn::GatherIndex(tag, z, index));
                square = hn::MulAdd(dz, dz, square);
            }
            const auto pull = hn::Div(
                hn::LoadU(tag, affinities.values.data() + at), hn::MulAdd(square, perFreedom, one));
            forceX = hn::MulAdd(pull, dx, forceX);
            forceY = hn::MulAdd(pull, dy, forceY);
            if constexpr (kDims == 3)
                forceZ = hn::MulAdd(pull, dz, forceZ);
        }
        forces.axis(0)[i] = hn::GetLane(hn::SumOfLanes(tag, forceX));
        forces.axis(1)[i] = hn::GetLane(hn::SumOfLanes(tag, forceY));
        if constexpr (kDims == 3)
            forces.axis(2)[i] = hn::GetLane(hn::SumOfLanes(tag, forceZ));
    }
}

/// Sum over the rows of p_ij log(1 + |y_i - y_j|^2 / a).
template <int kDims>
HWY_INLINE double SumLogs(const Affinities& affinities, const float* pairs,
    const Coordinates& places, float share, Index begin, Index end)
{
    const Tag tag;
    const hn::RebindToSigned<Tag> indexTag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto one = hn::Set(tag, 1.0F);
    const auto perFreedom = hn::Set(tag, share);
    const float* z = places.axis(kDims - 1);
    double total = 0;
    for (Index i = begin; i < end; ++i) {
        const auto xi = hn::Set(tag, pairs[2 * i]);
        const auto yi = hn::Set(tag, pairs[2 * i + 1]);
        auto sum = hn::Zero(tag);
        const Index last = affinities.starts[static_cast<std::size_t>(i) + 1];
        for (Index at = affinities.starts[static_cast<std::size_t>(i)]; at < last; at += lanes) {
            const PointId* ids = affinities.ids.data() + at;
            const Places others = GatherPairs(pairs, ids);
            const auto dx = hn::Sub(xi, others.x);
            const auto dy = hn::Sub(yi, others.y);
            auto square = hn::MulAdd(dy, dy, hn::Mul(dx, dx));
            if constexpr (kDims == 3) {
                const auto index
                    = hn::BitCast(indexTag, hn::LoadU(hn::RebindToUnsigned<Tag>(), ids));
                const auto dz = hn::Sub(hn::Set(tag, z[i]), hn::GatherIndex(tag, z, index));
                square = hn::MulAdd(dz, dz, square);
            }
            const auto logarithm = hn::Log(tag, hn::MulAdd(square, perFreedom, one));
            sum = hn::MulAdd(hn::LoadU(tag, affinities.values.data() + at), logarithm, sum);
        }
        total += static_cast<double>(hn::GetLane(hn::SumOfLanes(tag, sum)));
    }
    return total;
}

double SumLogarithms(const Affinities& affinities, const float* pairs, const Coordinates& places,
    float share, Index begin, Index end)
{
    return places.dimensions() == 2 ? SumLogs<2>(affinities, pairs, places, share, begin, end)
                                    : SumLogs<3>(affinities, pairs, places, share, begin, end);
}

void Attract(const Affinities& affinities, const float* pairs, const Coordinates& places,
    float share, Coordinates& forces, Index begin, Index end)
{
    if (places.dimensions() == 2)
        AttractRows<2>(affinities, pairs, places, share, forces, begin, end);
    else
        AttractRows<3>(affinities, pairs, places, share, forces, begin, end);
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(Attract);
HWY_EXPORT(SumLogarithms);

namespace {

constexpr Index kRowsPerBlock = 256;
constexpr Index kPlacesPerBlock = 1 << 15;

} // namespace

Attraction::Attraction(Index n, double degreesOfFreedom)
    : m_degreesOfFreedom(degreesOfFreedom)
    , m_pairs(Matrix::zeros(n, 2))
{
}

void Attraction::pairUp(const Coordinates& places)
{
    parallelBlocks(places.size(), kPlacesPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            m_pairs(i, 0) = places.axis(0)[i];
            m_pairs(i, 1) = places.axis(1)[i];
        }
    });
}

bool Attraction::find(const Affinities& affinities, const Coordinates& places, Coordinates& forces,
    const Progress& progress)
{
    pairUp(places);
    const auto share = static_cast<float>(1 / m_degreesOfFreedom);
    parallelBlocks(places.size(), kRowsPerBlock, [&](Index, Index begin, Index end) {
        if (!progress.stopRequested()) {
            HWY_DYNAMIC_DISPATCH(Attract)
            (affinities, m_pairs.data(), places, share, forces, begin, end);
        }
    });
    return !progress.stopRequested();
}

double Attraction::klDivergence(
    const Affinities& affinities, const Coordinates& places, double normalizer)
{
    const Index n = places.size();
    if (affinities.ids.empty() || normalizer <= 0)
        return 0; // A single point: both distributions are empty.
    pairUp(places);
    const auto share = static_cast<float>(1 / m_degreesOfFreedom);
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, kRowsPerBlock)));
    parallelBlocks(n, kRowsPerBlock, [&](Index block, Index begin, Index end) {
        sums[static_cast<std::size_t>(block)] = HWY_DYNAMIC_DISPATCH(SumLogarithms)(
            affinities, m_pairs.data(), places, share, begin, end);
    });
    const double sumOfLogs = std::accumulate(sums.begin(), sums.end(), 0.0);
    // -log w_ij = a log(1 + square / a). P sums to 1, so log Z counts once.
    return affinities.sumPLogP + m_degreesOfFreedom * sumOfLogs + std::log(normalizer);
}

} // namespace embedscope
#endif // HWY_ONCE
