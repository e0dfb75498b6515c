#include "ui/models/point_table_model.h"

#include "ui/convert.h"
#include "ui/models/roles.h"

#include <algorithm>

namespace embedscope::ui {

void PointTableModel::setDataset(std::shared_ptr<const Dataset> dataset)
{
    beginResetModel();
    m_dataset = std::move(dataset);
    m_order.reset();
    endResetModel();
}

void PointTableModel::setColumns(std::shared_ptr<const Dataset> dataset)
{
    beginResetModel();
    m_dataset = std::move(dataset);
    endResetModel();
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
    if (!m_dataset || point == kNoPoint)
        return -1;
    if (!m_order)
        return point < m_dataset->size() ? static_cast<int>(point) : -1;
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
    return !column || m_dataset->columns()[*column].kind() == ColumnKind::Number;
}

int PointTableModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_dataset)
        return 0;
    return m_order ? static_cast<int>(m_order->size()) : static_cast<int>(m_dataset->size());
}

int PointTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_dataset ? 0 : static_cast<int>(m_dataset->columns().size()) + 1;
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
            return QVariant::fromValue<quint32>(point);
        if (const embedscope::Column& values = m_dataset->columns()[*column];
            values.kind() == ColumnKind::Image)
            return values.isMissing(point) ? QString() : tr("picture");
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
    if (orientation != Qt::Horizontal || !m_dataset || section < 0 || section >= columnCount())
        return {};
    const auto column = dataColumn(section);
    switch (role) {
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::DisplayRole:
        return column ? toQString(m_dataset->columns()[*column].name()) : tr("Row");
    case Qt::ToolTipRole:
        return column ? tr("Click to sort by %1; once more for the other direction, and a third "
                           "time for the order of the file.")
                            .arg(toQString(m_dataset->columns()[*column].name()))
                      : tr("The row in the file, counted from 0. Click to sort by it.");
    default:
        return {};
    }
}

} // namespace embedscope::ui
