#pragma once

#include "core/projection/coordinates.h"
#include "core/projection/tsne/affinities.h"

#include <optional>
#include <vector>

namespace embedscope {

/// 0, 1, …, n - 1.
std::vector<PointId> allInOrder(Index n);

/// The points along a Z-order curve (Morton 1966) through their places, so that those near each
/// other follow each other; ties by id.
std::vector<PointId> localOrder(const Coordinates& places);

/// The same affinities with points renumbered: point i of the result is point order[i]. nullopt
/// where it was stopped.
std::optional<Affinities> renumbered(
    const Affinities& affinities, const std::vector<PointId>& order, const Progress& progress);

} // namespace embedscope
