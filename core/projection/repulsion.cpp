#include "core/projection/repulsion.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <numeric>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/repulsion.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, Coordinates::kPadding>;
using Vec = hn::Vec<Tag>;

/// Points that are pushed at once, so that every load of another point serves all of them.
constexpr int kRows = 4;
/// Others after which the float32 sums are added to sums in double.
constexpr Index kChunk = 2048;

/// 1 / v to nearly full precision: the processor's approximation (11 bits or more) and one Newton
/// step.
HWY_INLINE Vec Reciprocal(Vec v)
{
    const Tag tag;
    const Vec guess = hn::ApproximateReciprocal(v);
    return hn::Mul(guess, hn::NegMulAdd(v, guess, hn::Set(tag, 2.0F)));
}

/// Pushes points [first, first + kRows) away from all; adds their sums of w_ij, the 1 of each with
/// itself among them, to the result.
template <int kDims> double RepelRows(const Coordinates& places, Coordinates& forces, Index first)
{
    const Tag tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const Vec one = hn::Set(tag, 1.0F);
    const float* x = places.axis(0);
    const float* y = places.axis(1);
    const float* z = places.axis(kDims - 1);
    double sums[kRows][kDims + 1] = {};
    const Index n = places.paddedSize();
    for (Index chunk = 0; chunk < n; chunk += kChunk) {
        Vec weight[kRows];
        Vec force[kRows][kDims];
        Vec own[kRows][kDims];
        for (int r = 0; r < kRows; ++r) {
            weight[r] = hn::Zero(tag);
            for (int a = 0; a < kDims; ++a) {
                force[r][a] = hn::Zero(tag);
                own[r][a] = hn::Set(tag, places.axis(a)[first + r]);
            }
        }
        const Index end = std::min(n, chunk + kChunk);
        for (Index j = chunk; j < end; j += lanes) {
            const Vec xj = hn::Load(tag, x + j);
            const Vec yj = hn::Load(tag, y + j);
            const Vec zj = hn::Load(tag, z + j);
            for (int r = 0; r < kRows; ++r) {
                const Vec dx = hn::Sub(own[r][0], xj);
                const Vec dy = hn::Sub(own[r][1], yj);
                Vec square = hn::MulAdd(dy, dy, hn::MulAdd(dx, dx, one));
                Vec dz = zj;
                if constexpr (kDims == 3) {
                    dz = hn::Sub(own[r][kDims - 1], zj);
                    square = hn::MulAdd(dz, dz, square);
                }
                const Vec w = Reciprocal(square);
                const Vec push = hn::Mul(w, w);
                weight[r] = hn::Add(weight[r], w);
                force[r][0] = hn::MulAdd(push, dx, force[r][0]);
                force[r][1] = hn::MulAdd(push, dy, force[r][1]);
                if constexpr (kDims == 3)
                    force[r][kDims - 1] = hn::MulAdd(push, dz, force[r][kDims - 1]);
            }
        }
        for (int r = 0; r < kRows; ++r) {
            sums[r][kDims] += static_cast<double>(hn::GetLane(hn::SumOfLanes(tag, weight[r])));
            for (int a = 0; a < kDims; ++a)
                sums[r][a] += static_cast<double>(hn::GetLane(hn::SumOfLanes(tag, force[r][a])));
        }
    }
    double total = 0;
    for (int r = 0; r < kRows && first + r < places.size(); ++r) {
        for (int a = 0; a < kDims; ++a)
            forces.axis(a)[first + r] = static_cast<float>(sums[r][a]);
        total += sums[r][kDims];
    }
    return total;
}

double Repel2(const Coordinates& places, Coordinates& forces, Index begin, Index end)
{
    double total = 0;
    for (Index i = begin; i < end; i += kRows)
        total += RepelRows<2>(places, forces, i);
    return total;
}

double Repel3(const Coordinates& places, Coordinates& forces, Index begin, Index end)
{
    double total = 0;
    for (Index i = begin; i < end; i += kRows)
        total += RepelRows<3>(places, forces, i);
    return total;
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(Repel2);
HWY_EXPORT(Repel3);

namespace {

constexpr Index kPairsPerBlock = Index{1} << 21; ///< About a millisecond, five without AVX2.

} // namespace

std::optional<double> findRepulsion(
    const Coordinates& places, Coordinates& forces, const Progress& progress)
{
    const Index n = places.size();
    // A multiple of 16, so that groups of rows never straddle blocks.
    const Index blockRows = std::clamp<Index>(kPairsPerBlock / n / 16 * 16, 16, 256);
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, blockRows)));
    parallelBlocks(n, blockRows, [&](Index block, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        sums[static_cast<std::size_t>(block)] = places.dimensions() == 2
            ? HWY_DYNAMIC_DISPATCH(Repel2)(places, forces, begin, end)
            : HWY_DYNAMIC_DISPATCH(Repel3)(places, forces, begin, end);
    });
    if (progress.stopRequested())
        return std::nullopt;
    // Every point counted itself with weight 1.
    return std::max(0.0, std::accumulate(sums.begin(), sums.end(), 0.0) - static_cast<double>(n));
}

} // namespace embedscope
#endif // HWY_ONCE
