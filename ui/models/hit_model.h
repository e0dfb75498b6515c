#pragma once

#include "core/analysis/search.h"

#include <QAbstractTableModel>
#include <memory>

namespace embedscope::ui {

/// The hits of a search: what the point is called, and the value that matched where that is not
/// its name. Reads the dataset as rows are asked for; holds no text.
class HitModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        NameColumn,
        MatchColumn,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// dataset may be null; then there are no rows. result is never null.
    void setHits(std::shared_ptr<const Dataset> dataset, SearchQuery query,
        std::shared_ptr<const SearchResult> result);
    PointId pointAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString matchText(PointId point, bool withColumnName) const;

    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const SearchResult> m_result = std::make_shared<const SearchResult>();
    SearchQuery m_query;
};

} // namespace embedscope::ui
