#include "ui/models/tensor_list_model.h"

#include "core/base/text.h"
#include "ui/convert.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QPalette>
#include <QSize>
#include <cmath>

namespace embedscope::ui {

namespace {

QString shapeOf(const TensorSummary& table)
{
    QStringList parts;
    for (const auto extent : table.shape)
        parts.append(numberText(static_cast<qint64>(extent)));
    return parts.join(QStringLiteral(" × "));
}

double valuesOf(const TensorSummary& table)
{
    double values = table.shape.empty() ? 0 : 1;
    for (const auto extent : table.shape)
        values *= static_cast<double>(extent);
    return values;
}

} // namespace

TensorListModel::TensorListModel(std::shared_ptr<const TableList> tables, QObject* parent)
    : QAbstractTableModel(parent)
    , m_tables(std::move(tables))
{
}

const TensorSummary& TensorListModel::table(int row) const
{
    return m_tables->tables[static_cast<std::size_t>(row)];
}

int TensorListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_tables->tables.size());
}

int TensorListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TensorListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const TensorSummary& entry = table(index.row());
    const QString name
        = entry.name.empty() ? tr("(without a name)") : toQString(printable(entry.name));
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case NameColumn:
            return name;
        case ShapeColumn:
            return shapeOf(entry);
        case TypeColumn:
            return toQString(printable(entry.dtype));
        case ReasonColumn:
            return toQString(printable(entry.reason));
        default:
            return {}; // The score is drawn.
        }
    case SortRole:
        switch (index.column()) {
        case NameColumn:
            return name;
        case ShapeColumn:
            return valuesOf(entry);
        case TypeColumn:
            return toQString(entry.dtype);
        case ScoreColumn: // Of two alike the larger is taken for the better.
            return entry.score + 1e-9 * std::log10(1 + valuesOf(entry));
        default:
            return toQString(entry.reason);
        }
    case Qt::ToolTipRole:
        return entry.score > 0
            ? tr("%1: %2").arg(name, toQString(printable(entry.reason)))
            : tr("%1 cannot be opened: %2").arg(name, toQString(printable(entry.reason)));
    case Qt::AccessibleTextRole:
        if (index.column() == ScoreColumn)
            return tr("%1 of 100").arg(qRound(100 * entry.score));
        return {};
    case Qt::SizeHintRole:
        return QSize(0, QFontMetrics(QGuiApplication::font()).height() + 9);
    case Qt::ForegroundRole:
        if (entry.score <= 0)
            return QGuiApplication::palette().brush(QPalette::Disabled, QPalette::Text);
        return {};
    default:
        return {};
    }
}

QVariant TensorListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole && section == ScoreColumn)
        return tr("How much the name and the shape look like a table of embeddings.");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Table");
    case ShapeColumn:
        return tr("Shape");
    case TypeColumn:
        return tr("Type");
    case ScoreColumn:
        return tr("Likely");
    default:
        return tr("Why");
    }
}

} // namespace embedscope::ui
