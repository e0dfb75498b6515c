#pragma once

#include "core/plot/point_cloud.h"

#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// Slots of points worth a label so that names are spread over what is seen: the visible part is
/// cut into columns x rows cells; the front-most point of each, the fullest cell first, then the
/// second of each, and so on.
///
/// layers   by slot, or empty: slots of layer 0 (hidden) are left out.
/// count    how many at most.
/// cost     looks at the first 200,000 slots alone: a fair sample of all.
std::vector<std::uint32_t> labelCandidates(const PointCloud& cloud,
    std::span<const std::uint8_t> layers, const MapRect& view, int columns, int rows, int count);

} // namespace embedscope
