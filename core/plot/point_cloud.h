#pragma once

#include "core/base/index.h"
#include "core/data/layout.h"
#include "core/plot/camera.h"
#include "core/plot/orbit.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace embedscope {

/// The order in which points are drawn: a random one, made once for a table, so that any prefix of
/// it is a fair sample of the whole. Point order[0] lies in front.
std::vector<PointId> drawingOrder(Index n);

/// The places of a layout in drawing order, ready for the rasteriser, for picking and for the
/// lasso; rows left out of the layout are not in it. "Slot" is a number in this order, "id" the row
/// of the table. 12 bytes a point, 16 in three
/// dimensions. Immutable behind shared_ptr<const …>.
struct PointCloud
{
    std::vector<float> x; ///< By slot.
    std::vector<float> y;
    std::vector<float> z; ///< Empty for a map of two dimensions.
    std::vector<PointId> ids; ///< By slot.
    Index universe = 0; ///< Rows of the table; ids are below it.
    MapRect bounds; ///< Of all points; empty at the origin where there are none.
    bool isSpace = false; ///< Whether there is a z.
    SpaceExtent extent; ///< In three dimensions.

    Index size() const { return static_cast<Index>(ids.size()); }
};

/// positions   n x 2 or n x 3. NaN = left out.
/// order       a permutation of [0, n), as from drawingOrder().
/// cost        O(n), parallel.
PointCloud makePointCloud(MatrixView positions, std::span<const PointId> order);

} // namespace embedscope
