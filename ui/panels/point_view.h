#pragma once

#include "core/base/index.h"

#include <QTableView>

namespace embedscope::ui {

class SelectionState;

/// A list of points over a model that answers PointIdRole: whole rows, fixed heights, so that a
/// million scroll at once; the row under the mouse is highlighted on the map; cells with a BarRole
/// have a bar behind their text.
class PointView : public QTableView
{
    Q_OBJECT

public:
    explicit PointView(SelectionState* selection, QWidget* parent = nullptr);

    /// The point of the row, or kNoPoint.
    PointId pointAt(int row) const;
    SelectionState* selectionState() const { return m_selection; }

signals:
    /// A click with the left button, or Enter, on a row.
    void rowChosen(int row);
    /// Ctrl+C while the list has the focus.
    void copyRequested();

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void applyRowHeight();
    void hover(int row);

    SelectionState* m_selection;
};

} // namespace embedscope::ui
