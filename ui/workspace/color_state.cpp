#include "ui/workspace/color_state.h"

#include "core/plot/rasterizer.h"

#include <algorithm>

namespace embedscope::ui {

namespace {

std::optional<std::size_t> columnWorthColouring(const Dataset& dataset)
{
    const Columns& columns = dataset.columns();
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (columns[c].kind() == ColumnKind::Category && columns[c].distinctCount() > 1)
            return c;
    }
    return std::nullopt;
}

} // namespace

ColorState::ColorState(QObject* parent)
    : QObject(parent)
{
}

void ColorState::setColumn(std::optional<std::size_t> column)
{
    if (!m_columns.dataset() || (column && *column >= m_columns.size()))
        return;
    m_wantedOfMap.reset();
    if (column && m_columns.isOfMap(*column))
        m_wantedOfMap = *column - m_columns.tableSize();
    if (column == m_column)
        return;
    m_column = column;
    m_mode = ColorMode::Auto;
    recompute();
}

void ColorState::setMode(ColorMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    recompute();
}

void ColorState::setTheme(Theme theme)
{
    if (theme == m_theme)
        return;
    m_theme = theme;
    // The picture must not wait for colours of the other theme: same codes, hidden ones kept.
    recompute();
}

void ColorState::setPointRadius(double radius)
{
    radius = std::clamp(radius, 0.5, 20.0);
    if (radius == m_pointRadius)
        return;
    m_pointRadius = radius;
    emit styleChanged();
}

void ColorState::setOpacity(double opacity)
{
    opacity = std::clamp(opacity, 0.05, 1.0);
    if (opacity == m_opacity)
        return;
    m_opacity = opacity;
    emit styleChanged();
}

void ColorState::toggleHidden(std::uint16_t code)
{
    if (!m_hidden.erase(code))
        m_hidden.insert(code);
    updateVisible();
}

void ColorState::solo(std::uint16_t code)
{
    if (!m_coloring)
        return;
    std::set<std::uint16_t> others;
    for (const LegendEntry& entry : m_coloring->legend) {
        if (entry.code != code)
            others.insert(entry.code);
    }
    m_hidden = m_hidden == others ? std::set<std::uint16_t>() : std::move(others);
    updateVisible();
}

void ColorState::showAll()
{
    if (m_hidden.empty())
        return;
    m_hidden.clear();
    updateVisible();
}

void ColorState::reset(std::shared_ptr<const Dataset> dataset)
{
    m_runner.discard();
    m_columns = ColumnList(std::move(dataset));
    m_hidden.clear();
    m_column.reset();
    m_wantedOfMap.reset();
    m_mode = ColorMode::Auto;
    m_coloring.reset();
    m_visible.reset();
    if (const Dataset* table = m_columns.dataset().get()) {
        m_pointRadius = suggestedPointRadius(table->size());
        m_coloring = std::make_shared<const Coloring>(plainColoring(table->size(), m_theme));
        m_visible = std::make_shared<const PointSet>(PointSet::all(table->size()));
        m_column = columnWorthColouring(*table);
        if (m_column)
            recompute();
    }
    emit columnsChanged();
    emit styleChanged();
    emit coloringChanged();
    emit visibilityChanged();
}

void ColorState::setDataset(std::shared_ptr<const Dataset> dataset)
{
    m_columns = ColumnList(std::move(dataset), m_columns.ofMap());
    if (m_wantedOfMap && m_column)
        m_column = m_columns.tableSize() + *m_wantedOfMap; // Behind the table's new ones.
    if (!m_column && !m_wantedOfMap && m_columns.dataset()) {
        m_column = columnWorthColouring(*m_columns.dataset());
        if (m_column)
            recompute();
    }
    emit coloringChanged();
}

void ColorState::setMapColumns(std::shared_ptr<const Columns> columns)
{
    if (columns == m_columns.ofMap())
        return;
    m_columns = ColumnList(m_columns.dataset(), std::move(columns));
    emit columnsChanged();
    if (!m_wantedOfMap)
        return;
    const std::size_t wanted = m_columns.tableSize() + *m_wantedOfMap;
    m_column.reset();
    if (wanted < m_columns.size()) {
        m_column = wanted;
        recompute();
    } else if (m_columns.dataset()) {
        // At once: the colours of another map would be a lie on this one.
        m_runner.discard();
        m_coloring
            = std::make_shared<const Coloring>(plainColoring(m_columns.dataset()->size(), m_theme));
        m_hidden.clear();
        emit coloringChanged();
        updateVisible();
    }
}

void ColorState::recompute()
{
    if (!m_columns.dataset())
        return;
    struct Key
    {
        std::optional<std::size_t> column;
        ColorMode mode;
        Theme theme;
    };
    const Key key{m_column, m_mode, m_theme};
    m_runner.run<std::shared_ptr<const Coloring>>(
        [columns = m_columns, key](const JobContext&) -> Result<std::shared_ptr<const Coloring>> {
            if (!key.column)
                return std::make_shared<const Coloring>(
                    plainColoring(columns.dataset()->size(), key.theme));
            return std::make_shared<const Coloring>(
                colorByColumn(columns[*key.column], key.mode, key.theme));
        },
        [this](Result<std::shared_ptr<const Coloring>> result) {
            if (!result)
                return;
            const bool sameCodes = m_coloring && m_coloring->codes == (*result)->codes;
            m_coloring = std::move(result).value();
            emit coloringChanged();
            if (!sameCodes) {
                m_hidden.clear();
                updateVisible();
            }
        });
    emit coloringChanged(); // The choice changed; the colours follow.
}

void ColorState::updateVisible()
{
    if (!m_coloring)
        return;
    const auto n = static_cast<Index>(m_coloring->codes.size());
    if (m_hidden.empty()) {
        m_visible = std::make_shared<const PointSet>(PointSet::all(n));
    } else {
        std::vector<char> isHiddenCode(m_coloring->palette.size() + 1);
        for (const auto code : m_hidden)
            isHiddenCode[code] = 1;
        auto visible = PointSet(n);
        for (Index i = 0; i < n; ++i) {
            if (isHiddenCode[m_coloring->codes[static_cast<std::size_t>(i)]] == 0)
                visible.insert(static_cast<PointId>(i));
        }
        m_visible = std::make_shared<const PointSet>(std::move(visible));
    }
    emit visibilityChanged();
}

} // namespace embedscope::ui
