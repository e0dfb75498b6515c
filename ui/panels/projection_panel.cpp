#include "ui/panels/projection_panel.h"

#include "ui/panels/columns_as_map.h"
#include "ui/panels/form_help.h"
#include "ui/panels/method_form.h"
#include "ui/panels/recipe_view.h"
#include "ui/panels/run_bar.h"
#include "ui/panels/scrolled.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QFrame>
#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>

namespace embedscope::ui {

namespace {

/// On a lower panel the explanations would leave the form no room; tooltips have them too.
constexpr int kLowestWithHelp = 320;
constexpr int kLowestWhileRunning = 560; ///< The run's own controls stand there, too.

} // namespace

ProjectionPanel::ProjectionPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_form(new MethodForm)
    , m_help(new FormHelp)
    , m_runBar(new RunBar(workspace, [this] { return request(); }))
{
    m_help->setObjectName(QStringLiteral("projectionHelp"));
    auto* content = new QWidget;
    auto* inside = new QVBoxLayout(content);
    inside->addWidget(m_form);
    inside->addWidget(new RecipeView(workspace));
    inside->addWidget(new ColumnsAsMap(workspace));
    inside->addStretch(1);
    auto* scroll = scrolled(content, QStringLiteral("projectionScroll"));
    auto* line = new QFrame;
    line->setFrameShape(QFrame::HLine);
    line->setForegroundRole(QPalette::Midlight);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(scroll, 1);
    layout->addWidget(line);
    layout->addWidget(m_help);
    layout->addWidget(m_runBar);
    setFocusProxy(m_form);
    addActions(m_runBar->actions());

    connect(m_form, &MethodForm::explained, m_help, &FormHelp::say);
    connect(m_form, &MethodForm::changed, m_runBar, &RunBar::askEstimate);
    connect(
        m_form, &MethodForm::changed, this, [this] { m_help->setIdleText(m_form->description()); });
    connect(workspace.projection(), &ProjectionState::phaseChanged, this,
        &ProjectionPanel::makeRoomForHelp);
    connect(&workspace, &Workspace::layoutChanged, this,
        [this] { m_form->setMapShown(m_workspace.layout()); });
    connect(&workspace, &Workspace::datasetChanged, this, &ProjectionPanel::showDataset);
    connect(&workspace, &Workspace::columnsChanged, this, &ProjectionPanel::showDataset);
    connect(&workspace, &Workspace::settingsWanted, m_form, &MethodForm::setRequest);
    m_form->setMapShown(workspace.layout());
    m_help->setIdleText(m_form->description());
    showDataset();
}

ProjectionRequest ProjectionPanel::request() const
{
    return m_form->request();
}

void ProjectionPanel::showDataset()
{
    m_form->setDataset(m_workspace.dataset());
    m_runBar->askEstimate();
}

void ProjectionPanel::makeRoomForHelp()
{
    const bool isIdle = m_workspace.projection()->phase() == ProjectionState::Phase::Idle;
    const bool hasRoom = height() >= (isIdle ? kLowestWithHelp : kLowestWhileRunning);
    m_help->setVisible(hasRoom);
    m_form->setExplainedElsewhere(hasRoom);
}

void ProjectionPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    makeRoomForHelp();
}

} // namespace embedscope::ui
