#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/neighbors/metric.h"
#include "core/neighbors/neighbor_table.h"

#include <vector>

namespace embedscope {

/// A neighbour of a query and its value: similarity for cosine and dot, distance for the others.
struct Neighbor
{
    PointId id = kNoPoint;
    float value = 0;
    bool operator==(const Neighbor&) const = default;
};

/// The answer to one query.
struct NeighborList
{
    PointId query = kNoPoint;
    Metric metric = Metric::Cosine;
    std::vector<Neighbor> neighbors; ///< Nearest first, ties by smaller id, self left out.
    /// Why the list is empty or short, in a sentence; empty where there is nothing to say.
    std::string warning;
};

/// Exact k nearest neighbours of one point, over the whole table in the full space.
///
/// query    a row of the dataset. A row with NaN has no neighbours, a zero row none under cosine:
///          then the list is empty and `warning` says why.
/// k        >= 1; above the number of candidates gives all of them.
/// among    the rows that may be neighbours; null: all.
/// returns  sums in double, rounded to float32 before they are ranked. Rows with NaN and, under
///          cosine, zero rows are never candidates. Stopped.
/// cost     one pass over the table at the speed of memory, on several threads; another, several
///          times slower, where float32 cannot tell the nearest for sure. Same result for any
///          number of threads.
Result<NeighborList> findNeighbors(const Dataset& dataset, PointId query, Index k, Metric metric,
    const PointSet* among, const Progress& progress);

/// The same among all rows.
inline Result<NeighborList> findNeighbors(
    const Dataset& dataset, PointId query, Index k, Metric metric, const Progress& progress)
{
    return findNeighbors(dataset, query, k, metric, nullptr, progress);
}

/// Exact k nearest neighbours of every point, by blocked brute force.
///
/// points   n x d; rows must be finite. Under cosine, a row of zeros has the value -1 to all
/// others. k        1 <= k < n. returns  values of the metric, sums in double, rounded to float32
/// before they are ranked; or
///          InvalidArgument, OutOfMemory, Stopped.
/// cost     O(n^2 d) time, half of the products by symmetry while O(n k) lists fit; O(n (d + k))
///          memory. Same result for any number of threads.
Result<NeighborTable> exactNeighborTable(
    MatrixView points, Index k, Metric metric, const Progress& progress);

/// The same under the Euclidean metric.
inline Result<NeighborTable> exactNeighborTable(
    MatrixView points, Index k, const Progress& progress)
{
    return exactNeighborTable(points, k, Metric::Euclidean, progress);
}

/// Exact k nearest rows of `points` for each row of `queries`; nothing is left out.
///
/// queries, points   m x d and n x d; rows must be finite.
/// k                 1 <= k <= n.
/// returns           m x k, as exactNeighborTable().
/// cost              O(m n d) time, O(n d + m k) memory. Same result for any number of threads.
Result<NeighborTable> neighborsAmong(
    MatrixView queries, MatrixView points, Index k, Metric metric, const Progress& progress);

} // namespace embedscope
