#include "core/neighbors/cell_margins.h"

#include <limits>

namespace embedscope {

CellMargins::CellMargins(const Cells& cells, const NeighborTable& nearCells)
    : m_cells(cells)
    , m_nearCells(nearCells)
    , m_near(nearCells.k)
    , m_panels((nearCells.k + 1 + kPanel - 1) / kPanel)
    , m_centers(static_cast<std::size_t>(m_panels * kPanel * cells.space.dimensions()))
    , m_biases(static_cast<std::size_t>(m_panels * kPanel))
    , m_scores(static_cast<std::size_t>(m_panels * kPanel * kPanel))
    , m_margins(static_cast<std::size_t>(kPanel * m_near))
{
}

void CellMargins::enter(Index cell)
{
    m_cell = cell;
    const Index d = m_cells.space.dimensions();
    for (Index c = 0; c <= m_near; ++c) {
        const float* center = m_cells.centers.row(c == 0 ? cell : m_nearCells.idsOf(cell)[c - 1]);
        float* column = m_centers.data() + c / kPanel * kPanel * d + c % kPanel;
        double square = 0;
        for (Index j = 0; j < d; ++j) {
            column[j * kPanel] = center[j];
            square += static_cast<double>(center[j]) * center[j];
        }
        m_biases[static_cast<std::size_t>(c)] = static_cast<float>(-0.5 * square);
    }
}

void CellMargins::find(const float* panel)
{
    PanelScan scan;
    scan.d = m_cells.space.dimensions();
    scan.queries = panel;
    scan.points = m_centers.data();
    scan.biases = m_biases.data();
    scan.panels = m_panels;
    scorePanels(scan, m_scores.data());
    for (Index i = 0; i < kPanel; ++i) {
        const auto score = [&](Index c) {
            return m_scores[static_cast<std::size_t>(
                (c / kPanel * kPanel + i) * kPanel + c % kPanel)];
        };
        const float own = score(0);
        for (Index c = 0; c < m_near; ++c) {
            const float apart = m_nearCells.valuesOf(m_cell)[c];
            m_margins[static_cast<std::size_t>(i * m_near + c)]
                = apart > 0 ? (own - score(c + 1)) / apart : 0;
        }
    }
}

} // namespace embedscope
