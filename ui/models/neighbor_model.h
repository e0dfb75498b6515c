#pragma once

#include "core/neighbors/exact.h"

#include <QAbstractTableModel>
#include <memory>

namespace embedscope::ui {

/// The neighbours of a point: rank, name, value.
class NeighborModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        RankColumn,
        NameColumn,
        ValueColumn,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Either may be null; then there are no rows.
    void setNeighbors(
        std::shared_ptr<const Dataset> dataset, std::shared_ptr<const NeighborList> list);
    PointId pointAt(int row) const;
    /// Rank, row, name and value with a heading, separated by tabs or as CSV, for other programs.
    QString toText(char separator) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant barLength(int row) const;

    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const NeighborList> m_list;
    double m_longest = 0; ///< The value of a full bar.
};

/// A neighbour's value for a person: four decimals for cosine, five digits for the others.
QString neighborValueText(Metric metric, float value);

} // namespace embedscope::ui
