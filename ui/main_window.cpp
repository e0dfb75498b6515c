#include "ui/main_window.h"

#include "core/base/text.h"
#include "core/io/folders/steps.h"
#include "core/io/samples.h"
#include "ui/convert.h"
#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/dialogs/warnings_dialog.h"
#include "ui/icons.h"
#include "ui/panels/panels.h"
#include "ui/plot/plot_view.h"
#include "ui/shell/file_watch.h"
#include "ui/shell/info_bar.h"
#include "ui/shell/open_plan.h"
#include "ui/shell/recent_files.h"
#include "ui/shell/status_line.h"
#include "ui/shell/welcome_page.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/health_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace embedscope::ui {

namespace {

/// Of the saved arrangement of docks; raised when panels change so much that an old one misleads.
constexpr int kStateVersion = 2;
constexpr QSize kDefaultSize(1400, 900);
/// In a window that is lower, two panels over one another would be slits.
constexpr int kLowHeight = 640;
constexpr int kSideWidth = 280; ///< Of the panels on either side.
/// Of the height on the right: what is known of a point, above its neighbours.
constexpr double kDetailsShare = 0.46;
const QString kGeometry = QStringLiteral("window/geometry");
const QString kState = QStringLiteral("window/state");

} // namespace

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent)
    , m_workspace(std::make_unique<Workspace>())
    , m_themes(new ThemeController(this))
    , m_recent(new RecentFiles(this))
    , m_fileWatch(new FileWatch(this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(applicationIcon());
    setAcceptDrops(true);
    setDockOptions(
        QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    m_workspace->color()->setTheme(m_themes->theme());

    createCentre();
    createDocks();
    createMenus();
    createToolBar();
    m_status = new StatusLine(*m_workspace, this);
    setStatusBar(m_status);
    connect(m_status, &StatusLine::warningsRequested, this, &MainWindow::showWarnings);

    Workspace* workspace = m_workspace.get();
    connect(workspace, &Workspace::datasetChanged, this, &MainWindow::followDataset);
    connect(workspace, &Workspace::columnsChanged, this, &MainWindow::updateActions);
    connect(workspace, &Workspace::columnsChanged, this, &MainWindow::watchFiles);
    connect(workspace, &Workspace::layoutChanged, this, &MainWindow::updateActions);
    connect(workspace->selection(), &SelectionState::selectionChanged, this,
        &MainWindow::updateActions);
    connect(workspace, &Workspace::failed, this, [this](const QString& sentence) {
        m_infoBar->showMessage(InfoBar::Kind::Error, sentence);
    });
    workspace->setAsksForTable(true);
    connect(workspace, &Workspace::tableQuestion, this, &MainWindow::chooseTensor);
    connect(workspace, &Workspace::tooLarge, this, &MainWindow::askForPart);
    connect(workspace->health(), &HealthState::changed, this, &MainWindow::countFindings);
    connect(workspace, &Workspace::settingsWanted, this,
        [this] { showPanel(QStringLiteral("projection")); });
    connect(workspace, &Workspace::notified, m_status,
        [this](const QString& sentence) { m_status->showMessage(sentence, 5000); });
    connect(m_themes, &ThemeController::themeChanged, this,
        [this] { m_workspace->color()->setTheme(m_themes->theme()); });
    connect(m_fileWatch, &FileWatch::changed, this, &MainWindow::offerReload);
    QApplication::instance()->installEventFilter(this);

    readSettings();
    followDataset();
}

MainWindow::~MainWindow()
{
    QApplication::instance()->removeEventFilter(this);
    // Panels know the workspace, so they go before it; children would otherwise go after it.
    disconnect(m_workspace.get(), nullptr, this, nullptr);
    delete takeCentralWidget();
    qDeleteAll(m_docks);
    delete m_status;
}

void MainWindow::openFiles(
    const QStringList& paths, const ReadOptions& options, const QStringList& added)
{
    const OpenPlan plan = planOpening(paths);
    if (plan.table.isEmpty())
        return;
    m_infoBar->dismiss();
    m_sampleColumn.clear();
    m_samplePath.clear();
    m_tableWasChosen = false;
    m_workspace->open(QDir::cleanPath(plan.table), options, plan.metadata, added);
    if (!plan.left.isEmpty()) {
        QStringList names;
        for (const QString& path : plan.left)
            names.append(QFileInfo(path).fileName());
        m_infoBar->showMessage(InfoBar::Kind::Information,
            tr("%1 is opened; this was left: %2. Tables of the same width can share a map.")
                .arg(QFileInfo(plan.table).fileName(), names.join(QStringLiteral(", "))),
            tr("&Add to This Map"), [this, plan, options, added] {
                m_workspace->open(plan.table, options, plan.metadata, added + plan.left);
            });
    }
}

void MainWindow::openSample(const QString& id)
{
    for (const Sample& sample : samples()) {
        if (toQString(sample.id) != id)
            continue;
        const auto path = samplePath(sample, programFolder());
        if (!path) {
            m_infoBar->showMessage(InfoBar::Kind::Error,
                tr("The sample %1 is not installed.").arg(toQString(sample.name)));
            return;
        }
        openFiles({toQString(*path)});
        m_samplePath = QDir::cleanPath(toQString(*path));
        m_sampleColumn = toQString(sample.colorBy);
    }
}

void MainWindow::showPanel(const QString& id)
{
    QDockWidget* dock = m_docks.value(id);
    if (dock == nullptr || !m_workspace->dataset())
        return;
    dock->show();
    dock->raise();
    dock->widget()->setFocus(Qt::ShortcutFocusReason);
}

QAction* MainWindow::action(const QString& id) const
{
    return m_actions.value(id);
}

void MainWindow::resetLayout()
{
    if (!m_areDocksShown)
        m_dockState = m_defaultState;
    else
        restoreDefaultDocks();
}

void MainWindow::showWarnings()
{
    if (!m_workspace->dataset())
        return;
    auto* dialog = new WarningsDialog(m_workspace->dataset(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showShortcuts()
{
    auto* dialog = new ShortcutsDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show(); // Not modal: it is read while trying things.
}

void MainWindow::showAbout()
{
    auto* dialog = new AboutDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    return handleDrag(watched, event) || QMainWindow::eventFilter(watched, event);
}

void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isActiveWindow())
        m_fileWatch->check();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    writeSettings();
    // Gone for the eye at once; what is running is stopped and joined on the way out.
    m_workspace->stopLoading();
    m_workspace->projection()->discard();
    event->accept();
}

void MainWindow::createCentre()
{
    auto* centre = new QWidget(this);
    auto* rows = new QVBoxLayout(centre);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    m_infoBar = new InfoBar(centre);
    m_stack = new QStackedWidget(centre);
    m_welcome = new WelcomePage(*m_recent, m_stack);
    m_map = new PlotView(m_workspace.get(), m_stack);
    m_map->setObjectName(QStringLiteral("map"));
    m_stack->addWidget(m_welcome);
    m_stack->addWidget(m_map);
    rows->addWidget(m_infoBar);
    rows->addWidget(m_stack, 1);
    setCentralWidget(centre);
    connect(m_welcome, &WelcomePage::openRequested, this, &MainWindow::chooseTable);
    connect(m_welcome, &WelcomePage::sampleRequested, this, &MainWindow::openSample);
    connect(m_welcome, &WelcomePage::fileRequested, this,
        [this](const QString& path) { openFiles({path}); });
}

void MainWindow::createDocks()
{
    QHash<Qt::DockWidgetArea, QDockWidget*> firstOf;
    for (const PanelDescriptor& panel : panels()) {
        const QString id = QString::fromLatin1(panel.id);
        auto* dock = new QDockWidget(panelTitle(panel), this);
        dock->setObjectName(id);
        dock->setAccessibleName(panelTitle(panel));
        dock->setWidget(panel.create(*m_workspace, dock));
        addActions(dock->widget()->actions()); // Their keys work while the panel is hidden, too.
        dock->toggleViewAction()->setIcon(icon(QString::fromLatin1(panel.icon)));
        addDockWidget(panel.area, dock);
        if (*panel.tabWith != '\0' && m_docks.contains(QString::fromLatin1(panel.tabWith)))
            tabifyDockWidget(m_docks.value(QString::fromLatin1(panel.tabWith)), dock);
        dock->setVisible(panel.isVisible);
        m_docks.insert(id, dock);
    }
    // Of tabs that share a place the first is in front.
    for (const PanelDescriptor& panel : panels()) {
        if (*panel.tabWith != '\0')
            m_docks.value(QString::fromLatin1(panel.tabWith))->raise();
    }
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
}

void MainWindow::readSettings()
{
    const QSettings settings;
    const QSize available = screen()->availableGeometry().size();
    resize(kDefaultSize.boundedTo(available * 9 / 10));
    restoreGeometry(settings.value(kGeometry).toByteArray());
    m_defaultState = saveState(kStateVersion);
    m_dockState = m_defaultState;
    const QByteArray state = settings.value(kState).toByteArray();
    if (!state.isEmpty() && restoreState(state, kStateVersion))
        m_dockState = state;
}

void MainWindow::writeSettings()
{
    QSettings settings;
    settings.setValue(kGeometry, saveGeometry());
    settings.setValue(kState, m_areDocksShown ? saveState(kStateVersion) : m_dockState);
}

void MainWindow::followDataset()
{
    const auto& dataset = m_workspace->dataset();
    watchFiles();
    if (dataset && !m_workspace->path().isEmpty()) {
        const bool isSample = m_workspace->path() == m_samplePath;
        if (!isSample)
            m_recent->add(QFileInfo(m_workspace->path()).absoluteFilePath());
        if (isSample) {
            if (const auto column = findColumn(dataset->columns(), toStdString(m_sampleColumn)))
                m_workspace->color()->setColumn(column);
        }
    }
    if (dataset)
        greet(*dataset);
    m_stack->setCurrentWidget(dataset ? static_cast<QWidget*>(m_map) : m_welcome);
    setDocksShown(dataset != nullptr);
    if (dataset)
        m_map->setFocus();
    updateTitle();
    updateActions();
}

void MainWindow::greet(const Dataset& dataset)
{
    const auto step = findColumn(dataset.columns(), "step");
    if (step && findColumn(dataset.columns(), "vector"))
        m_workspace->color()->setColumn(step); // The steps of a run, one after the other.
    const auto script = findColumn(dataset.columns(), "script");
    if (script && findColumn(dataset.columns(), "token type"))
        m_workspace->color()->setColumn(script); // Tokens fall apart by it first.
    if (dataset.provenance().inversion) {
        if (QDockWidget* details = m_docks.value(QStringLiteral("details"))) {
            details->show();
            details->raise(); // Where its card is.
        }
    }
    if (!offerSteps())
        offerOtherTables();
}

bool MainWindow::offerSteps()
{
    const auto& steps = m_workspace->steps();
    if (steps.empty() || m_infoBar->isVisible() || !m_workspace->addedPaths().isEmpty())
        return false;
    const QString count = numberText(static_cast<qint64>(steps.size()));
    m_infoBar->showMessage(InfoBar::Kind::Information,
        tr("%1 is one of %2 steps of a training run.")
            .arg(QFileInfo(m_workspace->path()).fileName(), count),
        tr("&Open all %1 steps").arg(count), [this] {
            ReadOptions options = m_workspace->options();
            options.rows = {}; // Of this step alone.
            const QByteArray path = QFile::encodeName(m_workspace->path());
            openFiles(
                {QFile::decodeName(QByteArray::fromStdString(seriesPattern(path.toStdString())))},
                options);
        });
    return true;
}

void MainWindow::offerOtherTables()
{
    const auto& tables = m_workspace->tables();
    if (!tables || m_tableWasChosen || m_infoBar->isVisible())
        return;
    const std::string& name = m_workspace->dataset()->provenance().tensor;
    m_infoBar->showMessage(InfoBar::Kind::Information,
        tr("“%1” is open, one of %2 tables in the file.")
            .arg(toQString(printable(name)), numberText(static_cast<qint64>(tables->candidates()))),
        tr("&Choose another table…"), [this] { chooseOtherTable(); });
}

void MainWindow::updateTitle()
{
    if (!m_workspace->dataset()) {
        setWindowTitle(tr("Embedscope"));
        return;
    }
    QString name = QFileInfo(m_workspace->path()).fileName();
    for (const QString& path : m_workspace->addedPaths())
        name = tr("%1 + %2").arg(name, QFileInfo(path).fileName());
    setWindowTitle(name.isEmpty() ? tr("Embedscope") : tr("%1 – Embedscope").arg(name));
}

void MainWindow::setDocksShown(bool areShown)
{
    if (areShown == m_areDocksShown)
        return;
    if (!areShown)
        m_dockState = saveState(kStateVersion);
    m_areDocksShown = areShown;
    if (areShown && m_dockState == m_defaultState) {
        restoreDefaultDocks();
    } else if (areShown) {
        restoreState(m_dockState, kStateVersion);
    } else {
        for (QDockWidget* dock : std::as_const(m_docks))
            dock->hide();
    }
    for (QDockWidget* dock : std::as_const(m_docks))
        dock->toggleViewAction()->setEnabled(areShown);
}

void MainWindow::restoreDefaultDocks()
{
    restoreState(m_defaultState, kStateVersion);
    QDockWidget* details = m_docks.value(QStringLiteral("details"));
    QDockWidget* neighbors = m_docks.value(QStringLiteral("neighbors"));
    if (details == nullptr || neighbors == nullptr)
        return;
    // A narrow window is for the map; no panel gets narrower than what it holds.
    const int side = std::min(kSideWidth, width() / 5);
    resizeDocks({m_docks.value(QStringLiteral("search")), details}, {side, side}, Qt::Horizontal);
    if (height() < kLowHeight) {
        tabifyDockWidget(details, neighbors);
        details->raise();
        return;
    }
    const int room = centralWidget()->height();
    const int share = static_cast<int>(room * kDetailsShare);
    resizeDocks({details, neighbors}, {share, room - share}, Qt::Vertical);
}

void MainWindow::countFindings()
{
    QDockWidget* dock = m_docks.value(QStringLiteral("health"));
    const auto& report = m_workspace->health()->report();
    const auto count = report ? static_cast<qint64>(report->findings.size()) : 0;
    if (dock != nullptr)
        dock->setWindowTitle(count > 0 ? tr("Health (%1)").arg(numberText(count)) : tr("Health"));
}

void MainWindow::watchFiles()
{
    QStringList paths{m_workspace->path()};
    if (m_workspace->dataset() && !m_workspace->path().isEmpty()) {
        for (const std::string& path : m_workspace->dataset()->provenance().companions)
            paths.append(QFile::decodeName(QByteArray::fromStdString(path)));
    }
    m_fileWatch->watch(paths);
}

void MainWindow::offerReload(const QString& path)
{
    m_infoBar->showMessage(InfoBar::Kind::Information,
        tr("%1 has changed on disk.").arg(QFileInfo(path).fileName()), tr("&Reload"),
        [this] { m_workspace->reload(); });
}

} // namespace embedscope::ui
