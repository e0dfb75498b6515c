#pragma once

#include "core/io/open.h"

#include <QAbstractTableModel>
#include <memory>

namespace embedscope::ui {

/// The tables that a file offers, in file order: a row each.
class TensorListModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        NameColumn,
        ShapeColumn,
        TypeColumn,
        ScoreColumn,
        ReasonColumn,
        ColumnCount
    };
    /// Values to sort by; the score as a double from 0 to 1.
    static constexpr int SortRole = Qt::UserRole;

    explicit TensorListModel(std::shared_ptr<const TableList> tables, QObject* parent = nullptr);

    const TensorSummary& table(int row) const;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const TableList> m_tables;
};

} // namespace embedscope::ui
