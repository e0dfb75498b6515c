#pragma once

#include "core/neighbors/cells.h"
#include "core/neighbors/neighbor_table.h"

#include <vector>

namespace embedscope {

/// How far the points of a cell are from the borders to the cells around it: a point of cell a has
/// (|x - b|^2 - |x - a|^2) / (2 |a - b|) to go, straight, until the centre b is as near as a. Less
/// for points that lie towards b. Neighbours within r of a point can only lie in cells whose margin
/// is below r, and nearly all do in those whose margin is below a fraction of it.
class CellMargins
{
public:
    /// nearCells   for each cell the cells around it, nearest first, with distances of centres.
    CellMargins(const Cells& cells, const NeighborTable& nearCells);

    /// Makes ready for the points of one cell.
    void enter(Index cell);
    /// The margins of a panel of points of that cell: that of point i to the c-th of the cells
    /// around it is at(i, c).
    void find(const float* panel);
    float at(Index i, Index c) const { return m_margins[static_cast<std::size_t>(i * m_near + c)]; }

private:
    const Cells& m_cells;
    const NeighborTable& m_nearCells;
    Index m_near;
    Index m_cell = 0;
    Index m_panels;
    std::vector<float> m_centers; ///< Panels: the own centre first, then those around it.
    std::vector<float> m_biases;
    std::vector<float> m_scores;
    std::vector<float> m_margins;
};

} // namespace embedscope
