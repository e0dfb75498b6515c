#include "ui/models/neighbor_model.h"

#include "core/base/text.h"
#include "core/io/writers/text_rows.h"
#include "ui/convert.h"
#include "ui/models/roles.h"

#include <algorithm>
#include <cmath>

namespace embedscope::ui {

QString neighborValueText(Metric metric, float value)
{
    const auto number = static_cast<double>(value);
    return metric == Metric::Cosine ? QString::number(number, 'f', 4)
                                    : QString::number(number, 'g', 5);
}

void NeighborModel::setNeighbors(
    std::shared_ptr<const Dataset> dataset, std::shared_ptr<const NeighborList> list)
{
    beginResetModel();
    m_dataset = std::move(dataset);
    m_list = m_dataset ? std::move(list) : nullptr;
    m_longest = 0;
    if (m_list && m_list->metric == Metric::Cosine) {
        m_longest = 1;
    } else if (m_list) {
        for (const Neighbor& neighbor : m_list->neighbors)
            m_longest = std::max(m_longest, std::abs(static_cast<double>(neighbor.value)));
    }
    endResetModel();
}

PointId NeighborModel::pointAt(int row) const
{
    return m_list->neighbors[static_cast<std::size_t>(row)].id;
}

QString NeighborModel::toText(char separator) const
{
    const std::string between(1, separator);
    std::string text = "rank" + between + "row" + between + "name" + between
        + (m_list ? std::string(metricId(m_list->metric)) : std::string("value")) + "\n";
    for (int row = 0; row < rowCount(); ++row) {
        const Neighbor& neighbor = m_list->neighbors[static_cast<std::size_t>(row)];
        text += std::to_string(row + 1) + between + std::to_string(neighbor.id) + between
            + delimitedCell(m_dataset->name(neighbor.id), separator) + between
            + formatNumber(neighbor.value) + "\n";
    }
    return toQString(text);
}

int NeighborModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_list ? 0 : static_cast<int>(m_list->neighbors.size());
}

int NeighborModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant NeighborModel::barLength(int row) const
{
    const auto value = static_cast<double>(m_list->neighbors[static_cast<std::size_t>(row)].value);
    if (m_longest <= 0 || !std::isfinite(value))
        return {};
    return std::clamp(value / m_longest, 0.0, 1.0);
}

QVariant NeighborModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Neighbor& neighbor = m_list->neighbors[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == RankColumn)
            return index.row() + 1;
        if (index.column() == NameColumn)
            return toQString(m_dataset->name(neighbor.id));
        return neighborValueText(m_list->metric, neighbor.value);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            (index.column() == NameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return tr("%1 (row %2). Click to go there.")
            .arg(toQString(m_dataset->name(neighbor.id)))
            .arg(neighbor.id);
    case BarRole:
        return index.column() == ValueColumn ? barLength(index.row()) : QVariant();
    case PointIdRole:
        return QVariant::fromValue<quint32>(neighbor.id);
    default:
        return {};
    }
}

QVariant NeighborModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            (section == NameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case RankColumn:
        return tr("Rank");
    case NameColumn:
        return tr("Name");
    default:
        break;
    }
    return m_list && !isSimilarity(m_list->metric) ? tr("Distance") : tr("Similarity");
}

} // namespace embedscope::ui
