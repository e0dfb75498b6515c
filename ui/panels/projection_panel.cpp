#include "ui/panels/projection_panel.h"

#include "core/base/text.h"
#include "ui/charts/loss_chart.h"
#include "ui/charts/scree_chart.h"
#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/panels/column_combo.h"
#include "ui/panels/command_text.h"
#include "ui/panels/hint_label.h"
#include "ui/panels/parameter_form.h"
#include "ui/shortcuts.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

namespace embedscope::ui {

namespace {

using Phase = ProjectionState::Phase;

constexpr int kBarSteps = 1000;
constexpr int kTickMs = 200;
constexpr const char* kPreferredMethod = "tsne"; ///< The PCA picture is drawn without asking.

enum Preprocess
{
    PreprocessAuto,
    PreprocessNone,
    PreprocessNumber
};

/// An integer of the recipe; 0 where it has none of that name.
int integerOf(const Recipe& recipe, std::string_view id)
{
    const ParameterValue* value = findValue(recipe.parameters, id);
    const auto* integer = value ? std::get_if<std::int64_t>(value) : nullptr;
    return integer ? static_cast<int>(*integer) : 0;
}

/// Parameters that mean something on a map of two dimensions.
std::vector<ParameterInfo> planarParameters(const Method& method)
{
    std::vector<ParameterInfo> rows;
    std::copy_if(method.parameters.begin(), method.parameters.end(), std::back_inserter(rows),
        [](const ParameterInfo& info) {
            return info.id.size() < 2 || info.id.substr(info.id.size() - 2) != "_z";
        });
    return rows;
}

} // namespace

ProjectionPanel::ProjectionPanel(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_run(addOrder("projection.run", QStringLiteral("run"), tr("Run")))
    , m_pause(addOrder("projection.pause", QStringLiteral("pause"), tr("Pause")))
    , m_stop(addOrder("projection.stop", QStringLiteral("stop"), tr("Stop")))
    , m_discard(new QAction(icon(QStringLiteral("remove")), tr("Discard"), this))
    , m_method(new QComboBox)
    , m_description(new HintLabel)
    , m_form(new ParameterForm)
    , m_seed(new QSpinBox)
    , m_normalization(new QComboBox)
    , m_preprocess(new QComboBox)
    , m_components(new QSpinBox)
    , m_help(new HintLabel)
    , m_bar(new QProgressBar)
    , m_status(new HintLabel)
    , m_runButtons(new QWidget)
    , m_charts(new QStackedWidget)
    , m_loss(new LossChart)
    , m_scree(new ScreeChart)
    , m_recipe(new HintLabel)
    , m_copyCommand(new QPushButton(tr("Copy as command")))
    , m_useColumns(new QPushButton(tr("Use columns as map…")))
    , m_columns(new QWidget)
    , m_x(new ColumnCombo)
    , m_y(new ColumnCombo)
    , m_tick(new QTimer(this))
{
    describeControls();
    for (const Method& method : methods())
        m_method->addItem(toQString(method.name), toQString(method.id));
    const int preferred = m_method->findData(QString::fromLatin1(kPreferredMethod));
    m_method->setCurrentIndex(std::max(0, preferred));

    auto* content = new QWidget;
    auto* inside = new QVBoxLayout(content);
    inside->addWidget(m_method);
    inside->addWidget(m_description);
    inside->addWidget(m_form);
    inside->addWidget(m_help);
    makeCommonFields();
    inside->addWidget(makeResult());
    inside->addWidget(makeColumnsAsMap());
    inside->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("projectionScroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(scroll, 1);
    layout->addWidget(makeRunArea());
    setFocusProxy(m_method);
    m_tick->setInterval(kTickMs);

    ProjectionState* projection = workspace.projection();
    connect(m_method, &QComboBox::currentIndexChanged, this, &ProjectionPanel::chooseMethod);
    connect(m_form, &ParameterForm::explained, m_help, &HintLabel::say);
    connect(m_run, &QAction::triggered, this, [this, projection] { projection->run(request()); });
    connect(m_pause, &QAction::triggered, this, [projection] {
        if (projection->phase() == Phase::Paused)
            projection->resume();
        else
            projection->pause();
    });
    connect(m_stop, &QAction::triggered, projection, &ProjectionState::stop);
    connect(m_discard, &QAction::triggered, projection, &ProjectionState::discard);
    connect(m_tick, &QTimer::timeout, this, &ProjectionPanel::showProgress);
    connect(projection, &ProjectionState::phaseChanged, this, &ProjectionPanel::showPhase);
    connect(projection, &ProjectionState::progressed, this, &ProjectionPanel::showProgress);
    connect(&workspace, &Workspace::layoutChanged, this, &ProjectionPanel::showLayout);
    connect(&workspace, &Workspace::datasetChanged, this, &ProjectionPanel::showDataset);
    connect(&workspace, &Workspace::columnsChanged, this, &ProjectionPanel::showDataset);
    connect(m_copyCommand, &QPushButton::clicked, this, &ProjectionPanel::copyCommand);
    chooseMethod();
    showDataset();
    showPhase();
    showLayout();
}

QAction* ProjectionPanel::addOrder(const char* id, const QString& iconName, const QString& text)
{
    auto* action = new QAction(icon(iconName), text, this);
    action->setObjectName(QLatin1String(id));
    applyShortcut(action, id);
    addAction(action);
    return action;
}

void ProjectionPanel::describeControls()
{
    m_run->setToolTip(tr("Compute the map with these settings (Ctrl+R)"));
    m_stop->setToolTip(tr("End the run and keep the map as it is now (Ctrl+.)"));
    m_discard->setObjectName(QStringLiteral("projection.discard"));
    m_discard->setToolTip(tr("End the run and go back to the map from before it"));
    m_method->setObjectName(QStringLiteral("projectionMethod"));
    m_method->setAccessibleName(tr("Method"));
    m_method->setToolTip(tr("The method that places the points on the map"));
    m_description->setObjectName(QStringLiteral("projectionDescription"));
    m_form->setObjectName(QStringLiteral("projectionForm"));
    m_help->setObjectName(QStringLiteral("projectionHelp"));
    m_bar->setObjectName(QStringLiteral("projectionBar"));
    m_bar->setRange(0, kBarSteps);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress of the run"));
    m_status->setObjectName(QStringLiteral("projectionStatus"));
    m_recipe->setObjectName(QStringLiteral("projectionRecipe"));
    m_recipe->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_copyCommand->setObjectName(QStringLiteral("projectionCopyCommand"));
    m_copyCommand->setToolTip(tr("Copy a command for the terminal that makes this map again."));
    m_useColumns->setObjectName(QStringLiteral("projectionUseColumns"));
    m_useColumns->setToolTip(tr("Show two number columns of the table as the map, as they are."));
}

QWidget* ProjectionPanel::makeCommonFields()
{
    m_seed->setObjectName(QStringLiteral("seed"));
    m_seed->setRange(0, std::numeric_limits<int>::max());
    m_normalization->setObjectName(QStringLiteral("normalization"));
    m_normalization->addItem(tr("None"), QStringLiteral("none"));
    m_normalization->addItem(tr("Centre"), QStringLiteral("center"));
    m_normalization->addItem(tr("Unit length"), QStringLiteral("unit"));
    m_preprocess->setObjectName(QStringLiteral("preprocess"));
    m_preprocess->addItem(tr("Automatic"));
    m_preprocess->addItem(tr("No"));
    m_preprocess->addItem(tr("To"));
    m_components->setObjectName(QStringLiteral("components"));
    m_components->setRange(2, 10'000);
    m_components->setValue(50);
    m_components->setEnabled(false);
    m_components->setAccessibleName(tr("Principal components to keep"));
    connect(m_preprocess, &QComboBox::currentIndexChanged, this,
        [this](int choice) { m_components->setEnabled(choice == PreprocessNumber); });

    auto* reduce = new QWidget;
    auto* reduceLayout = new QHBoxLayout(reduce);
    reduceLayout->setContentsMargins(0, 0, 0, 0);
    reduceLayout->addWidget(m_preprocess, 1);
    reduceLayout->addWidget(m_components);
    reduce->setFocusProxy(m_preprocess);
    m_form->addField(tr("Seed"), m_seed,
        tr("Starts the random numbers. The same seed and settings always give the same map; "
           "another seed shows how much of the picture is chance."));
    m_form->addField(tr("Normalise"), m_normalization,
        tr("What is done to the vectors first. Centre subtracts the mean vector; unit length "
           "scales each to length 1, so that only directions count."));
    m_form->addField(tr("Reduce first"), reduce,
        tr("Keeps only so many principal components before the method starts: faster, with less "
           "noise. Automatic goes by the method: t-SNE takes 50 where the table is wider."));
    return m_form;
}

QWidget* ProjectionPanel::makeColumnsAsMap()
{
    m_x->setObjectName(QStringLiteral("mapColumnX"));
    m_x->setAccessibleName(tr("Column along x"));
    m_y->setObjectName(QStringLiteral("mapColumnY"));
    m_y->setAccessibleName(tr("Column along y"));
    m_x->setToolTip(tr("The column that runs from left to right."));
    m_y->setToolTip(tr("The column that runs from bottom to top."));
    auto* show = new QPushButton(tr("Show"));
    show->setToolTip(tr("Show these two columns as the map, without projecting."));
    show->setObjectName(QStringLiteral("mapColumnsShow"));
    auto* form = new QFormLayout(m_columns);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Along x"), m_x);
    form->addRow(tr("Along y"), m_y);
    form->addRow(QString(), show);
    m_columns->setVisible(false);
    m_useColumns->setCheckable(true);
    connect(m_useColumns, &QPushButton::toggled, m_columns, &QWidget::setVisible);
    connect(show, &QPushButton::clicked, this, [this] {
        if (m_x->column() && m_y->column())
            m_workspace.showColumnsAsMap({*m_x->column(), *m_y->column()});
    });

    auto* whole = new QWidget;
    auto* layout = new QVBoxLayout(whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_useColumns, 0, Qt::AlignLeft);
    layout->addWidget(m_columns);
    return whole;
}

QWidget* ProjectionPanel::makeResult()
{
    m_charts->addWidget(m_loss);
    m_charts->addWidget(m_scree);
    m_charts->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_charts->setObjectName(QStringLiteral("projectionCharts"));
    auto* whole = new QWidget;
    auto* layout = new QVBoxLayout(whole);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->addWidget(m_charts);
    layout->addWidget(m_recipe);
    layout->addWidget(m_copyCommand, 0, Qt::AlignLeft);
    return whole;
}

QWidget* ProjectionPanel::makeRunArea()
{
    const auto button = [](QAction* action) {
        auto* made = new QToolButton;
        made->setDefaultAction(action);
        made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        made->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        return made;
    };
    auto* controls = new QHBoxLayout(m_runButtons);
    controls->setContentsMargins(0, 0, 0, 0);
    for (QAction* action : {m_pause, m_stop, m_discard})
        controls->addWidget(button(action));
    QToolButton* run = button(m_run);
    run->setObjectName(QStringLiteral("projectionRun"));

    auto* area = new QWidget;
    auto* layout = new QVBoxLayout(area);
    layout->setContentsMargins(9, 6, 9, 9);
    layout->addWidget(m_status);
    layout->addWidget(m_bar);
    layout->addWidget(m_runButtons);
    layout->addWidget(run);
    return area;
}

ProjectionRequest ProjectionPanel::request() const
{
    ProjectionRequest request;
    request.method = toStdString(m_method->currentData().toString());
    request.seed = static_cast<std::uint64_t>(m_seed->value());
    request.normalization = toStdString(m_normalization->currentData().toString());
    if (m_preprocess->currentIndex() == PreprocessNone)
        request.preprocessPca = 0;
    else if (m_preprocess->currentIndex() == PreprocessNumber)
        request.preprocessPca = m_components->value();
    request.parameters = m_form->values();
    return request;
}

void ProjectionPanel::chooseMethod()
{
    const Method* method = findMethod(toStdString(m_method->currentData().toString()));
    if (!method)
        return;
    m_description->say(toQString(method->description));
    m_form->setParameters(planarParameters(*method));
    m_help->say({});
}

void ProjectionPanel::showDataset()
{
    const Dataset* dataset = m_workspace.dataset().get();
    const auto isNumber = [](const Column& column) { return column.kind() == ColumnKind::Number; };
    m_x->setColumns(dataset, {}, isNumber);
    m_y->setColumns(dataset, {}, isNumber);
    if (m_y->count() > 1)
        m_y->setCurrentIndex(1);
    m_useColumns->setVisible(m_x->count() >= 2);
    if (m_x->count() < 2)
        m_useColumns->setChecked(false);
    if (dataset)
        m_components->setMaximum(
            static_cast<int>(std::clamp<Index>(dataset->dimensions(), 2, 10'000)));
    showPhase();
}

void ProjectionPanel::showPhase()
{
    const Phase phase = m_workspace.projection()->phase();
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
    m_runButtons->setVisible(!isIdle);
    m_bar->setVisible(!isIdle);
    if (phase == Phase::Running)
        m_tick->start();
    else
        m_tick->stop();
    showProgress();
}

void ProjectionPanel::showProgress()
{
    const ProjectionState* projection = m_workspace.projection();
    m_bar->setValue(static_cast<int>(projection->fraction() * kBarSteps));
    if (!m_workspace.dataset()) {
        m_status->say(tr("Open a file to make a map of it."));
        return;
    }
    if (!projection->error().isEmpty()) {
        m_status->say(projection->error());
        return;
    }
    if (projection->phase() == Phase::Idle) {
        m_status->say({});
        return;
    }
    const QString seconds = QString::number(projection->seconds(), 'f', 1);
    const auto& layout = m_workspace.layout();
    const int done = layout ? layout->diagnostics.iterations : -1;
    const bool isOfThisRun = layout && layout->recipe.method == projection->request().method
        && !layout->diagnostics.isFinished;
    QString stage = projection->stage();
    if (isOfThisRun && done > 0)
        stage = tr("%1, iteration %2 of %3")
                    .arg(stage)
                    .arg(done)
                    .arg(integerOf(layout->recipe, "iterations"));
    m_status->say(projection->phase() == Phase::Paused ? tr("Paused: %1, %2 s").arg(stage, seconds)
                                                       : tr("%1, %2 s").arg(stage, seconds));
}

void ProjectionPanel::showLayout()
{
    const auto& layout = m_workspace.layout();
    m_recipe->setVisible(layout != nullptr);
    m_copyCommand->setVisible(layout != nullptr);
    m_charts->setVisible(false);
    if (!layout)
        return;
    const Diagnostics& diagnostics = layout->diagnostics;
    QString recipe = toQString(summary(layout->recipe));
    if (!diagnostics.isFinished && diagnostics.iterations >= 0)
        recipe = tr("%1; after %2 iterations").arg(recipe).arg(diagnostics.iterations);
    if (diagnostics.klDivergence)
        recipe = tr("%1; KL divergence %2").arg(recipe).arg(*diagnostics.klDivergence, 0, 'f', 4);
    if (!layout->omitted.empty())
        recipe
            = tr("%1; %2 rows left out, because they hold values that are not finite")
                  .arg(recipe, toQString(formatCount(static_cast<Index>(layout->omitted.size()))));
    for (const std::string& note : diagnostics.notes)
        recipe = tr("%1. %2").arg(recipe, toQString(note));
    m_recipe->say(recipe);
    m_copyCommand->setEnabled(
        !projectCommand(m_workspace.path(), m_workspace.options(), layout->recipe).isEmpty());
    const Method* method = findMethod(layout->recipe.method);
    if (method && method->isIterative) {
        m_loss->setHistory(diagnostics.lossHistory, integerOf(layout->recipe, "iterations"));
        m_charts->setCurrentWidget(m_loss);
        m_charts->setVisible(true);
    } else if (!diagnostics.explainedVariance.empty()) {
        m_scree->setShares(diagnostics.explainedVariance,
            {integerOf(layout->recipe, "component_x"), integerOf(layout->recipe, "component_y")});
        m_charts->setCurrentWidget(m_scree);
        m_charts->setVisible(true);
    }
    showProgress();
}

void ProjectionPanel::copyCommand() const
{
    if (m_workspace.layout())
        QGuiApplication::clipboard()->setText(projectCommand(
            m_workspace.path(), m_workspace.options(), m_workspace.layout()->recipe));
}

} // namespace embedscope::ui
