#include "ui/models/hit_model.h"

#include "ui/convert.h"
#include "ui/models/roles.h"

namespace embedscope::ui {

void HitModel::setHits(std::shared_ptr<const Dataset> dataset, SearchQuery query,
    std::shared_ptr<const SearchResult> result)
{
    beginResetModel();
    m_dataset = std::move(dataset);
    m_query = std::move(query);
    m_result = std::move(result);
    endResetModel();
}

PointId HitModel::pointAt(int row) const
{
    return m_result->ids[static_cast<std::size_t>(row)];
}

int HitModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_dataset ? 0 : static_cast<int>(m_result->ids.size());
}

int HitModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString HitModel::matchText(PointId point, bool withColumnName) const
{
    const auto column = matchingColumn(*m_dataset, m_query, point);
    if (!column || (column == m_dataset->labelColumn() && !withColumnName))
        return {};
    const embedscope::Column& values = m_dataset->columns()[*column];
    const QString text = toQString(values.text(point));
    return withColumnName ? tr("%1: %2").arg(toQString(values.name()), text) : text;
}

QVariant HitModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PointId point = pointAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == NameColumn ? toQString(m_dataset->name(point))
                                            : matchText(point, false);
    case Qt::ToolTipRole:
        return matchText(point, true);
    case PointIdRole:
        return QVariant::fromValue<quint32>(point);
    default:
        return {};
    }
}

QVariant HitModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Name") : tr("Match");
}

} // namespace embedscope::ui
