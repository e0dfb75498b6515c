#include "core/projection/tsne/attraction.h"

#include "core/base/parallel.h"

#include <cmath>
#include <cstdint>
#include <numeric>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/tsne/attraction.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

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

namespace {

constexpr Index kRowsPerBlock = 256;
constexpr Index kPlacesPerBlock = 1 << 15;

} // namespace

Attraction::Attraction(Index n, double degreesOfFreedom)
    : m_degreesOfFreedom(degreesOfFreedom)
    , m_pairs(Matrix::zeros(n, 2))
{
}

bool Attraction::find(const Affinities& affinities, const Coordinates& places, Coordinates& forces,
    const Progress& progress)
{
    parallelBlocks(places.size(), kPlacesPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            m_pairs(i, 0) = places.axis(0)[i];
            m_pairs(i, 1) = places.axis(1)[i];
        }
    });
    const auto share = static_cast<float>(1 / m_degreesOfFreedom);
    parallelBlocks(places.size(), kRowsPerBlock, [&](Index, Index begin, Index end) {
        if (!progress.stopRequested()) {
            HWY_DYNAMIC_DISPATCH(Attract)
            (affinities, m_pairs.data(), places, share, forces, begin, end);
        }
    });
    return !progress.stopRequested();
}

double klDivergence(const Affinities& affinities, const Coordinates& places,
    double degreesOfFreedom, double normalizer)
{
    const Index n = places.size();
    if (affinities.ids.empty() || normalizer <= 0)
        return 0; // A single point: both distributions are empty.
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, kRowsPerBlock)));
    parallelBlocks(n, kRowsPerBlock, [&](Index block, Index begin, Index end) {
        double sum = 0;
        for (Index i = begin; i < end; ++i) {
            const Index last = affinities.starts[static_cast<std::size_t>(i) + 1];
            for (Index at = affinities.starts[static_cast<std::size_t>(i)]; at < last; ++at) {
                const PointId j = affinities.ids[static_cast<std::size_t>(at)];
                double square = 0;
                for (int a = 0; a < places.dimensions(); ++a) {
                    const double step = static_cast<double>(places.axis(a)[i]) - places.axis(a)[j];
                    square += step * step;
                }
                sum += affinities.values[static_cast<std::size_t>(at)]
                    * std::log1p(square / degreesOfFreedom);
            }
        }
        sums[static_cast<std::size_t>(block)] = sum;
    });
    const double sumOfLogs = std::accumulate(sums.begin(), sums.end(), 0.0);
    // -log w_ij = a log(1 + square / a). P sums to 1, so log Z counts once.
    return affinities.sumPLogP + degreesOfFreedom * sumOfLogs + std::log(normalizer);
}

} // namespace embedscope
#endif // HWY_ONCE
