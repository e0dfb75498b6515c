#pragma once

#include "core/neighbors/graph.h"

namespace embedscope {

/// Nearly all of the k nearest neighbours of every point under a metric other than the dot product;
/// see neighborGraph().
///
/// The table is parted into a few thousand cells by k-means. Each cell is searched as a block with
/// the kernel of the exact search, and so are the cells around it, each for the points to which it
/// may matter: those that are nearer to its border than a fraction of their reach, the distance of
/// their k-th neighbour so far. A point amid a dense group looks at a cell or two, one between
/// groups at many. A sample of rows with known neighbours tells the fraction that finds 99 of 100.
/// Where that would not be quicker than comparing all pairs, these are compared, and the answer is
/// exact.
///
/// points   n x d; finite.
Result<NeighborTable> approximateNeighborTable(
    MatrixView points, const GraphRequest& request, const Progress& progress);

} // namespace embedscope
