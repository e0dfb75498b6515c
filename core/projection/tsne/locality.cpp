#include "core/projection/tsne/locality.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 1024;
constexpr int kBits = 10; ///< Cells along an axis, as a power of two.

/// Cells of a point, their bits interleaved.
std::uint32_t interleaved(const std::array<std::uint32_t, 3>& cells, int dimensions)
{
    std::uint32_t code = 0;
    for (int bit = kBits - 1; bit >= 0; --bit) {
        for (int a = 0; a < dimensions; ++a) {
            code = code << 1U
                | (cells.at(static_cast<std::size_t>(a)) >> static_cast<unsigned>(bit) & 1U);
        }
    }
    return code;
}

} // namespace

std::vector<PointId> allInOrder(Index n)
{
    std::vector<PointId> ids(static_cast<std::size_t>(n));
    std::iota(ids.begin(), ids.end(), PointId{0});
    return ids;
}

std::vector<PointId> localOrder(const Coordinates& places)
{
    const Index n = places.size();
    std::array<float, 3> low{};
    float span = 0;
    for (int a = 0; a < places.dimensions(); ++a) {
        const auto [least, most] = std::minmax_element(places.axis(a), places.axis(a) + n);
        low.at(static_cast<std::size_t>(a)) = *least;
        span = std::max(span, *most - *least);
    }
    const float scale = span > 0 ? static_cast<float>((1 << kBits) - 1) / span : 0;
    // Code and id in one number: sorting needs no comparison of ties.
    std::vector<std::uint64_t> keys(static_cast<std::size_t>(n));
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            std::array<std::uint32_t, 3> cells{};
            for (int a = 0; a < places.dimensions(); ++a) {
                const auto at = static_cast<std::size_t>(a);
                cells.at(at) = static_cast<std::uint32_t>((places.axis(a)[i] - low.at(at)) * scale);
            }
            keys[static_cast<std::size_t>(i)]
                = std::uint64_t{interleaved(cells, places.dimensions())} << 32U
                | static_cast<std::uint64_t>(i);
        }
    });
    std::sort(keys.begin(), keys.end());
    std::vector<PointId> order(keys.size());
    std::transform(keys.begin(), keys.end(), order.begin(),
        [](std::uint64_t key) { return static_cast<PointId>(key & 0xffffffffU); });
    return order;
}

std::optional<Affinities> renumbered(
    const Affinities& affinities, const std::vector<PointId>& order, const Progress& progress)
{
    const Index n = affinities.size();
    std::vector<PointId> newIds(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        newIds[order[i]] = static_cast<PointId>(i);
    Affinities result;
    result.sumPLogP = affinities.sumPLogP;
    result.starts.assign(static_cast<std::size_t>(n) + 1, 0);
    for (std::size_t i = 0; i < order.size(); ++i) {
        result.starts[i + 1] = result.starts[i] + affinities.starts[std::size_t{order[i]} + 1]
            - affinities.starts[order[i]];
    }
    result.ids.resize(affinities.ids.size());
    result.values.resize(affinities.values.size());
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const PointId old = order[static_cast<std::size_t>(i)];
            Index to = result.starts[static_cast<std::size_t>(i)];
            for (Index at = affinities.starts[old]; at < affinities.starts[std::size_t{old} + 1];
                 ++at, ++to) {
                result.ids[static_cast<std::size_t>(to)]
                    = newIds[affinities.ids[static_cast<std::size_t>(at)]];
                result.values[static_cast<std::size_t>(to)]
                    = affinities.values[static_cast<std::size_t>(at)];
            }
        }
    });
    if (progress.stopRequested())
        return std::nullopt;
    return result;
}

} // namespace embedscope
