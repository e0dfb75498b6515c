#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"
#include "core/neighbors/neighbor_table.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// Rows drawn at random and their true neighbours: what an approximate graph is measured against.
struct RecallSample
{
    std::vector<PointId> rows; ///< In random order, so that any part is a sample itself.
    NeighborTable neighbors; ///< Of each of them, exact; the row itself left out.
};

/// count   how many rows; all where there are fewer.
/// cost    count exact queries over the whole table.
Result<RecallSample> drawRecallSample(MatrixView points, Index k, Metric metric, Index count,
    std::uint64_t seed, const Progress& progress);

/// Share of neighbours in the table, for the rows [begin, end) of the sample, that are as near as
/// the true k-th: neighbours that are equally far count alike, whichever of them was taken.
double measureRecall(
    const NeighborTable& table, const RecallSample& sample, Index begin, Index end);

} // namespace embedscope
