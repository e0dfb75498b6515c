#include "core/neighbors/cell_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kCellsBetweenUpdates = 4;

/// How far a point whose k-th nearest scores `score` has to look: the radius of its neighbourhood,
/// in the space's own measure.
/// bias    of the point itself.
float reachOf(Metric metric, float bias, float score)
{
    if (score == -std::numeric_limits<float>::infinity())
        return std::numeric_limits<float>::infinity();
    if (metric == Metric::Manhattan)
        return -score;
    // |x - y|^2 = |x|^2 - 2 (x.y - |y|^2 / 2); under cosine both are of unit length.
    const float square = metric == Metric::Euclidean ? -2 * bias - 2 * score : 2 - 2 * score;
    return std::sqrt(std::max(square, 0.0F));
}

} // namespace

CellSearch::CellSearch(const Cells& cells, const NeighborTable& nearCells, float fraction)
    : m_cells(cells)
    , m_nearCells(nearCells)
    , m_fraction(fraction)
    , m_margins(cells, nearCells)
    , m_panel(static_cast<std::size_t>(kPanel * cells.space.dimensions()))
{
}

void CellSearch::scan(std::span<const PointId> lists, Index cell, CandidatePool& pool)
{
    const Index d = m_cells.space.dimensions();
    PanelScan scan;
    scan.kind = m_cells.space.kind();
    scan.d = d;
    const Index first = m_cells.firstPanel[static_cast<std::size_t>(cell)];
    scan.points = m_cells.space.panel(first);
    scan.biases = m_cells.space.biases() + first * kPanel;
    scan.panels = m_cells.firstPanel[static_cast<std::size_t>(cell + 1)] - first;
    scan.firstPoint = static_cast<PointId>(first * kPanel);
    PointId places[kPanel];
    const auto nobody = static_cast<PointId>(pool.sizes.size() - 1);
    for (std::size_t from = 0; from < lists.size(); from += kPanel) {
        const std::size_t count = std::min<std::size_t>(kPanel, lists.size() - from);
        for (std::size_t i = 0; i < kPanel; ++i) {
            places[i] = i < count ? lists[from + i] : nobody;
            if (i >= count)
                continue;
            const float* row = m_rows.data() + static_cast<Index>(lists[from + i]) * d;
            for (Index j = 0; j < d; ++j)
                m_panel[static_cast<std::size_t>(j) * kPanel + i] = row[j];
        }
        scan.queries = m_panel.data();
        scan.lists = places;
        scanPanels(scan, pool);
    }
}

void CellSearch::updateReaches(CandidatePool& pool)
{
    const float* biases
        = m_cells.space.biases() + m_cells.firstPanel[static_cast<std::size_t>(m_cell)] * kPanel;
    for (Index i = 0; i < m_count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (pool.sizes[at] == m_seen[at])
            continue;
        cutList(pool, i, pool.wanted);
        m_seen[at] = pool.sizes[at];
        m_reaches[at] = reachOf(m_cells.space.metric(), biases[i], pool.thresholds[at]);
    }
}

void CellSearch::readCell()
{
    const Index d = m_cells.space.dimensions();
    const Index near = m_nearCells.k;
    const Index first = m_cells.firstPanel[static_cast<std::size_t>(m_cell)];
    const Index panels = m_cells.firstPanel[static_cast<std::size_t>(m_cell + 1)] - first;
    m_places = panels * kPanel;
    m_rows.resize(static_cast<std::size_t>(m_places * d));
    m_cellMargins.resize(static_cast<std::size_t>(m_places * near));
    m_margins.enter(m_cell);
    for (Index p = 0; p < panels; ++p) {
        const float* panel = m_cells.space.panel(first + p);
        float* rows = m_rows.data() + p * kPanel * d;
        for (Index j = 0; j < d; ++j) {
            for (Index i = 0; i < kPanel; ++i)
                rows[i * d + j] = panel[j * kPanel + i];
        }
        m_margins.find(panel);
        for (Index c = 0; c < near; ++c) {
            float* margins = m_cellMargins.data() + c * m_places + p * kPanel;
            for (Index i = 0; i < kPanel; ++i)
                margins[i] = m_margins.at(i, c);
        }
    }
}

void CellSearch::searchAllFor(Index point, CandidatePool& pool, const Progress& progress)
{
    const auto list = static_cast<PointId>(point);
    pool.sizes[list] = 0;
    pool.thresholds[list] = -std::numeric_limits<float>::infinity();
    for (Index c = 0; c < m_cells.count() && !progress.stopRequested(); ++c)
        scan({&list, 1}, c, pool);
}

void CellSearch::run(Index cell, CandidatePool& pool, const Progress& progress)
{
    m_cell = cell;
    m_count = m_cells.sizes[static_cast<std::size_t>(cell)];
    readCell();
    pool.clear();
    pool.thresholds.back() = std::numeric_limits<float>::infinity();
    m_reaches.assign(static_cast<std::size_t>(m_count), std::numeric_limits<float>::infinity());
    m_seen.assign(static_cast<std::size_t>(m_count), 0U);
    m_chosen.resize(static_cast<std::size_t>(m_count));
    std::iota(m_chosen.begin(), m_chosen.end(), PointId{0});
    scan(m_chosen, cell, pool);
    updateReaches(pool);
    for (Index c = 0; c < m_nearCells.k && !progress.stopRequested(); ++c) {
        const float* margins = m_cellMargins.data() + c * m_places;
        m_chosen.clear();
        for (Index i = 0; i < m_count; ++i) {
            if (margins[i] < m_fraction * m_reaches[static_cast<std::size_t>(i)])
                m_chosen.push_back(static_cast<PointId>(i));
        }
        if (m_chosen.empty())
            continue;
        scan(m_chosen, m_nearCells.idsOf(cell)[c], pool);
        if (c % kCellsBetweenUpdates == kCellsBetweenUpdates - 1)
            updateReaches(pool);
    }
    for (Index i = 0; i < m_count && !progress.stopRequested(); ++i) {
        if (pool.sizes[static_cast<std::size_t>(i)] < pool.wanted)
            searchAllFor(i, pool, progress);
    }
}

} // namespace embedscope
