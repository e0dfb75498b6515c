#pragma once

#include "core/base/index.h"
#include "core/neighbors/metric.h"

#include <vector>

namespace embedscope {

/// The k nearest neighbours of every row of a table: who is near whom in the full space.
struct NeighborTable
{
    Index k = 0;
    std::vector<PointId> ids; ///< n x k, nearest first, self left out, ties by smaller id.
    std::vector<float> values; ///< n x k, of the metric.
    Metric metric = Metric::Euclidean;
    bool isExact = true;
    /// Share of the true neighbours that stand in the table: 1 where it is exact, else measured
    /// against exact answers for a random sample of rows.
    double recall = 1;
    Index recallSample = 0; ///< How many rows were checked for that; 0 where it is exact.

    Index size() const { return k == 0 ? 0 : static_cast<Index>(ids.size()) / k; }
    const PointId* idsOf(Index row) const { return ids.data() + row * k; }
    const float* valuesOf(Index row) const { return values.data() + row * k; }
};

} // namespace embedscope
