#pragma once

#include "core/analysis/health/health.h"
#include "ui/jobs/job_runner.h"

#include <QObject>
#include <QString>
#include <memory>

namespace embedscope::ui {

/// What is odd about the open table, examined in the background as soon as it is open, and again
/// when it gets other columns or labels.
class HealthState : public QObject
{
    Q_OBJECT

public:
    explicit HealthState(QObject* parent = nullptr);

    /// Null while nothing is open or the table is still being examined.
    const std::shared_ptr<const HealthReport>& report() const { return m_report; }
    bool isExamining() const { return m_runner.isBusy(); }
    /// A sentence where it could not be examined; else empty.
    const QString& error() const { return m_error; }

    /// Another table, the same with other columns, or none.
    void setDataset(std::shared_ptr<const Dataset> dataset);

signals:
    void changed(); ///< report, error or examining

private:
    JobRunner m_runner;
    std::shared_ptr<const HealthReport> m_report;
    QString m_error;
};

} // namespace embedscope::ui
