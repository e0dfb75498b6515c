#include "ui/workspace/projection_state.h"

#include "ui/convert.h"
#include "ui/workspace/live_values.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace embedscope::ui {

namespace {

constexpr auto kLiveInterval = std::chrono::milliseconds(100);
constexpr auto kStepInterval = std::chrono::milliseconds(200);
/// Share of the bar that the set-up takes (neighbours, affinities) before the first iteration.
constexpr double kSetUpShare = 0.15;
/// Going on does a quarter of the iterations that were planned, but not fewer than these.
constexpr int kLeastFurther = 50;

using Clock = std::chrono::steady_clock;
using LayoutPointer = std::shared_ptr<const Layout>;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

} // namespace

/// The resumable projection; touched by one job at a time, and by the window while none runs.
struct ProjectionState::Run
{
    std::unique_ptr<Projection> projection;
    LiveValues live;
    int further = 0; ///< Iterations to add before it goes on.
    int firstIteration = 0; ///< Where the bar begins.
    double setUpShare = kSetUpShare;
    double seconds = 0; ///< Of iterations.
};

ProjectionState::ProjectionState(QObject* parent)
    : QObject(parent)
{
    connect(&m_runner, &JobRunner::progressed, this, [this](const QString& stage, double fraction) {
        m_stage = stage;
        m_fraction = fraction;
        emit progressed();
    });
}

ProjectionState::~ProjectionState() = default;

double ProjectionState::seconds() const
{
    return m_secondsBefore
        + (m_phase == Phase::Running ? static_cast<double>(m_clock.elapsed()) / 1000.0 : 0.0);
}

std::optional<double> ProjectionState::remainingSeconds() const
{
    if (m_phase == Phase::Idle || m_iteration <= 0)
        return std::nullopt;
    return m_speed.secondsUntil(m_total);
}

std::optional<double> ProjectionState::estimate(const ProjectionRequest& request) const
{
    const auto dataset = m_workbench ? m_workbench->dataset() : nullptr;
    return dataset ? m_estimates.seconds(*dataset, request) : std::nullopt;
}

void ProjectionState::clearRun()
{
    m_run.reset();
    m_isGoingOn = false;
    m_isEnding = false;
    m_error.clear();
    m_stage.clear();
    m_fraction = 0;
    m_secondsBefore = 0;
    m_iteration = 0;
    m_total = 0;
    m_speed.clear();
    m_expected.reset();
    m_liveValues.clear();
}

void ProjectionState::run(const ProjectionRequest& request)
{
    if (!m_workbench)
        return;
    if (m_phase != Phase::Idle || m_isEnding)
        emit ended(true);
    clearRun();
    m_request = request;
    m_run = std::make_shared<Run>();
    m_expected = estimateSeconds(*m_workbench->dataset(), request);
    m_stage = tr("Starting");
    m_clock.start();
    setPhase(Phase::Running);
    emit started();
    emit progressed();
    advance();
}

void ProjectionState::pause()
{
    if (m_phase != Phase::Running)
        return;
    m_secondsBefore = seconds();
    m_runner.stop();
    setPhase(Phase::Paused);
}

void ProjectionState::resume()
{
    if (m_phase != Phase::Paused)
        return;
    m_clock.start();
    setPhase(Phase::Running);
    advance();
}

void ProjectionState::stop()
{
    if (m_phase == Phase::Idle)
        return;
    if (m_phase == Phase::Running) {
        m_secondsBefore = seconds();
        m_runner.stop(); // Delivers the last whole iteration.
    }
    m_isEnding = m_runner.isBusy();
    setPhase(Phase::Idle);
    if (!m_isEnding)
        emit ended(true);
}

void ProjectionState::discard()
{
    const bool wasRunning = m_phase != Phase::Idle;
    const bool wasEnding = m_isEnding;
    m_runner.discard(); // Also what a stopped run is about to deliver.
    m_run.reset();
    m_isEnding = false;
    setPhase(Phase::Idle);
    if (wasRunning || wasEnding)
        emit ended(!wasRunning);
}

bool ProjectionState::canGoOn() const
{
    return m_phase == Phase::Idle && m_run && m_run->projection && !m_runner.isBusy();
}

int ProjectionState::furtherIterations() const
{
    if (!canGoOn())
        return 0;
    const int left = m_run->projection->isDone() ? 0 : m_total - m_iteration;
    return left > 0 ? left : std::max(kLeastFurther, m_total / 4);
}

void ProjectionState::goOn()
{
    if (!canGoOn())
        return;
    m_isGoingOn = true;
    m_run->further = m_run->projection->isDone() ? furtherIterations() : 0;
    m_run->firstIteration = m_run->projection->iteration();
    m_run->setUpShare = 0;
    m_expected.reset(); // What has run before says nothing of how long a whole run takes.
    m_fraction = 0;
    m_error.clear();
    m_clock.start();
    setPhase(Phase::Running);
    emit started();
    emit progressed();
    advance();
}

