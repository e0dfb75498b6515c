#pragma once

#include "core/data/dataset.h"
#include "core/data/layout.h"
#include "core/projection/projection.h"
#include "core/projection/workbench.h"
#include "ui/jobs/job_runner.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <memory>

namespace embedscope::ui {

/// A run of a projection: started, shown live, paused, resumed, stopped (keeps the layout) or
/// discarded (puts the layout before it back).
class ProjectionState : public QObject
{
    Q_OBJECT

public:
    enum class Phase
    {
        Idle,
        Running,
        Paused
    };

    explicit ProjectionState(QObject* parent = nullptr);
    ~ProjectionState() override;

    Phase phase() const { return m_phase; }
    /// What runs, or ran last.
    const ProjectionRequest& request() const { return m_request; }
    const QString& stage() const { return m_stage; }
    double fraction() const { return m_fraction; }
    /// Seconds that the present run has computed; pauses do not count.
    double seconds() const;
    /// A sentence where the last run failed; else empty.
    const QString& error() const { return m_error; }

    /// Starts a run; one that is under way is dropped.
    void run(const ProjectionRequest& request);
    void pause();
    void resume();
    /// Ends the run and keeps what it has reached, marked as unfinished.
    void stop();
    /// Ends the run and puts back the layout from before it.
    void discard();

    void reset(std::shared_ptr<const Dataset> dataset);
    /// The same table with other columns: a run that is under way goes on.
    void setDataset(std::shared_ptr<const Dataset> dataset);
    /// What discard() goes back to.
    void setLayoutBefore(std::shared_ptr<const Layout> layout);

signals:
    void phaseChanged();
    void progressed();
    /// A layout to show: live (at most every 100 ms) or the last.
    void layoutReady(const std::shared_ptr<const Layout>& layout);
    void failed(const QString& sentence);

private:
    struct Run;

    void advance();
    void finish(const QString& error);
    void setPhase(Phase phase);

    JobRunner m_runner;
    std::shared_ptr<Workbench> m_workbench; ///< Of the open table; null while there is none.
    std::shared_ptr<const Layout> m_before;
    std::shared_ptr<Run> m_run; ///< Shared with the job that advances it.
    ProjectionRequest m_request;
    Phase m_phase = Phase::Idle;
    QString m_stage;
    QString m_error;
    double m_fraction = 0;
    double m_secondsBefore = 0; ///< Up to the last pause.
    QElapsedTimer m_clock;
};

} // namespace embedscope::ui
