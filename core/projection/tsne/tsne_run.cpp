#include "core/projection/tsne/tsne_run.h"

#include "core/base/text.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace embedscope {

namespace {

constexpr int kLossEvery = 25; ///< Iterations between points of the loss chart.
/// Up to here a stopped run still finds the KL divergence of what it leaves: under 50 ms.
constexpr Index kCheapToEvaluate = 100000;
constexpr int kSettledEvery = 50; ///< Iterations between checks.
constexpr double kSettledBelow = 0.0025; ///< Mean move between checks, in root mean square radii.

double fraction(int part, int whole)
{
    return static_cast<double>(part) / static_cast<double>(whole);
}

/// Root mean square distance from the origin, which is the centre.
double radiusOf(const Coordinates& places)
{
    double squares = 0;
    for (int a = 0; a < places.dimensions(); ++a) {
        for (Index i = 0; i < places.size(); ++i)
            squares += static_cast<double>(places.axis(a)[i]) * places.axis(a)[i];
    }
    return std::sqrt(squares / static_cast<double>(places.size()));
}

/// How far points moved on average between two states of a map, each measured by its own radius: a
/// map that only grows has not changed.
double meanMove(const Coordinates& before, const Coordinates& after)
{
    const double scaleBefore = 1 / std::max(radiusOf(before), 1e-30);
    const double scaleAfter = 1 / std::max(radiusOf(after), 1e-30);
    double sum = 0;
    for (Index i = 0; i < after.size(); ++i) {
        double square = 0;
        for (int a = 0; a < after.dimensions(); ++a) {
            const double step = after.axis(a)[i] * scaleAfter - before.axis(a)[i] * scaleBefore;
            square += step * step;
        }
        sum += std::sqrt(square);
    }
    return sum / static_cast<double>(after.size());
}

} // namespace

TsneRun::TsneRun(std::shared_ptr<const PreparedPoints> prepared, TsneOptimizer optimizer,
    TsneOptions options, std::vector<ExaggerationChange> changes, Recipe recipe,
    Diagnostics diagnostics)
    : m_prepared(std::move(prepared))
    , m_optimizer(std::move(optimizer))
    , m_options(std::move(options))
    , m_changes(std::move(changes))
    , m_recipe(std::move(recipe))
    , m_diagnostics(std::move(diagnostics))
{
}

Status TsneRun::advance(int steps, const Progress& progress)
{
    const auto start = std::chrono::steady_clock::now();
    const int first = m_optimizer.iteration();
    const int last = first + std::min(steps, totalIterations() - first);
    bool isStopped = false;
    while (m_optimizer.iteration() < last && !m_isSettled && !isStopped) {
        progress.report("Optimising", fraction(m_optimizer.iteration() - first, last - first));
        isStopped = !m_optimizer.evaluate(progress);
        if (!isStopped) {
            recordLoss();
            followTimetable();
            isStopped = !m_optimizer.step(progress);
        }
        if (!isStopped)
            checkSettled();
    }
    // The forces found here serve the next step; only the very last are found for the loss alone.
    const bool isCheap = m_optimizer.size() <= kCheapToEvaluate;
    if (m_optimizer.evaluate(isStopped && isCheap ? Progress() : progress)) {
        recordLoss();
        m_diagnostics.klDivergence = m_optimizer.klDivergence();
    } else {
        m_diagnostics.klDivergence.reset();
    }
    m_optimizeSeconds
        += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (isStopped)
        return stoppedError();
    progress.report("Optimising", 1);
    return {};
}

bool TsneRun::isDone() const
{
    return m_isSettled || m_optimizer.iteration() >= totalIterations();
}

Status TsneRun::setLive(std::string_view id, const ParameterValue& value)
{
    const auto rows = tsneParameters();
    const auto row = std::find_if(
        rows.begin(), rows.end(), [&](const ParameterInfo& info) { return info.id == id; });
    if (row == rows.end() || !row->isLive)
        return Projection::setLive(id, value);
    EMBEDSCOPE_TRY_ASSIGN(const ParameterValue checked, checkedValue(*row, value));
    // By hand from now on: what the timetable had planned for later no longer counts.
    std::erase_if(m_changes,
        [&](const ExaggerationChange& change) { return change.iteration >= iteration(); });
    m_changes.push_back({iteration(), std::get<double>(checked)});
    m_options.exaggerationChanges = toText(m_changes);
    m_isSettled = false;
    return {};
}

Status TsneRun::extend(int iterations)
{
    m_options.iterations += iterations;
    if (iterations > 0)
        m_isSettled = false;
    return {};
}

Layout TsneRun::layout() const
{
    const Coordinates places = m_optimizer.places();
    Matrix placed = Matrix::zeros(places.size(), places.dimensions());
    for (int a = 0; a < places.dimensions(); ++a) {
        for (Index i = 0; i < places.size(); ++i)
            placed(i, a) = places.axis(a)[i];
    }
    Layout layout{m_prepared->inFileOrder(placed), m_prepared->omitted, m_recipe, m_diagnostics};
    layout.recipe.parameters = recorded(m_options);
    layout.diagnostics.iterations = iteration();
    layout.diagnostics.isFinished = isDone();
    layout.diagnostics.seconds.emplace_back("optimize", m_optimizeSeconds);
    if (m_isSettled) {
        layout.diagnostics.notes.push_back("The map had settled after "
            + std::to_string(iteration()) + " iterations: points hardly moved any more.");
    }
    return layout;
}

void TsneRun::followTimetable()
{
    for (const ExaggerationChange& change : m_changes) {
        if (change.iteration == iteration())
            m_optimizer.setExaggeration(change.exaggeration);
    }
}

/// At fixed iterations, however the steps are cut.
void TsneRun::recordLoss()
{
    const int now = iteration();
    auto& history = m_diagnostics.lossHistory;
    const bool isDue = now % kLossEvery == 0 || now == totalIterations();
    if (isDue && (history.empty() || history.back().first < now))
        history.emplace_back(now, m_optimizer.klDivergence());
}

void TsneRun::checkSettled()
{
    if (!m_options.untilSettled || iteration() % kSettledEvery != 0)
        return;
    Coordinates places = m_optimizer.places();
    const bool isPastEarlyPhase = iteration() >= *m_options.earlyIterations + 2 * kSettledEvery;
    const bool isFixed
        = m_changes.empty() || m_changes.back().iteration + kSettledEvery < iteration();
    m_isSettled = isPastEarlyPhase && isFixed && m_reference.size() > 0
        && meanMove(m_reference, places) < kSettledBelow;
    m_reference = std::move(places);
}

} // namespace embedscope
