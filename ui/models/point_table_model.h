#pragma once

#include "ui/workspace/column_list.h"

#include <QAbstractTableModel>
#include <memory>
#include <optional>
#include <vector>

namespace embedscope::ui {

/// All points of a table, or some of them in some order: the row number, then a column for each
/// column of the dataset, and behind them those of the map shown. Reads the values as cells are
/// asked for; holds a permutation at most.
class PointTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using Order = std::shared_ptr<const std::vector<PointId>>;

    using QAbstractTableModel::QAbstractTableModel;

    /// Null shows nothing. All rows in file order until setOrder() says otherwise.
    void setDataset(std::shared_ptr<const Dataset> dataset);
    /// Other columns or labels of the same table: keeps the order.
    void setColumns(std::shared_ptr<const Dataset> dataset);
    /// What belongs to the map shown; null: nothing. Keeps the order.
    void setMapColumns(std::shared_ptr<const Columns> columns);
    const ColumnList& columns() const { return m_columns; }
    /// The points to show; null = all in file order.
    void setOrder(Order order);

    PointId pointAt(int row) const;
    /// -1 where the point is not shown. A pass over the order where there is one.
    int rowOf(PointId point) const;
    /// Number in columns() behind a column of the model; nullopt for the row number.
    static std::optional<std::size_t> dataColumn(int column);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    bool isNumber(std::optional<std::size_t> column) const;

    ColumnList m_columns;
    Order m_order;
};

} // namespace embedscope::ui
