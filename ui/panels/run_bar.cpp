#include "ui/panels/run_bar.h"

#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/live_controls.h"
#include "ui/panels/time_text.h"
#include "ui/shortcuts.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace embedscope::ui {

namespace {

using Phase = ProjectionState::Phase;

constexpr int kBarSteps = 1000;
constexpr int kTickMs = 200;
constexpr int kEstimateMs = 120;

QToolButton* buttonFor(QAction* action)
{
    auto* made = new QToolButton;
    made->setDefaultAction(action);
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    made->setFocusPolicy(Qt::StrongFocus);
    return made;
}

QString sentence(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

} // namespace

RunBar::RunBar(Workspace& workspace, std::function<ProjectionRequest()> request, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_request(std::move(request))
    , m_run(addOrder("projection.run", QStringLiteral("run"), tr("Run")))
    , m_pause(addOrder("projection.pause", QStringLiteral("pause"), tr("Pause")))
    , m_stop(addOrder("projection.stop", QStringLiteral("stop"), tr("Stop")))
    , m_discard(new QAction(icon(QStringLiteral("remove")), tr("Discard"), this))
    , m_goOn(new QAction(icon(QStringLiteral("forward")), tr("Go on"), this))
    , m_live(new LiveControls)
    , m_status(new HintLabel)
    , m_bar(new QProgressBar)
    , m_runningButtons(new QWidget)
    , m_estimate(new QLabel)
{
    m_run->setToolTip(tr("Compute the map with these settings (Ctrl+R)"));
    m_stop->setToolTip(tr("End the run and keep the map as it is now (Ctrl+.)"));
    m_discard->setObjectName(QStringLiteral("projection.discard"));
    m_discard->setToolTip(tr("End the run and go back to the map from before it"));
    m_goOn->setObjectName(QStringLiteral("projection.goOn"));
    m_live->setObjectName(QStringLiteral("projectionLive"));
    m_bar->setObjectName(QStringLiteral("projectionBar"));
    m_bar->setRange(0, kBarSteps);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress of the run"));
    m_status->setObjectName(QStringLiteral("projectionStatus"));
    m_estimate->setObjectName(QStringLiteral("projectionEstimate"));
    m_estimate->setToolTip(tr("How long a run with these settings will take, by the number of "
                              "points and by how long earlier runs took on this machine"));
    m_estimate->setAlignment(Qt::AlignVCenter | Qt::AlignLeft);
    m_estimate->setWordWrap(true);
    m_estimate->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(9, 6, 9, 9);
    layout->addWidget(m_live);
    layout->addWidget(m_status);
    layout->addWidget(m_bar);
    layout->addWidget(makeButtons());

    m_tick.setInterval(kTickMs);
    m_estimateSoon.setInterval(kEstimateMs);
    m_estimateSoon.setSingleShot(true);
    ProjectionState* projection = workspace.projection();
    connect(m_run, &QAction::triggered, this, [this, projection] { projection->run(m_request()); });
    connect(m_pause, &QAction::triggered, this, [projection] {
        if (projection->phase() == Phase::Paused)
            projection->resume();
        else
            projection->pause();
    });
    connect(m_stop, &QAction::triggered, projection, &ProjectionState::stop);
    connect(m_discard, &QAction::triggered, projection, &ProjectionState::discard);
    connect(m_goOn, &QAction::triggered, projection, &ProjectionState::goOn);
    connect(m_live, &LiveControls::valueChanged, projection, &ProjectionState::setLive);
    connect(&m_tick, &QTimer::timeout, this, &RunBar::showProgress);
    connect(&m_estimateSoon, &QTimer::timeout, this, &RunBar::showEstimate);
    connect(projection, &ProjectionState::phaseChanged, this, &RunBar::showPhase);
    connect(projection, &ProjectionState::started, this, &RunBar::showPhase);
    connect(projection, &ProjectionState::ended, this, &RunBar::showPhase);
    connect(projection, &ProjectionState::progressed, this, &RunBar::showProgress);
    connect(&workspace, &Workspace::layoutChanged, this, &RunBar::showLive);
    connect(&workspace, &Workspace::datasetChanged, this, &RunBar::showPhase);
    showPhase();
}

QAction* RunBar::addOrder(const char* id, const QString& iconName, const QString& text)
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setObjectName(QLatin1String(id));
    applyShortcut(action, id);
    addAction(action);
    return action;
}

QWidget* RunBar::makeButtons()
{
    auto* running = new QHBoxLayout(m_runningButtons);
    running->setContentsMargins(0, 0, 0, 0);
    for (QAction* action : {m_pause, m_stop, m_discard})
        running->addWidget(buttonFor(action));
    QToolButton* run = buttonFor(m_run);
    run->setObjectName(QStringLiteral("projectionRun"));
    m_goOnButton = buttonFor(m_goOn);
    m_goOnButton->setObjectName(QStringLiteral("projectionGoOn"));
    auto* idle = new QHBoxLayout;
    idle->addWidget(run, 1);
    idle->addWidget(m_goOnButton, 1);
    idle->addWidget(m_estimate, 1);
    auto* whole = new QWidget;
    auto* layout = new QVBoxLayout(whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_runningButtons);
    layout->addLayout(idle);
    return whole;
}

void RunBar::showPhase()
{
    const ProjectionState* projection = m_workspace.projection();
    const Phase phase = projection->phase();
    const bool isIdle = phase == Phase::Idle;
    m_run->setEnabled(m_workspace.dataset() != nullptr);
    m_run->setText(isIdle ? tr("Run") : tr("Run again"));
    m_pause->setText(phase == Phase::Paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(
        icon(phase == Phase::Paused ? QStringLiteral("run") : QStringLiteral("pause")));
    m_pause->setToolTip(phase == Phase::Paused ? tr("Go on where the run was paused (Ctrl+Shift+P)")
                                               : tr("Hold the run (Ctrl+Shift+P)"));
    for (QAction* action : {m_pause, m_stop, m_discard})
        action->setEnabled(!isIdle);
    m_runningButtons->setVisible(!isIdle);
    m_bar->setVisible(!isIdle);
    const bool canGoOn = projection->canGoOn();
    m_goOn->setEnabled(canGoOn);
    m_goOnButton->setVisible(canGoOn);
    if (canGoOn)
        m_goOn->setToolTip(tr("Take the run %1 iterations further, from where it ended")
                               .arg(numberText(projection->furtherIterations())));
    if (phase == Phase::Running)
        m_tick.start();
    else
        m_tick.stop();
    showLive();
    showProgress();
    showEstimate();
}

void RunBar::showLive()
{
    const ProjectionState* projection = m_workspace.projection();
    const bool canSteer = projection->phase() != Phase::Idle || projection->canGoOn();
    const Method* method = findMethod(projection->request().method);
    if (canSteer && method && m_liveMethod != method->id) {
        m_liveMethod = method->id;
        m_live->setParameters(method->parameters);
    }
    m_live->setVisible(canSteer && !m_live->isEmpty());
    if (!canSteer || m_live->isEmpty() || !method)
        return;
    // What was set by hand; before that what was asked for, where need be as it was resolved.
    const auto& layout = m_workspace.layout();
    const bool isOfThisRun = layout && layout->recipe.method == projection->request().method;
    const auto asked = resolvedValues(method->parameters, projection->request().parameters);
    ParameterValues values = projection->liveValues();
    const auto add = [&values](const ParameterValues& more) {
        for (const auto& [id, value] : more) {
            if (!findValue(values, id))
                values.emplace_back(id, value);
        }
    };
    if (isOfThisRun)
        add(layout->recipe.parameters);
    if (asked)
        add(*asked);
    m_live->showValues(values);
}

QString RunBar::progressText() const
{
    const ProjectionState* projection = m_workspace.projection();
    QString text = projection->stage();
    if (projection->iteration() > 0)
        text = tr("%1, iteration %2 of %3")
                   .arg(text, numberText(projection->iteration()),
                       numberText(projection->totalIterations()));
    text = tr("%1, %2").arg(text, elapsedTime(projection->seconds()));
    if (projection->phase() == Phase::Paused)
        return tr("Paused: %1").arg(text);
    // At most: a run may converge before.
    if (const auto left = projection->remainingSeconds(); left && *left >= 1)
        text = tr("%1; %2 left at most").arg(text, aboutTime(*left));
    return text;
}

void RunBar::showProgress()
{
    const ProjectionState* projection = m_workspace.projection();
    m_bar->setValue(static_cast<int>(projection->fraction() * kBarSteps));
    if (!m_workspace.dataset())
        m_status->say(tr("Open a file to make a map of it."));
    else if (!projection->error().isEmpty())
        m_status->say(projection->error());
    else if (projection->phase() == Phase::Idle)
        m_status->say({});
    else
        m_status->say(progressText());
}

void RunBar::showEstimate()
{
    const ProjectionState* projection = m_workspace.projection();
    const auto seconds = projection->phase() == Phase::Idle && m_workspace.dataset()
        ? projection->estimate(m_request())
        : std::nullopt;
    m_estimate->setVisible(seconds.has_value());
    if (seconds)
        m_estimate->setText(sentence(aboutTime(*seconds)));
}

} // namespace embedscope::ui
