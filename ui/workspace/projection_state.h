#pragma once

#include "core/data/dataset.h"
#include "core/data/layout.h"
#include "core/projection/projection.h"
#include "core/projection/workbench.h"
#include "ui/jobs/job_runner.h"
#include "ui/workspace/run_estimates.h"
#include "ui/workspace/run_speed.h"

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <memory>
#include <optional>

namespace embedscope::ui {

/// A run of a projection: started, shown live, steered by its live parameters, paused, resumed,
/// stopped (keeps the layout), discarded, or taken further after its end.
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
    /// Iterations done, and in all at most; 0 before the first is done.
    int iteration() const { return m_iteration; }
    int totalIterations() const { return m_total; }
    /// At most so many seconds are left, by the recent speed; nullopt while that is not known.
    std::optional<double> remainingSeconds() const;
    /// A sentence where the last run failed; else empty.
    const QString& error() const { return m_error; }

    /// About how many seconds such a run would take here; nullopt where it cannot be run.
    std::optional<double> estimate(const ProjectionRequest& request) const;

    /// Starts a run; one that is under way ends as it was last seen.
    void run(const ProjectionRequest& request);
    void pause();
    void resume();
    /// Ends the run and keeps what it has reached, marked as unfinished.
    void stop();
    /// Ends the run; what it has reached is not kept.
    void discard();

    /// Whether the run that ended can be taken further.
    bool canGoOn() const;
    /// How many iterations goOn() would do.
    int furtherIterations() const;
    void goOn();
    /// The run goes on, or went on, beyond the end it had.
    bool isGoingOn() const { return m_isGoingOn; }

    /// Changes a parameter marked isLive: from the next iteration on, or from the first after a
    /// pause or goOn(). Ignored where there is no run to steer.
    void setLive(const std::string& id, const ParameterValue& value);
    /// What setLive() has set in the present run.
    const ParameterValues& liveValues() const { return m_liveValues; }

    /// What runs on the open table have in common; null while there is none. Any thread may use it.
    std::shared_ptr<Workbench> workbench() const { return m_workbench; }

    void reset(std::shared_ptr<const Dataset> dataset);
    /// The same table with other columns: a run that is under way goes on.
    void setDataset(std::shared_ptr<const Dataset> dataset);

signals:
    /// A run begins, or goes on beyond its end.
    void started();
    void phaseChanged();
    void progressed();
    /// A layout to show: live (at most every 100 ms) or the last.
    void layoutReady(const std::shared_ptr<const Layout>& layout);
    /// The run is over and its last layout has been delivered, or it was discarded.
    void ended(bool isKept);
    void failed(const QString& sentence);

private:
    struct Run;

    void advance();
    void deliver(const Result<std::shared_ptr<const Layout>>& result);
    void finish(const QString& error);
    void setPhase(Phase phase);
    void takeStep(int iteration, int total, double seconds);
    void clearRun();

    JobRunner m_runner;
    std::shared_ptr<Workbench> m_workbench; ///< Of the open table; null while there is none.
    std::shared_ptr<Run> m_run; ///< Shared with the job that advances it.
    ProjectionRequest m_request;
    Phase m_phase = Phase::Idle;
    QString m_stage;
    QString m_error;
    double m_fraction = 0;
    double m_secondsBefore = 0; ///< Up to the last pause.
    QElapsedTimer m_clock;
    int m_iteration = 0;
    int m_total = 0;
    RunSpeed m_speed;
    RunEstimates m_estimates;
    std::optional<double> m_expected; ///< Seconds on the reference machine.
    ParameterValues m_liveValues;
    bool m_isGoingOn = false;
    bool m_isEnding = false; ///< Stopped; the last layout is on its way.
};

} // namespace embedscope::ui
