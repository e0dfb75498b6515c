#include "core/projection/tsne/cell_sort.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

constexpr Index kPointsPerBlock = 1 << 14;
constexpr Index kMostBlocks = 16; ///< Each counts all cells.

} // namespace

void CellSort::sort(const Coordinates& places, const std::array<double, 3>& origin,
    const std::array<double, 3>& farthest, double cell)
{
    const Index n = places.size();
    m_dimensions = places.dimensions();
    m_cells = {1, 1, 1};
    for (int a = 0; a < m_dimensions; ++a) {
        const auto at = static_cast<std::size_t>(a);
        m_cells[at] = static_cast<Index>((farthest[at] - origin[at]) / cell) + 1;
    }
    const Index cells = m_cells[0] * m_cells[1] * m_cells[2];
    const Index blockSize = std::max(kPointsPerBlock, (n + kMostBlocks - 1) / kMostBlocks);
    const Index blocks = blockCount(n, blockSize);
    m_cellOf.resize(static_cast<std::size_t>(n));
    m_ids.resize(static_cast<std::size_t>(n));
    m_counts.assign(static_cast<std::size_t>(blocks * cells), 0);
    m_starts.resize(static_cast<std::size_t>(cells) + 1);
    if (m_sorted.columns() != places.paddedSize() + Coordinates::kPadding
        || m_sorted.rows() != m_dimensions)
        m_sorted = Matrix::zeros(m_dimensions, places.paddedSize() + Coordinates::kPadding);

    const double perCell = 1 / cell;
    parallelBlocks(n, blockSize, [&](Index block, Index begin, Index end) {
        std::uint32_t* counts = m_counts.data() + block * cells;
        for (Index i = begin; i < end; ++i) {
            Index index = 0;
            for (int a = m_dimensions - 1; a >= 0; --a) {
                const auto at = static_cast<std::size_t>(a);
                const double steps
                    = (static_cast<double>(places.axis(a)[i]) - origin[at]) * perCell;
                index = index * m_cells[at] + std::min(static_cast<Index>(steps), m_cells[at] - 1);
            }
            m_cellOf[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(index);
            ++counts[index];
        }
    });
    std::uint32_t next = 0;
    double crowds = 0;
    for (Index c = 0; c < cells; ++c) {
        m_starts[static_cast<std::size_t>(c)] = next;
        for (Index block = 0; block < blocks; ++block) {
            std::uint32_t& count = m_counts[static_cast<std::size_t>(block * cells + c)];
            const std::uint32_t own = count;
            count = next;
            next += own;
        }
        const double crowd = next - m_starts[static_cast<std::size_t>(c)];
        crowds += crowd * crowd;
    }
    m_starts.back() = next;
    m_meanCrowd = crowds / static_cast<double>(n);
    parallelBlocks(n, blockSize, [&](Index block, Index begin, Index end) {
        std::uint32_t* at = m_counts.data() + block * cells;
        for (Index i = begin; i < end; ++i) {
            const std::uint32_t position = at[m_cellOf[static_cast<std::size_t>(i)]]++;
            m_ids[position] = static_cast<PointId>(i);
            for (int a = 0; a < m_dimensions; ++a)
                m_sorted(a, position) = places.axis(a)[i];
        }
    });
}

SortedPoints CellSort::points() const
{
    SortedPoints points;
    points.dimensions = m_dimensions;
    for (int a = 0; a < m_dimensions; ++a)
        points.axes[static_cast<std::size_t>(a)] = m_sorted.row(a);
    return points;
}

} // namespace embedscope
