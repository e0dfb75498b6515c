#include "ui/panels/column_combo.h"

#include "ui/convert.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <QSignalBlocker>

namespace embedscope::ui {

namespace {

constexpr int kColumnRole = Qt::UserRole;
constexpr int kKindRole = Qt::UserRole + 1;
constexpr double kIconSize = 16;

/// Draws into a square of 16 × 16.
void drawKind(QPainter& painter, ColumnKind kind, const QColor& color)
{
    painter.setPen(QPen(color, 1.3));
    switch (kind) {
    case ColumnKind::Text:
        for (const double y : {3.5, 8.0, 12.5})
            painter.drawLine(QPointF(2.5, y), QPointF(y > 12 ? 9.5 : 13.5, y));
        break;
    case ColumnKind::Category:
        painter.setBrush(color);
        painter.drawEllipse(QPointF(5, 4.8), 2.2, 2.2);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(9.2, 2.8, 4, 4));
        painter.drawPolygon(QPolygonF({{8, 9.2}, {11.2, 14}, {4.8, 14}}));
        break;
    case ColumnKind::Number:
        painter.drawLine(QPointF(6.6, 2.5), QPointF(5, 13.5));
        painter.drawLine(QPointF(11, 2.5), QPointF(9.4, 13.5));
        painter.drawLine(QPointF(3, 6), QPointF(13.2, 6));
        painter.drawLine(QPointF(2.8, 10.2), QPointF(13, 10.2));
        break;
    case ColumnKind::Image:
        painter.drawRect(QRectF(2, 3, 12, 10));
        painter.setBrush(color);
        painter.drawPolygon(QPolygonF({{3, 12}, {6.5, 7.5}, {9, 10.4}, {10.8, 8.6}, {13, 12}}));
        break;
    }
}

} // namespace

QIcon columnIcon(ColumnKind kind, const QColor& color)
{
    QIcon icon;
    for (const int ratio : {1, 2, 3}) {
        QPixmap pixmap(static_cast<int>(kIconSize) * ratio, static_cast<int>(kIconSize) * ratio);
        pixmap.setDevicePixelRatio(ratio);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        drawKind(painter, kind, color);
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

QString columnKindText(ColumnKind kind)
{
    switch (kind) {
    case ColumnKind::Text:
        return ColumnCombo::tr("text");
    case ColumnKind::Category:
        return ColumnCombo::tr("category");
    case ColumnKind::Number:
        return ColumnCombo::tr("number");
    case ColumnKind::Image:
        break;
    }
    return ColumnCombo::tr("picture");
}

ColumnCombo::ColumnCombo(QWidget* parent)
    : QComboBox(parent)
{
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(8);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    connect(this, &QComboBox::activated, this, &ColumnCombo::columnChosen);
}

void ColumnCombo::setColumns(const Dataset* dataset, const QString& firstText,
    const std::function<bool(const Column&)>& accepts)
{
    const QSignalBlocker blocker(this);
    start(firstText);
    for (std::size_t c = 0; dataset && c < dataset->columns().size(); ++c) {
        if (!accepts || accepts(dataset->columns()[c]))
            add(dataset->columns()[c], c, false);
    }
    drawIcons();
    setEnabled(count() > 0 && dataset);
}

void ColumnCombo::setColumns(const ColumnList& columns, const QString& firstText,
    const std::function<bool(const Column&)>& accepts)
{
    const QSignalBlocker blocker(this);
    setColumns(columns.dataset().get(), firstText, accepts);
    for (std::size_t c = columns.tableSize(); c < columns.size(); ++c) {
        if (c == columns.tableSize())
            insertSeparator(count());
        add(columns[c], c, true);
    }
    drawIcons();
}

void ColumnCombo::start(const QString& firstText)
{
    clear();
    if (!firstText.isEmpty())
        addItem(firstText);
}

void ColumnCombo::add(const Column& column, std::size_t index, bool isOfMap)
{
    addItem(toQString(column.name()), QVariant::fromValue<qulonglong>(index));
    const int row = count() - 1;
    const QString kind = isOfMap ? tr("%1, of the map shown").arg(columnKindText(column.kind()))
                                 : columnKindText(column.kind());
    setItemData(row, static_cast<int>(column.kind()), kKindRole);
    setItemData(row, kind, Qt::ToolTipRole);
    setItemData(row, tr("%1 (%2)").arg(toQString(column.name()), kind), Qt::AccessibleTextRole);
}

std::optional<std::size_t> ColumnCombo::column() const
{
    const QVariant chosen = currentData(kColumnRole);
    if (!chosen.isValid())
        return std::nullopt;
    return static_cast<std::size_t>(chosen.toULongLong());
}

void ColumnCombo::setColumn(std::optional<std::size_t> column)
{
    const QSignalBlocker blocker(this);
    int row = count() > 0 && !itemData(0, kColumnRole).isValid() ? 0 : -1;
    if (column)
        row = findData(QVariant::fromValue<qulonglong>(*column), kColumnRole);
    setCurrentIndex(row);
}

void ColumnCombo::changeEvent(QEvent* event)
{
    QComboBox::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcons();
}

void ColumnCombo::drawIcons()
{
    for (int row = 0; row < count(); ++row) {
        const QVariant kind = itemData(row, kKindRole);
        if (kind.isValid())
            setItemIcon(row,
                columnIcon(static_cast<ColumnKind>(kind.toInt()), palette().color(QPalette::Text)));
    }
}

} // namespace embedscope::ui
