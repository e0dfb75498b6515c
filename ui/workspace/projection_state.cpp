#include "ui/workspace/projection_state.h"

#include "ui/convert.h"

#include <chrono>

namespace embedscope::ui {

namespace {

constexpr auto kLiveInterval = std::chrono::milliseconds(100);
/// Share of the bar that the set-up takes (neighbours, affinities) before the first iteration.
constexpr double kSetUpShare = 0.15;

using Clock = std::chrono::steady_clock;
using LayoutPointer = std::shared_ptr<const Layout>;

} // namespace

/// The resumable projection; touched by one job at a time.
struct ProjectionState::Run
{
    std::unique_ptr<Projection> projection;
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

void ProjectionState::run(const ProjectionRequest& request)
{
    if (!m_workbench)
        return;
    m_request = request;
    m_run = std::make_shared<Run>();
    m_error.clear();
    m_stage = tr("Starting");
    m_fraction = 0;
    m_secondsBefore = 0;
    m_clock.start();
    setPhase(Phase::Running);
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
    if (m_phase == Phase::Running) {
        m_secondsBefore = seconds();
        m_runner.stop(); // Delivers the last whole iteration.
    }
    if (m_phase != Phase::Idle)
        setPhase(Phase::Idle);
}

void ProjectionState::discard()
{
    m_runner.discard(); // Also what a stopped run is about to deliver.
    m_run.reset();
    if (m_phase == Phase::Idle)
        return;
    setPhase(Phase::Idle);
    if (m_before)
        emit layoutReady(m_before);
}

void ProjectionState::reset(std::shared_ptr<const Dataset> dataset)
{
    m_runner.discard();
    m_run.reset();
    m_before.reset();
    m_workbench = dataset ? std::make_shared<Workbench>(std::move(dataset)) : nullptr;
    m_error.clear();
    m_stage.clear();
    m_fraction = 0;
    m_secondsBefore = 0;
    setPhase(Phase::Idle);
    emit progressed();
}

void ProjectionState::setDataset(std::shared_ptr<const Dataset> dataset)
{
    if (m_workbench)
        m_workbench->setDataset(std::move(dataset));
}

void ProjectionState::setLayoutBefore(std::shared_ptr<const Layout> layout)
{
    m_before = std::move(layout);
}

void ProjectionState::advance()
{
    m_runner.run<LayoutPointer>(
        [this, run = m_run, workbench = m_workbench, request = m_request](
            const JobContext& context) -> Result<LayoutPointer> {
            const Progress& progress = context.progress();
            if (!run->projection) {
                EMBEDSCOPE_TRY_ASSIGN(run->projection,
                    startProjection(*workbench, request, progress.part(0, kSetUpShare)));
            }
            Projection& projection = *run->projection;
            const int total = projection.totalIterations();
            const auto share = [&](int iteration) {
                return kSetUpShare + (1 - kSetUpShare) * iteration / std::max(1, total);
            };
            auto lastShown = Clock::now() - kLiveInterval;
            while (!projection.isDone() && !progress.stopRequested()) {
                const int at = projection.iteration();
                const Status status
                    = projection.advance(1, progress.part(share(at), share(at + 1)));
                if (!status && status.error().code != ErrorCode::Stopped)
                    return status.error();
                if (!projection.isDone() && Clock::now() - lastShown >= kLiveInterval) {
                    const auto live = std::make_shared<const Layout>(projection.layout());
                    context.publish([this, live] { emit layoutReady(live); });
                    lastShown = Clock::now();
                }
            }
            return std::make_shared<const Layout>(projection.layout());
        },
        [this](Result<LayoutPointer> result) {
            if (result) {
                if (m_phase != Phase::Paused)
                    m_before = *result;
                emit layoutReady(*result);
                if (m_phase == Phase::Running) {
                    m_fraction = 1;
                    finish({});
                }
            } else if (result.error().code == ErrorCode::Stopped) {
                // Paused in the middle of the set-up: it starts over when resumed.
                if (m_phase == Phase::Running)
                    finish({});
            } else {
                finish(toQString(describe(result.error())));
            }
        });
}

void ProjectionState::finish(const QString& error)
{
    m_secondsBefore = seconds();
    m_error = error;
    setPhase(Phase::Idle);
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