void ProjectionState::setLive(const std::string& id, const ParameterValue& value)
{
    if (!m_run || (m_phase == Phase::Idle && !canGoOn()))
        return;
    m_run->live.post(id, value);
    const auto known = std::find_if(m_liveValues.begin(), m_liveValues.end(),
        [&id](const auto& pair) { return pair.first == id; });
    if (known != m_liveValues.end())
        known->second = value;
    else
        m_liveValues.emplace_back(id, value);
}

void ProjectionState::reset(std::shared_ptr<const Dataset> dataset)
{
    m_runner.discard();
    clearRun();
    m_workbench = dataset ? std::make_shared<Workbench>(std::move(dataset)) : nullptr;
    setPhase(Phase::Idle);
    emit progressed();
}

void ProjectionState::setDataset(std::shared_ptr<const Dataset> dataset)
{
    if (m_workbench)
        m_workbench->setDataset(std::move(dataset));
}

void ProjectionState::takeStep(int iteration, int total, double seconds)
{
    m_iteration = iteration;
    m_total = total;
    m_speed.record(iteration, seconds);
    emit progressed();
}

void ProjectionState::advance()
{
    m_runner.run<LayoutPointer>(
        [this, run = m_run, workbench = m_workbench, request = m_request](
            const JobContext& context) -> Result<LayoutPointer> {
            const Progress& progress = context.progress();
            if (!run->projection) {
                EMBEDSCOPE_TRY_ASSIGN(run->projection,
                    startProjection(*workbench, request, progress.part(0, run->setUpShare)));
            }
            Projection& projection = *run->projection;
            if (const int further = std::exchange(run->further, 0); further > 0) {
                if (const Status extended = projection.extend(further); !extended)
                    return extended.error();
            }
            const int total = projection.totalIterations();
            const auto share = [&](int iteration) {
                return run->setUpShare
                    + (1 - run->setUpShare) * (iteration - run->firstIteration)
                    / std::max(1, total - run->firstIteration);
            };
            const auto tell = [&] {
                context.publish(
                    [this, iteration = projection.iteration(), total, seconds = run->seconds] {
                        takeStep(iteration, total, seconds);
                    });
            };
            tell();
            auto lastShown = Clock::now() - kLiveInterval;
            auto lastTold = Clock::now();
            while (!projection.isDone() && !progress.stopRequested()) {
                for (const auto& [id, value] : run->live.take()) {
                    if (const Status set = projection.setLive(id, value); !set)
                        context.publish([this, sentence = toQString(describe(set.error()))] {
                            emit failed(sentence);
                        });
                }
                const auto start = Clock::now();
                const int at = projection.iteration();
                const Status status
                    = projection.advance(1, progress.part(share(at), share(at + 1)));
                run->seconds += secondsSince(start);
                if (!status && status.error().code != ErrorCode::Stopped)
                    return status.error();
                if (Clock::now() - lastTold >= kStepInterval) {
                    tell();
                    lastTold = Clock::now();
                }
                if (!projection.isDone() && Clock::now() - lastShown >= kLiveInterval) {
                    const auto live = std::make_shared<const Layout>(projection.layout());
                    context.publish([this, live] { emit layoutReady(live); });
                    lastShown = Clock::now();
                }
            }
            tell();
            return std::make_shared<const Layout>(projection.layout());
        },
        [this](const Result<LayoutPointer>& result) { deliver(result); });
}

void ProjectionState::deliver(const Result<LayoutPointer>& result)
{
    // A run that cannot be taken further need not keep what it computed with.
    if (m_phase != Phase::Paused && m_run && m_run->projection && m_run->projection->isDone()
        && !m_run->projection->extend(0))
        m_run.reset();
    if (result) {
        emit layoutReady(*result);
        if (m_phase == Phase::Running)
            finish({});
    } else if (result.error().code == ErrorCode::Stopped) {
        // Paused in the middle of the set-up: it starts over when resumed.
        if (m_phase == Phase::Running)
            finish({});
    } else {
        finish(toQString(describe(result.error())));
    }
    if (std::exchange(m_isEnding, false)) {
        emit ended(true);
        emit phaseChanged(); // Now it can go on.
    }
}

void ProjectionState::finish(const QString& error)
{
    const bool wasRunning = m_phase != Phase::Idle;
    m_secondsBefore = seconds();
    m_error = error;
    if (error.isEmpty()) {
        m_fraction = 1;
        if (m_expected && m_iteration > 0 && m_liveValues.empty()) {
            // A run that converged early says how long the whole would have taken.
            const double done = static_cast<double>(m_iteration) / std::max(m_iteration, m_total);
            m_estimates.learn(m_request.method, *m_expected * done, m_secondsBefore);
        }
    } else {
        m_run.reset();
    }
    setPhase(Phase::Idle);
    if (wasRunning)
        emit ended(true);
    emit progressed();
    if (!error.isEmpty())
        emit failed(error);
}

void ProjectionState::setPhase(Phase phase)
{
    if (phase == m_phase)
        return;
    m_phase = phase;
    emit phaseChanged();
}

} // namespace embedscope::ui
