#include "ui/workspace/quality_state.h"

#include "ui/convert.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"

#include <algorithm>

namespace embedscope::ui {

namespace {

/// Longer than points take to move from one map to another.
constexpr int kRestMs = 600;
/// What is spent without being asked: some twenty seconds of one processor.
constexpr double kCheapWork = 2.5e11;

/// Steps of measuring, about 1.3e10 a second: those of a pair of points are its dimensions, and
/// choosing the nearest takes as long as so many dimensions more.
double workOf(const Dataset& dataset, const QualityOptions& options)
{
    constexpr double choosing = 60;
    const auto n = static_cast<double>(dataset.usableCount());
    const bool isSampled = dataset.usableCount() > options.exactUpTo;
    return n * (isSampled ? static_cast<double>(options.sampleSize) : n)
        * (static_cast<double>(dataset.dimensions()) + choosing);
}

} // namespace

QualityState::QualityState(
    SelectionState* selection, ProjectionState* projection, LayoutList* layouts, QObject* parent)
    : QObject(parent)
    , m_selection(selection)
    , m_projection(projection)
    , m_layouts(layouts)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, &QualityState::settle);
    connect(&m_runner, &JobRunner::progressed, this, [this](const QString& stage, double fraction) {
        m_stage = stage;
        m_fraction = fraction;
        emit progressed();
    });
    connect(projection, &ProjectionState::phaseChanged, this, &QualityState::followRun);
    connect(selection, &SelectionState::currentChanged, this,
        [this] { m_current.ask(m_selection->current()); });
    connect(selection, &SelectionState::hoveredChanged, this, [this] {
        if (m_isOverlayShown)
            m_hovered.ask(m_selection->hovered());
    });
    connect(&m_current, &PointExaminer::answerChanged, this, [this] {
        emit currentExamined();
        if (m_isOverlayShown)
            emit overlayChanged();
    });
    connect(&m_hovered, &PointExaminer::answerChanged, this, &QualityState::overlayChanged);
}

void QualityState::measure()
{
    if (m_layout && !m_quality && !arePointsMoving() && m_phase != Phase::Measuring) {
        m_rest.stop();
        start();
    }
}

void QualityState::stop()
{
    if (m_phase != Phase::Measuring)
        return;
    m_runner.discard();
    setPhase(Phase::Stopped);
}

void QualityState::setOverlayShown(bool isShown)
{
    if (isShown == m_isOverlayShown)
        return;
    m_isOverlayShown = isShown;
    m_hovered.ask(isShown ? m_selection->hovered() : kNoPoint);
    emit overlayChanged();
}

std::shared_ptr<const PointFaithfulness> QualityState::marked() const
{
    if (!m_isOverlayShown)
        return nullptr;
    return m_hovered.answer() ? m_hovered.answer() : m_current.answer();
}

void QualityState::reset(std::shared_ptr<const Dataset> dataset)
{
    m_findings.clear();
    m_dataset = std::move(dataset);
    m_current.ask(m_selection->current());
    m_hovered.ask(kNoPoint);
    setLayout(nullptr);
}

void QualityState::setDataset(std::shared_ptr<const Dataset> dataset)
{
    m_dataset = std::move(dataset); // Of the same vectors: what was measured stays true.
}

void QualityState::setLayout(std::shared_ptr<const Layout> layout)
{
    if (layout == m_layout)
        return;
    m_layout = std::move(layout);
    m_runner.discard();
    m_rest.stop();
    m_current.setSubject(nullptr, nullptr);
    m_hovered.setSubject(nullptr, nullptr);
    const auto known = std::find_if(m_findings.begin(), m_findings.end(),
        [this](const Findings& findings) { return findings.layout.lock() == m_layout; });
    if (m_layout && known != m_findings.end()) {
        show(*known);
        if (!arePointsMoving())
            m_rest.start();
        return;
    }
    m_quality.reset();
    const bool hadColumns = m_columns != nullptr;
    m_columns.reset();
    setPhase(m_layout ? Phase::Waiting : Phase::Idle);
    if (hadColumns)
        emit columnsChanged();
    if (m_layout && !arePointsMoving())
        m_rest.start();
}

bool QualityState::arePointsMoving() const
{
    return m_projection->phase() == ProjectionState::Phase::Running && m_layouts->runningId() != 0
        && m_layouts->runningId() == m_layouts->shownId();
}

void QualityState::followRun()
{
    if (!m_layout)
        return;
    if (!arePointsMoving()) {
        m_rest.start();
        return;
    }
    m_rest.stop();
    if (!m_quality) {
        m_runner.discard();
        setPhase(Phase::Waiting);
    }
}

void QualityState::settle()
{
    if (!m_layout || !m_dataset)
        return;
    m_current.setSubject(m_dataset, m_layout);
    m_hovered.setSubject(m_dataset, m_layout);
    if (m_phase != Phase::Waiting)
        return;
    if (workOf(*m_dataset, QualityOptions()) > kCheapWork)
        setPhase(Phase::Skipped);
    else
        start();
}

void QualityState::start()
{
    m_stage.clear();
    m_fraction = 0;
    m_error.clear();
    setPhase(Phase::Measuring);
    m_runner.run<Findings>(
        [dataset = m_dataset, layout = m_layout](const JobContext& context) -> Result<Findings> {
            EMBEDSCOPE_TRY_ASSIGN(auto quality,
                measureQuality(*dataset, *layout, QualityOptions(), context.progress()));
            auto columns = std::make_shared<const Columns>(qualityColumns(quality, layout->size()));
            return Findings{layout, std::make_shared<const LayoutQuality>(std::move(quality)),
                std::move(columns)};
        },
        [this](Result<Findings> result) {
            if (!result) {
                m_error = toQString(describe(result.error()));
                setPhase(Phase::Failed);
                return;
            }
            m_findings.erase(std::remove_if(m_findings.begin(), m_findings.end(),
                                 [](const Findings& known) { return known.layout.expired(); }),
                m_findings.end());
            m_findings.push_back(*result);
            show(*result);
        });
}

void QualityState::show(const Findings& findings)
{
    m_quality = findings.quality;
    m_columns = findings.columns;
    setPhase(Phase::Measured);
    emit columnsChanged();
}

void QualityState::setPhase(Phase phase)
{
    if (phase == m_phase && phase != Phase::Measured)
        return;
    m_phase = phase;
    emit phaseChanged();
}

} // namespace embedscope::ui
