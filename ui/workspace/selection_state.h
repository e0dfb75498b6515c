#pragma once

#include "core/data/point_set.h"

#include <QObject>

namespace embedscope::ui {

/// What a gesture does to the selection.
enum class SelectionMode
{
    Replace,
    Add,
    Subtract,
    Toggle
};

/// Which points are selected, which one is current (its neighbours and details are shown) and which
/// is under the mouse. The current point, where there is one, is always in the selection.
class SelectionState : public QObject
{
    Q_OBJECT

public:
    explicit SelectionState(QObject* parent = nullptr);

    const PointSet& selected() const { return m_selected; }
    PointId current() const { return m_current; } ///< kNoPoint where none is.
    PointId hovered() const { return m_hovered; } ///< kNoPoint where none is.

    /// Selects by a gesture. A replaced or added single point becomes current; a larger set keeps
    /// the current point where it is still in, and has none else.
    void select(const PointSet& points, SelectionMode mode);
    void selectPoint(PointId id, SelectionMode mode = SelectionMode::Replace);
    /// Makes a selected point current; one that is not selected replaces the selection.
    void setCurrent(PointId id);
    void setHovered(PointId id);
    void clear();
    /// A new table of n points: nothing selected.
    void reset(Index n);
    /// The same table with rows added below: n in all. What is selected stays.
    void grow(Index n);

signals:
    void selectionChanged();
    void currentChanged();
    void hoveredChanged();

private:
    void apply(PointSet selected, PointId current);

    PointSet m_selected;
    PointId m_current = kNoPoint;
    PointId m_hovered = kNoPoint;
};

} // namespace embedscope::ui
