#pragma once

#include "core/analysis/search.h"
#include "core/data/dataset.h"
#include "ui/jobs/job_runner.h"

#include <QObject>
#include <QString>
#include <memory>
#include <optional>

namespace embedscope::ui {

/// The search: live while typing, over one column or all text, in the background.
class SearchState : public QObject
{
    Q_OBJECT

public:
    explicit SearchState(QObject* parent = nullptr);

    const QString& query() const { return m_query; }
    bool isRegularExpression() const { return m_isRegularExpression; }
    /// Searched column; nullopt = every text, category and number column.
    std::optional<std::size_t> column() const { return m_column; }
    bool isActive() const { return !m_query.isEmpty(); }
    bool isBusy() const { return m_runner.isBusy(); }

    /// Never null; empty while no search is active.
    const std::shared_ptr<const SearchResult>& result() const { return m_result; }
    /// A sentence where the expression is not valid; else empty.
    const QString& error() const { return m_error; }
    /// Which hit is being looked at: an index into result()->ids, or -1.
    Index position() const { return m_position; }
    PointId currentHit() const;

    void setQuery(const QString& query);
    void setRegularExpression(bool isRegularExpression);
    void setColumn(std::optional<std::size_t> column);
    void clear();
    /// Walks the hits, round at the ends. The workspace selects the point that is gone to.
    void next();
    void previous();
    void goTo(Index position);

    void reset(std::shared_ptr<const Dataset> dataset);
    void setDataset(std::shared_ptr<const Dataset> dataset);

signals:
    void queryChanged(); ///< text, column or kind of expression
    void resultChanged(); ///< hits or error
    void positionChanged();

private:
    void restart();

    JobRunner m_runner;
    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const SearchResult> m_result = std::make_shared<const SearchResult>();
    QString m_query;
    QString m_error;
    std::optional<std::size_t> m_column;
    bool m_isRegularExpression = false;
    Index m_position = -1;
};

} // namespace embedscope::ui
