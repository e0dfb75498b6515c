#pragma once

#include "core/neighbors/candidate_pool.h"
#include "core/neighbors/cell_margins.h"

#include <span>
#include <vector>

namespace embedscope {

/// Finds candidates for all points of a cell: in the cell itself, then in the cells around it,
/// nearest first, each for the points to which it may matter. One for each thread.
class CellSearch
{
public:
    /// fraction   a cell is searched for a point where its margin is below this fraction of the
    ///            point's reach.
    CellSearch(const Cells& cells, const NeighborTable& nearCells, float fraction);

    /// Fills list i of the pool with places for point i of the cell; at least as many as the pool
    /// wants, where the table has them.
    /// pool   a list for each point of the cell, and one more that stays empty.
    void run(Index cell, CandidatePool& pool, const Progress& progress);

private:
    void readCell();
    void searchAllFor(Index point, CandidatePool& pool, const Progress& progress);
    void scan(std::span<const PointId> lists, Index cell, CandidatePool& pool);
    void updateReaches(CandidatePool& pool);

    const Cells& m_cells;
    const NeighborTable& m_nearCells;
    float m_fraction;
    CellMargins m_margins;
    Index m_cell = 0;
    Index m_count = 0;
    Index m_places = 0; ///< Of the cell, those at its end that are empty included.
    std::vector<float> m_cellMargins; ///< Cells around it x places of the cell.
    std::vector<float> m_reaches;
    std::vector<std::uint32_t> m_seen; ///< Sizes of lists when reaches were last found.
    std::vector<float> m_rows; ///< The points of the cell, row by row.
    std::vector<float> m_panel;
    std::vector<PointId> m_chosen;
};

} // namespace embedscope
