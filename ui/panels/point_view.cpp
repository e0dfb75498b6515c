#include "ui/panels/point_view.h"

#include "ui/models/roles.h"
#include "ui/workspace/selection_state.h"

#include <QEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace embedscope::ui {

namespace {

/// Draws the bar between the background and the text.
class BarDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        const QVariant share = index.data(BarRole);
        if (share.isValid() && !(option.state & QStyle::State_Selected)) {
            QColor color = option.palette.color(QPalette::Highlight);
            color.setAlpha(70);
            const QRectF cell = QRectF(option.rect).adjusted(3, 4, -3, -4);
            const double width = cell.width() * share.toDouble();
            painter->fillRect(QRectF(cell.left(), cell.top(), width, cell.height()), color);
        }
        QStyledItemDelegate::paint(painter, option, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->state &= ~QStyle::State_HasFocus; // Rows are chosen, not cells.
    }
};

} // namespace

PointView::PointView(SelectionState* selection, QWidget* parent)
    : QTableView(parent)
    , m_selection(selection)
{
    setItemDelegate(new BarDelegate(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setMouseTracking(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    applyRowHeight();
}

PointId PointView::pointAt(int row) const
{
    if (!model() || row < 0 || row >= model()->rowCount())
        return kNoPoint;
    return model()->index(row, 0).data(PointIdRole).toUInt();
}

void PointView::applyRowHeight()
{
    const int height = fontMetrics().height() + 7;
    verticalHeader()->setMinimumSectionSize(height);
    verticalHeader()->setDefaultSectionSize(height);
}

void PointView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        applyRowHeight();
}

bool PointView::event(QEvent* event)
{
    // The window has keys of the same name for the map; a list with the focus goes first.
    if (event->type() == QEvent::ShortcutOverride
        && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        event->accept();
        return true;
    }
    return QTableView::event(event);
}

void PointView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        emit copyRequested();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        && currentIndex().isValid()) {
        emit rowChosen(currentIndex().row());
        return;
    }
    QTableView::keyPressEvent(event);
}

void PointView::mouseMoveEvent(QMouseEvent* event)
{
    QTableView::mouseMoveEvent(event);
    hover(rowAt(event->position().toPoint().y()));
}

void PointView::mouseReleaseEvent(QMouseEvent* event)
{
    QTableView::mouseReleaseEvent(event);
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index.isValid() && index.row() == currentIndex().row())
        emit rowChosen(index.row());
}

bool PointView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave)
        hover(-1);
    return QTableView::viewportEvent(event);
}

void PointView::hover(int row)
{
    m_selection->setHovered(pointAt(row));
}

} // namespace embedscope::ui
