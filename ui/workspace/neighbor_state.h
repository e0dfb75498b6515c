#pragma once

#include "core/data/dataset.h"
#include "core/neighbors/exact.h"
#include "ui/jobs/job_runner.h"
#include "ui/workspace/history.h"

#include <QObject>
#include <QString>
#include <memory>
#include <optional>
#include <string>

namespace embedscope::ui {

class SelectionState;

/// Which rows may be neighbours, where not all may: those that have a value in a column.
struct AmongRows
{
    std::string column;
    std::optional<std::string> value; ///< nullopt: any but that of the point itself.
    bool operator==(const AmongRows&) const = default;
};

/// The true neighbours of the current point, in the full space, and the way walked from point to
/// point. Follows SelectionState::currentChanged.
class NeighborState : public QObject
{
    Q_OBJECT

public:
    explicit NeighborState(SelectionState* selection, QObject* parent = nullptr);

    Metric metric() const { return m_metric; }
    Index k() const { return m_k; } ///< 1 to 1000.
    const std::optional<AmongRows>& among() const { return m_among; } ///< nullopt: all rows.
    bool isBusy() const { return m_runner.isBusy(); }
    /// Of the current point; null where there is none or it is still being worked out.
    const std::shared_ptr<const NeighborList>& list() const { return m_list; }
    /// A sentence where the query failed; else empty.
    const QString& error() const { return m_error; }
    bool canGoBack() const { return m_history.canGoBack(); }
    bool canGoForward() const { return m_history.canGoForward(); }

    void setMetric(Metric metric);
    void setK(Index k);
    void setAmong(std::optional<AmongRows> among);
    void goBack();
    void goForward();

    void reset(std::shared_ptr<const Dataset> dataset);
    void setDataset(std::shared_ptr<const Dataset> dataset);
    /// The same table with rows added below: the way that was walked stays.
    void extend(std::shared_ptr<const Dataset> dataset);

signals:
    void parametersChanged(); ///< metric, k or among
    void listChanged(); ///< list, error or busy
    void historyChanged();

private:
    void follow();
    void restart();

    JobRunner m_runner;
    SelectionState* m_selection;
    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const NeighborList> m_list;
    QString m_error;
    History m_history;
    Metric m_metric = Metric::Cosine;
    Index m_k = 20;
    std::optional<AmongRows> m_among;
};

} // namespace embedscope::ui
