#pragma once

#include "core/neighbors/search_space.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// A table parted into cells of near points (k-means), which stand together in a SearchSpace: each
/// cell begins a panel of its own, so that it can be scanned as a whole.
struct Cells
{
    SearchSpace space; ///< The points as they are compared, in the order of the cells.
    std::vector<PointId> order; ///< The row that stands at each place; kNoPoint where none does.
    std::vector<Index> firstPanel; ///< Of each cell, and one more.
    Matrix centers; ///< A row for each cell, as rows are placed in the space.

    Index count() const { return static_cast<Index>(firstPanel.size()) - 1; }
    /// Points of a cell; its places are firstPanel * kPanel and on.
    std::vector<Index> sizes;
};

/// cellSize   about how many points a cell holds; none holds more than four times that.
/// seed       of the sample that the centres are found on.
/// returns    the same cells for any number of threads; OutOfMemory, Stopped.
Result<Cells> makeCells(
    MatrixView points, Metric metric, Index cellSize, std::uint64_t seed, const Progress& progress);

} // namespace embedscope
