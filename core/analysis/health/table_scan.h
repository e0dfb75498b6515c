#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// What one pass over a table gives: facts of every row, sums of every dimension.
struct TableScan
{
    std::vector<float> norms; ///< n; 0 for unusable rows.
    std::vector<std::uint64_t> hashes; ///< n; equal for equal rows; 0 for unusable ones.
    std::vector<PointId> nanRows, infiniteRows, zeroRows; ///< Ascending; the last are usable.
    double smallestNorm = 0; ///< Of usable rows, before rounding to float.
    double largestNorm = 0;

    Index usable = 0; ///< Rows that the sums are of.
    Index directed = 0; ///< Of them, those that are not zero.
    std::vector<double> mean; ///< d
    std::vector<double> variance; ///< d, of the population: divided by `usable`.
    std::vector<double> direction; ///< d: the sum of the rows brought to length 1.
};

/// returns  the scan; or Stopped.
/// cost     O(n d), several blocks of rows at a time, sums added in block order.
Result<TableScan> scanTable(const Dataset& dataset, const Progress& progress);

} // namespace embedscope
