#pragma once

#include "core/base/index.h"
#include "core/data/matrix.h"
#include "core/projection/coordinates.h"
#include "core/projection/tsne/grid_kernels.h"

#include <array>
#include <cstdint>
#include <vector>

namespace embedscope {

/// Points sorted by the cells of a regular grid, rows of cells one after the other, so that
/// neighbours in space are neighbours in memory. Within a cell by id. Keeps its memory.
class CellSort
{
public:
    /// origin   at most the smallest place along each axis.
    /// cell     edge of a cell; the cells along each axis are as many as the farthest place asks
    /// for.
    void sort(const Coordinates& places, const std::array<double, 3>& origin,
        const std::array<double, 3>& farthest, double cell);

    SortedPoints points() const;
    /// The point at a place in the order.
    PointId idAt(Index position) const { return m_ids[static_cast<std::size_t>(position)]; }
    Index cells(int axis) const { return m_cells[static_cast<std::size_t>(axis)]; }
    /// Where the points of a cell begin; of cell cells(0) * cells(1) * cells(2): the number of
    /// points.
    Index start(Index cell) const { return m_starts[static_cast<std::size_t>(cell)]; }
    /// The cell of the point at a place in the order.
    Index cellAt(Index position) const
    {
        return m_cellOf[static_cast<std::size_t>(idAt(position))];
    }
    /// How many points a point has in its own cell, itself among them, on average.
    double meanCrowd() const { return m_meanCrowd; }

private:
    int m_dimensions = 2;
    std::array<Index, 3> m_cells{1, 1, 1};
    std::vector<std::uint32_t> m_cellOf; ///< By point.
    std::vector<std::uint32_t> m_counts; ///< By block of points and cell.
    std::vector<std::uint32_t> m_starts;
    std::vector<PointId> m_ids;
    Matrix m_sorted; ///< A row a dimension.
    double m_meanCrowd = 0;
};

} // namespace embedscope
