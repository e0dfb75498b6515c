#include "core/projection/tsne/attraction.h"

#include "core/base/parallel.h"

#include <cmath>
#include <numeric>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/tsne/attraction.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <int kDims>
void AttractRows(const Affinities& affinities, const Coordinates& places, Coordinates& forces,
    Index begin, Index end)
{
    const hn::CappedTag<float, Affinities::kPadding> tag;
    const hn::RebindToSigned<decltype(tag)> indexTag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto one = hn::Set(tag, 1.0F);
    const float* x = places.axis(0);
    const float* y = places.axis(1);
    const float* z = places.axis(kDims - 1);
    for (Index i = begin; i < end; ++i) {
        const auto xi = hn::Set(tag, x[i]);
        const auto yi = hn::Set(tag, y[i]);
        const auto zi = hn::Set(tag, z[i]);
        auto forceX = hn::Zero(tag);
        auto forceY = hn::Zero(tag);
        auto forceZ = hn::Zero(tag);
        const Index last = affinities.starts[static_cast<std::size_t>(i) + 1];
        for (Index at = affinities.starts[static_cast<std::size_t>(i)]; at < last; at += lanes) {
            const auto ids = hn::BitCast(indexTag,
                hn::LoadU(hn::RebindToUnsigned<decltype(tag)>(), affinities.ids.data() + at));
            const auto dx = hn::Sub(xi, hn::GatherIndex(tag, x, ids));
            const auto dy = hn::Sub(yi, hn::GatherIndex(tag, y, ids));
            auto square = hn::MulAdd(dy, dy, hn::MulAdd(dx, dx, one));
            auto dz = hn::Zero(tag);
            if constexpr (kDims == 3) {
                dz = hn::Sub(zi, hn::GatherIndex(tag, z, ids));
                square = hn::MulAdd(dz, dz, square);
            }
            const auto pull = hn::Div(hn::LoadU(tag, affinities.values.data() + at), square);
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

void AttractRows2(const Affinities& affinities, const Coordinates& places, Coordinates& forces,
    Index begin, Index end)
{
    AttractRows<2>(affinities, places, forces, begin, end);
}

void AttractRows3(const Affinities& affinities, const Coordinates& places, Coordinates& forces,
    Index begin, Index end)
{
    AttractRows<3>(affinities, places, forces, begin, end);
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(AttractRows2);
HWY_EXPORT(AttractRows3);

namespace {

constexpr Index kRowsPerBlock = 256;

} // namespace

bool findAttraction(const Affinities& affinities, const Coordinates& places, Coordinates& forces,
    const Progress& progress)
{
    parallelBlocks(places.size(), kRowsPerBlock, [&](Index, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        if (places.dimensions() == 2)
            HWY_DYNAMIC_DISPATCH(AttractRows2)(affinities, places, forces, begin, end);
        else
            HWY_DYNAMIC_DISPATCH(AttractRows3)(affinities, places, forces, begin, end);
    });
    return !progress.stopRequested();
}

double klDivergence(const Affinities& affinities, const Coordinates& places, double normalizer)
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
                double square = 1;
                for (int a = 0; a < places.dimensions(); ++a) {
                    const double step = static_cast<double>(places.axis(a)[i]) - places.axis(a)[j];
                    square += step * step;
                }
                sum += affinities.values[static_cast<std::size_t>(at)] * std::log(square);
            }
        }
        sums[static_cast<std::size_t>(block)] = sum;
    });
    const double sumOfLogs = std::accumulate(sums.begin(), sums.end(), 0.0);
    // P sums to 1, so log Z counts once.
    return affinities.sumPLogP + sumOfLogs + std::log(normalizer);
}

} // namespace embedscope
#endif // HWY_ONCE
