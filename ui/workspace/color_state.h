#pragma once

#include "core/data/dataset.h"
#include "core/plot/coloring.h"
#include "ui/jobs/job_runner.h"
#include "ui/workspace/column_list.h"

#include <QObject>
#include <memory>
#include <optional>
#include <set>

namespace embedscope::ui {

/// What the points look like: the column they are coloured by, which of its categories are hidden,
/// size and opacity, light or dark. Colours are worked out in the background.
class ColorState : public QObject
{
    Q_OBJECT

public:
    explicit ColorState(QObject* parent = nullptr);

    /// Index into columns(); nullopt = all points in one colour.
    std::optional<std::size_t> column() const { return m_column; }
    /// What can be coloured by.
    const ColumnList& columns() const { return m_columns; }
    /// True while a column of the map was chosen that the map now shown does not have yet: the
    /// points have one colour until it comes.
    bool isAwaitingMapColumn() const { return m_wantedOfMap && !m_column; }
    ColorMode mode() const { return m_mode; }
    Theme theme() const { return m_theme; }
    double pointRadius() const
    {
        return m_pointRadius;
    } ///< In device-independent pixels, 0.5 to 20.
    double opacity() const { return m_opacity; } ///< 0.05 to 1.
    /// Never null while a dataset is open; as long as the table.
    const std::shared_ptr<const Coloring>& coloring() const { return m_coloring; }
    /// Points whose category is not hidden. Never null while a dataset is open.
    const std::shared_ptr<const PointSet>& visible() const { return m_visible; }
    bool isHidden(std::uint16_t code) const { return m_hidden.contains(code); }
    bool isAnyHidden() const { return !m_hidden.empty(); }

    void setColumn(std::optional<std::size_t> column);
    void setMode(ColorMode mode);
    void setTheme(Theme theme);
    void setPointRadius(double radius);
    void setOpacity(double opacity);
    /// Legend gestures, by LegendEntry::code. Solo shows that one alone, and a second time all.
    void toggleHidden(std::uint16_t code);
    void solo(std::uint16_t code);
    void showAll();

    /// The dataset changed: chooses a column worth colouring by (the first category, else none).
    void reset(std::shared_ptr<const Dataset> dataset);
    /// Columns were added: keeps the choice.
    void setDataset(std::shared_ptr<const Dataset> dataset);
    /// Other columns of the map, or none (null). A choice of one of them stays through a while in
    /// which there are none.
    void setMapColumns(std::shared_ptr<const Columns> columns);

signals:
    void columnsChanged(); ///< Those of the map.
    void coloringChanged(); ///< column, mode, theme or the colours themselves
    void visibilityChanged();
    void styleChanged(); ///< radius or opacity

private:
    void recompute();
    void updateVisible();

    JobRunner m_runner;
    ColumnList m_columns;
    std::shared_ptr<const Coloring> m_coloring;
    std::shared_ptr<const PointSet> m_visible;
    std::optional<std::size_t> m_column;
    std::optional<std::size_t> m_wantedOfMap; ///< Number among the map's columns.
    ColorMode m_mode = ColorMode::Auto;
    Theme m_theme = Theme::Light;
    std::set<std::uint16_t> m_hidden;
    double m_pointRadius = 3;
    double m_opacity = 0.8;
};

} // namespace embedscope::ui
