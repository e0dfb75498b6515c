#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/layout.h"
#include "core/neighbors/metric.h"

#include <vector>

namespace embedscope {

/// A neighbour of the examined point, in the full space or on the map, seen from both.
struct JudgedNeighbor
{
    PointId id = kNoPoint;
    float value = 0; ///< In the full space, of the metric: a similarity for cosine and dot product.
    float mapDistance = 0; ///< Euclidean, in units of the layout.
    Index trueRank = 0; ///< 1 = the nearest in the full space, ties by smaller id.
    Index mapRank = 0; ///< 1 = the nearest on the map, ties by smaller id.
    bool operator==(const JudgedNeighbor&) const = default;
};

/// What the map does to the neighbourhood of one point.
struct PointFaithfulness
{
    PointId row = kNoPoint;
    Index k = 0; ///< As asked, or what the table allows; 0 where the row has no place on the map.
    Metric metric = Metric::Euclidean; ///< Of the full space: what the recipe names.
    std::vector<JudgedNeighbor> trueNeighbors; ///< The k nearest in the full space, nearest first.
    std::vector<JudgedNeighbor> mapNeighbors; ///< The k nearest on the map, nearest first.

    /// A true neighbour that the map tore away: not among the k nearest there.
    bool isTorn(const JudgedNeighbor& neighbor) const { return neighbor.mapRank > k; }
    /// A neighbour on the map that is not among the k nearest in the full space.
    bool isFalse(const JudgedNeighbor& neighbor) const { return neighbor.trueRank > k; }
    /// How many of the k nearest are the same in both.
    Index keptCount() const;
};

/// Compares the k nearest neighbours of one point in the full space (under the recipe's
/// normalisation and metric, as measureQuality() does) with those on the map.
///
/// row      of the dataset. A row without a place on the map has no neighbours: k is 0 then.
/// k        >= 1.
/// returns  InvalidArgument (no such row, k, a layout of another table), Stopped.
/// cost     one pass over the table, on several threads: about 50 ms for 1,000,000 x 100.
Result<PointFaithfulness> examinePoint(
    const Dataset& dataset, const Layout& layout, PointId row, Index k, const Progress& progress);

} // namespace embedscope
