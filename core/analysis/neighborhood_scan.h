#pragma once

#include "core/analysis/compared_space.h"
#include "core/base/progress.h"
#include "core/base/result.h"

#include <vector>

namespace embedscope {

/// What is asked of each of some rows, in one pass over all others.
struct ScanRequest
{
    std::vector<PointId> rows; ///< m rows of the space.
    Index neighbors = 0; ///< How many of the nearest to find; < size of the space.
    Index probes = 0; ///< How many ranks to find for each row.
    /// m x probes: rows other than the row itself, in any order.
    std::vector<PointId> probeIds;
};

struct ScanAnswer
{
    std::vector<PointId> neighbors; ///< m x neighbors, nearest first, ties by smaller id.
    /// m x probes: how many rows come before the probe in the order of nearness to the row, itself
    /// apart, ties by smaller id; 1 for the nearest of all.
    std::vector<std::uint32_t> ranks;
};

/// Exact neighbours and ranks, as values in double precision order them.
///
/// Approximate values come from blocked float32 products; those that a bound on their rounding does
/// not decide are taken anew in double, and rows where that is not enough (ties by the dozen,
/// mostly) are compared with all others in double.
///
/// returns  Stopped (within 50 ms).
/// cost     O(m n d) time, a few dozen MB. Same result for any number of threads.
Result<ScanAnswer> scanNeighborhoods(
    const ComparedSpace& space, const ScanRequest& request, const Progress& progress);

} // namespace embedscope
