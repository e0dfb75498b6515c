#pragma once

#include "ui/panels/point_view.h"

namespace embedscope::ui {

class PointTableModel;

/// The view of the point table: it shows the workspace's selection and changes it by mouse and
/// keys. Qt's own selection would need a range for every run of selected rows, a million at worst;
/// here rows are painted straight from the set.
class TableView : public PointView
{
    Q_OBJECT

public:
    TableView(PointTableModel* model, SelectionState* selection, QWidget* parent = nullptr);

    /// Scrolls to the point, where it is shown, and makes its row the one that keys start from.
    void goTo(PointId point);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void select(int row, Qt::KeyboardModifiers modifiers);
    void selectRange(int from, int to, bool isAdded);

    PointTableModel* m_model;
    int m_anchor = -1; ///< Row at which a range starts.
    bool m_isSelecting = false;
};

} // namespace embedscope::ui
