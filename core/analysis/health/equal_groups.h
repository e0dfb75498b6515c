#pragma once

#include "core/analysis/health/health.h"

#include <functional>

namespace embedscope {

/// Groups items that are the same, told by their hashes and then by a comparison.
///
/// ids      ascending.
/// hashOf   equal for equal items. Need not be good: items of one hash are sorted by `compare`.
/// compare  three-way, <0, 0, >0: a total order in which the same items are equal.
/// returns  groups of two or more; or Stopped.
/// cost     O(n log n) comparisons of hashes, and of items where hashes collide.
Result<DuplicateRows> equalGroups(const std::vector<PointId>& ids,
    const std::function<std::uint64_t(PointId)>& hashOf,
    const std::function<int(PointId, PointId)>& compare, const Progress& progress);

} // namespace embedscope
