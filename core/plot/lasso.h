#pragma once

#include "core/data/point_set.h"
#include "core/plot/point_cloud.h"

#include <cstdint>
#include <span>

namespace embedscope {

/// The points inside a closed polygon. What the line goes round at least once is inside (non-zero
/// winding), so a lasso that crosses itself leaves no holes. Points exactly on the line may fall on
/// either side.
///
/// polygon  in map units; the last vertex is joined to the first. Fewer than 3: nothing is inside.
/// layers   by slot, or empty: slots of layer 0 (hidden) are never inside.
/// cost     O(n) table look-ups; only points in the cells that the line crosses are tested exactly.
PointSet pointsInPolygon(const PointCloud& cloud, std::span<const MapPoint> polygon,
    std::span<const std::uint8_t> layers = {});

/// The points in a rectangle, its edges included.
PointSet pointsInRect(
    const PointCloud& cloud, const MapRect& rect, std::span<const std::uint8_t> layers = {});

/// Whether the polygon winds round the place: the exact test behind pointsInPolygon(). O(vertices).
bool isInPolygon(std::span<const MapPoint> polygon, double x, double y);

} // namespace embedscope
