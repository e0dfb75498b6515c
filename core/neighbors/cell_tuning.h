#pragma once

#include "core/neighbors/cell_margins.h"
#include "core/neighbors/recall_sample.h"

namespace embedscope {

/// How far a search of cells has to go.
struct CellEffort
{
    NeighborTable nearCells; ///< The cells around each cell that are looked at.
    /// Cells are searched whose margin is below this fraction of a point's reach (CellSearch).
    float fraction = 0;
    double pointsPerRow = 0; ///< How many points that compares each point with, on average.
};

/// Chooses the fewest cells around each cell, and of these the smallest fraction, with which the
/// search finds the wanted share of the neighbours of the first `rows` rows of a sample: from where
/// their true neighbours lie, without searching.
/// fewest    cells around each that are looked at in any case; doubled until they hold that share.
/// returns   with a finite fraction; Stopped.
Result<CellEffort> tuneCellSearch(MatrixView points, const Cells& cells, const RecallSample& sample,
    Index rows, double recall, Index fewest, const Progress& progress);

} // namespace embedscope
