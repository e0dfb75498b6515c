#include "core/neighbors/cell_tuning.h"

#include "core/neighbors/exact.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {

namespace {

std::vector<PointId> cellsOfRows(const Cells& cells, Index rows)
{
    std::vector<PointId> cellOf(static_cast<std::size_t>(rows));
    for (Index c = 0; c < cells.count(); ++c) {
        const Index from = cells.firstPanel[static_cast<std::size_t>(c)] * kPanel;
        for (Index i = from; i < from + cells.sizes[static_cast<std::size_t>(c)]; ++i)
            cellOf[cells.order[static_cast<std::size_t>(i)]] = static_cast<PointId>(c);
    }
    return cellOf;
}

/// The reach of a point whose k-th neighbour has that value.
double reachOfValue(const SearchSpace& space, double kth)
{
    if (space.metric() == Metric::Cosine)
        return std::sqrt(std::max(2 - 2 * kth, 0.0));
    return kth * space.scale();
}

/// The same for cells around each cell that are given; infinite where they do not hold the share.
CellEffort tuneFraction(MatrixView points, const Cells& cells, NeighborTable nearCells,
    const RecallSample& sample, Index rows, double recall)
{
    const Index k = sample.neighbors.k;
    const Index near = nearCells.k;
    const std::vector<PointId> cellOf = cellsOfRows(cells, points.rows());
    CellMargins margins(cells, nearCells);
    std::vector<float> panel(static_cast<std::size_t>(points.columns() * kPanel));
    std::vector<float> fractions(static_cast<std::size_t>(rows * near)); ///< Of each listed cell.
    std::vector<float> needed; ///< The fraction with which each neighbour is found.
    for (Index i = 0; i < rows; ++i) {
        const PointId row = sample.rows[static_cast<std::size_t>(i)];
        const Index own = cellOf[row];
        cells.space.placeRow(points.row(row), panel.data(), kPanel);
        margins.enter(own);
        margins.find(panel.data());
        const double reach = reachOfValue(cells.space, sample.neighbors.valuesOf(i)[k - 1]);
        float* ownFractions = fractions.data() + i * near;
        for (Index c = 0; c < near; ++c) {
            ownFractions[c] = reach > 0 ? static_cast<float>(margins.at(0, c) / reach) : 0.0F;
        }
        const PointId* listed = nearCells.idsOf(own);
        for (Index a = 0; a < k; ++a) {
            const PointId cell = cellOf[sample.neighbors.idsOf(i)[a]];
            const Index at = std::find(listed, listed + near, cell) - listed;
            if (static_cast<Index>(cell) == own)
                needed.push_back(0);
            else
                needed.push_back(
                    at < near ? ownFractions[at] : std::numeric_limits<float>::infinity());
        }
    }
    const auto place = static_cast<std::size_t>(recall * static_cast<double>(needed.size()));
    const auto at
        = needed.begin() + static_cast<std::ptrdiff_t>(std::min(place, needed.size() - 1));
    std::nth_element(needed.begin(), at, needed.end());
    CellEffort effort;
    effort.nearCells = std::move(nearCells);
    effort.fraction = std::nextafter(*at, std::numeric_limits<float>::infinity());
    const auto searched = std::count_if(fractions.begin(), fractions.end(),
        [&](float fraction) { return fraction < effort.fraction; });
    effort.pointsPerRow = (1 + static_cast<double>(searched) / static_cast<double>(rows))
        * static_cast<double>(points.rows()) / static_cast<double>(cells.count());
    return effort;
}

} // namespace

Result<CellEffort> tuneCellSearch(MatrixView points, const Cells& cells, const RecallSample& sample,
    Index rows, double recall, Index fewest, const Progress& progress)
{
    const Index all = cells.count() - 1;
    for (Index near = std::min(fewest, all);; near = std::min(2 * near + 1, all)) {
        EMBEDSCOPE_TRY_ASSIGN(NeighborTable nearCells,
            exactNeighborTable(cells.centers, near, Metric::Euclidean, progress));
        CellEffort effort = tuneFraction(points, cells, std::move(nearCells), sample, rows, recall);
        if (std::isfinite(effort.fraction) || near == all)
            return effort;
    }
}

} // namespace embedscope
