#include "ui/panels/table_view.h"

#include "ui/models/point_table_model.h"
#include "ui/models/roles.h"
#include "ui/workspace/selection_state.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QStyledItemDelegate>
#include <algorithm>

namespace embedscope::ui {

namespace {

class SelectedRowDelegate : public QStyledItemDelegate
{
public:
    SelectedRowDelegate(SelectionState* selection, TableView* view)
        : QStyledItemDelegate(view)
        , m_selection(selection)
        , m_view(view)
    {
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const PointId point = index.data(PointIdRole).toUInt();
        const PointSet& selected = m_selection->selected();
        const bool isSelected = point < selected.universe() && selected.contains(point);
        option->state.setFlag(QStyle::State_Selected, isSelected);
        option->state.setFlag(QStyle::State_HasFocus,
            m_view->hasFocus() && index.row() == m_view->currentIndex().row()
                && index.column() == m_view->currentIndex().column());
        if (point == m_selection->current() && isSelected)
            option->font.setBold(true);
        if (point == m_selection->hovered() && !isSelected)
            option->backgroundBrush = option->palette.alternateBase();
    }

private:
    SelectionState* m_selection;
    TableView* m_view;
};

} // namespace

TableView::TableView(PointTableModel* model, SelectionState* selection, QWidget* parent)
    : PointView(selection, parent)
    , m_model(model)
{
    setModel(model);
    setItemDelegate(new SelectedRowDelegate(selection, this));
    setSelectionMode(QAbstractItemView::NoSelection);
    horizontalHeader()->setSectionsClickable(true);
    connect(
        selection, &SelectionState::selectionChanged, viewport(), qOverload<>(&QWidget::update));
    connect(selection, &SelectionState::currentChanged, viewport(), qOverload<>(&QWidget::update));
    connect(selection, &SelectionState::hoveredChanged, viewport(), qOverload<>(&QWidget::update));
    connect(model, &QAbstractItemModel::modelReset, this, [this] { m_anchor = -1; });
}

void TableView::goTo(PointId point)
{
    const int row = m_model->rowOf(point);
    if (row < 0 || row == currentIndex().row())
        return;
    const int column = std::max(0, currentIndex().column());
    setCurrentIndex(m_model->index(row, column));
    m_anchor = row;
    scrollTo(currentIndex());
}

bool TableView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::SelectAll) || key->key() == Qt::Key_Space) {
            event->accept();
            return true;
        }
    }
    return PointView::event(event);
}

void TableView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::SelectAll)) {
        selectRange(0, m_model->rowCount() - 1, false);
        return;
    }
    if (event->key() == Qt::Key_Space && currentIndex().isValid()) {
        select(currentIndex().row(), Qt::ControlModifier);
        return;
    }
    const int before = currentIndex().row();
    PointView::keyPressEvent(event);
    const int after = currentIndex().row();
    if (after != before && after >= 0 && !(event->modifiers() & Qt::ControlModifier))
        select(after, event->modifiers());
}

void TableView::mousePressEvent(QMouseEvent* event)
{
    PointView::mousePressEvent(event);
    const QModelIndex index = indexAt(event->position().toPoint());
    m_isSelecting = event->button() == Qt::LeftButton && index.isValid();
    if (m_isSelecting)
        select(index.row(), event->modifiers());
}

void TableView::mouseMoveEvent(QMouseEvent* event)
{
    PointView::mouseMoveEvent(event);
    if (!(event->buttons() & Qt::LeftButton) || !m_isSelecting || m_anchor < 0)
        return;
    const int row = rowAt(event->position().toPoint().y());
    if (row >= 0 && row != m_anchor)
        selectRange(m_anchor, row, event->modifiers() & Qt::ControlModifier);
}

void TableView::select(int row, Qt::KeyboardModifiers modifiers)
{
    const PointId point = pointAt(row);
    if (point == kNoPoint)
        return;
    if ((modifiers & Qt::ShiftModifier) && m_anchor >= 0) {
        selectRange(m_anchor, row, modifiers & Qt::ControlModifier);
        return;
    }
    m_anchor = row;
    selectionState()->selectPoint(point,
        modifiers & Qt::ControlModifier ? ui::SelectionMode::Toggle : ui::SelectionMode::Replace);
}

void TableView::selectRange(int from, int to, bool isAdded)
{
    const int rows = m_model->rowCount();
    if (rows == 0)
        return;
    PointSet points(selectionState()->selected().universe());
    const int last = std::min(rows - 1, std::max(from, to));
    for (int row = std::max(0, std::min(from, to)); row <= last; ++row)
        points.insert(m_model->pointAt(row));
    selectionState()->select(points, isAdded ? ui::SelectionMode::Add : ui::SelectionMode::Replace);
}

} // namespace embedscope::ui
