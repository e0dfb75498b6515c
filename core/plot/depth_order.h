#pragma once

#include "core/base/progress.h"
#include "core/plot/orbit.h"
#include "core/plot/point_cloud.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace embedscope {

/// Steps in which depth is shown: 0 the nearest, kCueLevels - 1 the farthest.
inline constexpr int kCueLevels = 32;

/// A point as it is seen from some side, with all that drawing it takes.
struct SeenPoint
{
    float x; ///< On the plane of the SpaceView.
    float y;
    PointId id;
    std::uint16_t code; ///< Of its colour.
    std::uint8_t layer;
    std::uint8_t cue; ///< Below kCueLevels.
};
static_assert(sizeof(SeenPoint) == 16);

/// Puts clouds of three dimensions onto the plane, the nearest point first. Keeps its buffers from
/// one picture to the next. For one thread at a time.
class DepthOrder
{
public:
    /// Depths that are told apart over the whole cloud. Points of the same depth keep their
    /// drawing order.
    static constexpr int kDepths = 1 << 14;

    /// Sees the slots [0, count) of a cloud with z. The result is the same for any number of
    /// threads.
    ///
    /// codes, layers  by slot; empty: all 0, all 1.
    /// returns        count points, near before far; valid until the next call. Empty where the
    ///                progress asks to stop.
    /// cost           O(count + kDepths): a projection and a counting sort.
    std::span<const SeenPoint> sort(const PointCloud& cloud, std::span<const std::uint16_t> codes,
        std::span<const std::uint8_t> layers, const SpaceView& view, Index count,
        const Progress& progress = {});

private:
    std::vector<SeenPoint> m_points;
    std::vector<std::uint32_t> m_starts; ///< By chunk, then depth.
};

/// The cloud as it is seen: x and y on the plane, slots as they were. Its bounds hold all points
/// from any side. For the lasso. O(n), parallel.
PointCloud seenCloud(const PointCloud& cloud, const SpaceView& view);

/// A cloud in the order of depth, for picking and for names: a smaller slot lies in front.
struct SeenCloud
{
    std::shared_ptr<const PointCloud> cloud; ///< x and y on the plane.
    std::shared_ptr<const std::vector<std::uint8_t>> layers; ///< By its slots.
    std::shared_ptr<const std::vector<std::uint8_t>> cues; ///< By its slots.
};
SeenCloud unpack(std::span<const SeenPoint> points, Index universe);

} // namespace embedscope
