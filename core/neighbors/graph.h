#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"
#include "core/neighbors/neighbor_table.h"

#include <cstdint>

namespace embedscope {

/// How a neighbour graph is found.
enum class GraphSearch
{
    Automatic, ///< Exactly where that is quick, else approximately.
    Exact, ///< By brute force: O(n^2 d).
    Approximate, ///< Nearly all neighbours in a fraction of the time; the recall is measured.
};

struct GraphRequest
{
    Index k = 15; ///< 1 <= k < n.
    Metric metric = Metric::Euclidean;
    GraphSearch search = GraphSearch::Automatic;
    std::uint64_t seed = 0; ///< Of the approximate search and of the sample that it is measured on.
};

/// True where neighborGraph() would search exactly.
bool isSearchExact(Index n, Index d, const GraphRequest& request);

/// The k nearest neighbours of every row, exact or approximate as the request says.
///
/// points   n x d; rows must be finite. Under cosine, zero rows are as far from all others as can
/// be.
/// returns  InvalidArgument, OutOfMemory, Stopped (within 50 ms of being asked).
/// cost     no n x n memory. Same result for any number of threads.
Result<NeighborTable> neighborGraph(
    MatrixView points, const GraphRequest& request, const Progress& progress);

} // namespace embedscope
