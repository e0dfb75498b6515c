#pragma once

#include "core/neighbors/cell_margins.h"
#include "core/neighbors/recall_sample.h"

namespace embedscope {

/// How far a search of cells has to go.
struct CellEffort
{
    /// Cells are searched whose margin is below this fraction of a point's reach (CellSearch).
    float fraction = 0;
    double pointsPerRow = 0; ///< How many points that compares each point with, on average.
};

/// Chooses the smallest fraction with which the search finds the wanted share of the neighbours of
/// the first `rows` rows of a sample: from where their true neighbours lie, without searching.
/// recall   above what the listed cells hold, the fraction is infinite: all of them.
CellEffort tuneCellSearch(MatrixView points, const Cells& cells, const NeighborTable& nearCells,
    const RecallSample& sample, Index rows, double recall);

} // namespace embedscope
