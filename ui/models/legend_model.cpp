#include "ui/models/legend_model.h"

#include "core/base/text.h"
#include "ui/convert.h"
#include "ui/workspace/color_state.h"

#include <QColor>

namespace embedscope::ui {

LegendModel::LegendModel(ColorState* color, QObject* parent)
    : QAbstractListModel(parent)
    , m_color(color)
    , m_coloring(color->coloring())
{
    connect(color, &ColorState::coloringChanged, this, &LegendModel::update);
    connect(color, &ColorState::visibilityChanged, this, [this] {
        if (rowCount() > 0)
            emit dataChanged(index(0), index(rowCount() - 1));
    });
}

void LegendModel::update()
{
    if (m_coloring == m_color->coloring())
        return;
    beginResetModel();
    m_coloring = m_color->coloring();
    endResetModel();
}

std::uint16_t LegendModel::codeAt(int row) const
{
    return m_coloring->legend[static_cast<std::size_t>(row)].code;
}

int LegendModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_coloring ? 0 : static_cast<int>(m_coloring->legend.size());
}

QVariant LegendModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const LegendEntry& entry = m_coloring->legend[static_cast<std::size_t>(index.row())];
    const QString name = entry.isMissing ? tr("No value") : toQString(entry.name);
    switch (role) {
    case Qt::DisplayRole:
        return name;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return entry.count == 1
            ? tr("%1: one point").arg(name)
            : tr("%1: %2 points").arg(name, toQString(formatCount(entry.count)));
    case Qt::CheckStateRole:
        return m_color->isHidden(entry.code) ? Qt::Unchecked : Qt::Checked;
    case ColorRole:
        return QColor::fromRgba(entry.color);
    case CountRole:
        return QVariant::fromValue<qint64>(entry.count);
    case IsHiddenRole:
        return m_color->isHidden(entry.code);
    default:
        return {};
    }
}

bool LegendModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const bool hide = value.toInt() != Qt::Checked;
    if (hide != m_color->isHidden(codeAt(index.row())))
        m_color->toggleHidden(codeAt(index.row()));
    return true;
}

Qt::ItemFlags LegendModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return QAbstractListModel::flags(index);
    return QAbstractListModel::flags(index) | Qt::ItemIsUserCheckable;
}

} // namespace embedscope::ui
