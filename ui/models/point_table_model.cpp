#include "ui/models/point_table_model.h"

#include "core/base/text.h"
#include "ui/convert.h"
#include "ui/models/roles.h"

#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

/// Measured, so to the digits worth reading.
QString figure(double value)
{
    constexpr double steps = 1e4;
    return toQString(formatNumber(std::round(value * steps) / steps));
}

} // namespace

void PointTableModel::setDataset(std::shared_ptr<const Dataset> dataset)
{
    beginResetModel();
    m_columns = ColumnList(std::move(dataset));
    m_order.reset();
    endResetModel();
}

void PointTableModel::setColumns(std::shared_ptr<const Dataset> dataset)
{
    beginResetModel();
    m_columns = ColumnList(std::move(dataset), m_columns.ofMap());
    endResetModel();
}

void PointTableModel::setMapColumns(std::shared_ptr<const Columns> columns)
{
    if (columns == m_columns.ofMap() || !m_columns.dataset())
        return;
    // The view keeps its place: only the last columns come, go or change.
    const int first = static_cast<int>(m_columns.tableSize()) + 1;
    const int before = columnCount() - first;
    const int after = columns ? static_cast<int>(columns->size()) : 0;
    const auto adopt = [&] { m_columns = ColumnList(m_columns.dataset(), std::move(columns)); };
    if (after == before) {
        adopt();
        if (rowCount() > 0)
            emit dataChanged(index(0, first), index(rowCount() - 1, columnCount() - 1));
        emit headerDataChanged(Qt::Horizontal, first, columnCount() - 1);
        return;
    }
    if (before > 0) {
        beginRemoveColumns({}, first, first + before - 1);
        m_columns = ColumnList(m_columns.dataset());
        endRemoveColumns();
    }
    if (after > 0) {
        beginInsertColumns({}, first, first + after - 1);
        adopt();
        endInsertColumns();
    }
}

void PointTableModel::setOrder(Order order)
{
    if (order == m_order)
        return;
    beginResetModel();
    m_order = std::move(order);
    endResetModel();
}

PointId PointTableModel::pointAt(int row) const
{
    return m_order ? (*m_order)[static_cast<std::size_t>(row)] : static_cast<PointId>(row);
}

int PointTableModel::rowOf(PointId point) const
{
    if (!m_columns.dataset() || point == kNoPoint)
        return -1;
    if (!m_order)
        return point < m_columns.dataset()->size() ? static_cast<int>(point) : -1;
    const auto found = std::find(m_order->begin(), m_order->end(), point);
    return found == m_order->end() ? -1 : static_cast<int>(found - m_order->begin());
}

std::optional<std::size_t> PointTableModel::dataColumn(int column)
{
    if (column <= 0)
        return std::nullopt;
    return static_cast<std::size_t>(column - 1);
}

bool PointTableModel::isNumber(std::optional<std::size_t> column) const
{
    return !column || m_columns[*column].kind() == ColumnKind::Number;
}

int PointTableModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_columns.dataset())
        return 0;
    return m_order ? static_cast<int>(m_order->size())
                   : static_cast<int>(m_columns.dataset()->size());
}

int PointTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_columns.dataset() ? 0 : static_cast<int>(m_columns.size()) + 1;
}

QVariant PointTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PointId point = pointAt(index.row());
    const auto column = dataColumn(index.column());
    switch (role) {
    case Qt::DisplayRole:
        if (!column)
            return QVariant::fromValue<qlonglong>(m_columns.dataset()->fileRow(point));
        if (const embedscope::Column& values = m_columns[*column];
            values.kind() == ColumnKind::Image)
            return values.isMissing(point) ? QString() : tr("picture");
        else if (m_columns.isOfMap(*column) && values.asNumber() && !values.isMissing(point))
            return figure(values.asNumber()->values[point]);
        else
            return toQString(values.text(point));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case PointIdRole:
        return QVariant::fromValue<quint32>(point);
    default:
        return {};
    }
}

QVariant PointTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || !m_columns.dataset() || section < 0
        || section >= columnCount())
        return {};
    const auto column = dataColumn(section);
    switch (role) {
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::DisplayRole:
        return column ? toQString(m_columns[*column].name()) : tr("Row");
    case Qt::ToolTipRole:
        if (!column)
            return tr("The row in the file, counted from 0. Click to sort by it.");
        if (m_columns.isOfMap(*column))
            return tr("%1: measured on the map shown, and empty where a point was not examined. "
                      "Click to sort by it.")
                .arg(toQString(m_columns[*column].name()));
        return tr("Click to sort by %1; once more for the other direction, and a third time for "
                  "the order of the file.")
            .arg(toQString(m_columns[*column].name()));
    default:
        return {};
    }
}

} // namespace embedscope::ui
