#include "ui/main_window.h"

#include "core/io/samples.h"
#include "ui/convert.h"
#include "ui/icons.h"
#include "ui/panels/panels.h"
#include "ui/plot/plot_view.h"
#include "ui/shell/recent_files.h"
#include "ui/shortcuts.h"
#include "ui/workspace/quality_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>
#include <algorithm>

namespace embedscope::ui {

namespace {

bool isShortcut(const QString& id)
{
    const auto rows = shortcuts();
    return std::any_of(rows.begin(), rows.end(),
        [&id](const Shortcut& row) { return id == QLatin1String(row.id); });
}

/// A file's name where a menu would take & for a mnemonic.
QString menuText(QString text)
{
    return text.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

} // namespace

QAction* MainWindow::addAction(
    QMenu* menu, const QString& id, const QString& iconName, const QString& text)
{
    QAction* action = menu->addAction(text);
    action->setObjectName(id);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    if (isShortcut(id))
        applyShortcut(action, toStdString(id));
    m_actions.insert(id, action);
    return action;
}

void MainWindow::createMenus()
{
    createFileMenu();
    createEditMenu();
    createViewMenu();
    createHelpMenu();
}

void MainWindow::createFileMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&File"));
    const auto add = [&](const char* id, const char* iconName, const QString& text, auto slot) {
        connect(addAction(menu, QString::fromLatin1(id), QString::fromLatin1(iconName), text),
            &QAction::triggered, this, slot);
    };
    add("file.open", "open", tr("&Open…"), [this] { chooseTable(); });
    add("file.openFolder", "", tr("Open &Folder…"), [this] { chooseFolder(); });
    m_recentMenu = menu->addMenu(icon(QStringLiteral("recent")), tr("Open &Recent"));
    m_recentMenu->setToolTipsVisible(true);
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    connect(m_recent, &RecentFiles::changed, this, &MainWindow::updateActions);
    QMenu* sampleMenu = menu->addMenu(icon(QStringLiteral("sample")), tr("Open &Sample"));
    for (const Sample& sample : samples()) {
        if (!samplePath(sample, programFolder()))
            continue;
        const QString id = toQString(sample.id);
        QAction* action
            = addAction(sampleMenu, QStringLiteral("sample.") + id, {}, toQString(sample.name));
        action->setStatusTip(toQString(sample.description));
        connect(action, &QAction::triggered, this, [this, id] { openSample(id); });
    }
    sampleMenu->menuAction()->setEnabled(!sampleMenu->isEmpty());
    menu->addSeparator();
    add("file.add", "add", tr("Add to This Ma&p…"), [this] { chooseAdded(); });
    add("file.metadata", "metadata", tr("A&dd Metadata…"), [this] { chooseMetadata(); });
    add("file.tokenizer", "", tr("Name Rows by To&kenizer…"), [this] { chooseTokenizer(); });
    add("file.chooseTable", "", tr("Choose &Table…"), [this] { chooseOtherTable(); });
    add("file.layout", "projection", tr("Open &Layout…"), [this] { chooseLayout(); });
    add("file.columns", "", tr("&Use Columns as Map…"), [this] { chooseColumns(); });
    add("file.reload", "reload", tr("R&eload"), [this] { m_workspace->reload(); });
    menu->addSeparator();
    add("file.saveSelection", "save", tr("Save Selection &As…"),
        [this] { choosePoints(SavedPoints::Selected); });
    add("file.saveVisible", "", tr("Save &Visible Points As…"),
        [this] { choosePoints(SavedPoints::Visible); });
    add("file.saveAll", "", tr("Save All Poi&nts As…"), [this] { choosePoints(SavedPoints::All); });
    add("file.exportMap", "image", tr("Export &Map as PNG…"), [this] { chooseMapExport(); });
    add("file.exportLayout", "export", tr("Export La&yout…"), [this] { chooseLayoutExport(); });
    // Where points are, they can be saved: the menus of the map and of the table.
    QAction* save = action(QStringLiteral("file.saveSelection"));
    m_map->addAction(save);
    if (QDockWidget* table = m_docks.value(QStringLiteral("table"))) {
        table->widget()->addAction(save);
        table->widget()->setContextMenuPolicy(Qt::ActionsContextMenu);
    }
    menu->addSeparator();
    add("file.close", "close", tr("&Close"), [this] { m_workspace->close(); });
    add("file.quit", "", tr("&Quit"), [this] { close(); });
}

void MainWindow::createEditMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Edit"));
    const auto add = [&](const char* id, const char* iconName, const QString& text, auto slot) {
        connect(addAction(menu, QString::fromLatin1(id), QString::fromLatin1(iconName), text),
            &QAction::triggered, this, slot);
    };
    add("edit.copy", "copy", tr("&Copy"), [this] { copy(); });
    menu->addSeparator();
    add("edit.selectAll", "", tr("Select &All"), [this] {
        m_workspace->selection()->select(
            PointSet::all(m_workspace->dataset()->size()), SelectionMode::Replace);
    });
    add("edit.selectNone", "", tr("Select &None"), [this] { m_workspace->selection()->clear(); });
    add("edit.invertSelection", "", tr("&Invert Selection"), [this] {
        m_workspace->selection()->select(
            m_workspace->selection()->selected().complement(), SelectionMode::Replace);
    });
    if (m_docks.contains(QStringLiteral("search"))) {
        menu->addSeparator();
        add("edit.find", "search", tr("&Find…"), [this] { showPanel(QStringLiteral("search")); });
    }
}

void MainWindow::createViewMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&View"));
    addMapActions(menu);
    menu->addSeparator();
    QMenu* panelMenu = menu->addMenu(tr("&Panels"));
    QMenu* goMenu = menu->addMenu(tr("&Go to Panel"));
    for (const PanelDescriptor& panel : panels()) {
        const QString id = QString::fromLatin1(panel.id);
        QDockWidget* dock = m_docks.value(id);
        panelMenu->addAction(dock->toggleViewAction());
        const QString actionId = *panel.shortcut == '\0' ? QStringLiteral("view.") + id
                                                         : QString::fromLatin1(panel.shortcut);
        if (m_actions.contains(actionId))
            continue; // Find stands in the Edit menu.
        QAction* action
            = addAction(goMenu, actionId, QString::fromLatin1(panel.icon), panelTitle(panel));
        connect(action, &QAction::triggered, this, [this, id] { showPanel(id); });
    }
    panelMenu->menuAction()->setEnabled(!panelMenu->isEmpty());
    goMenu->menuAction()->setEnabled(!goMenu->isEmpty());
    connect(addAction(menu, QStringLiteral("view.resetLayout"), {}, tr("&Reset Window Layout")),
        &QAction::triggered, this, &MainWindow::resetLayout);
    menu->addSeparator();

    QMenu* themeMenu = menu->addMenu(icon(QStringLiteral("theme")), tr("&Theme"));
    auto* themes = new QActionGroup(this);
    const auto addTheme = [&](const char* id, const QString& text, ThemeChoice choice) {
        QAction* action = addAction(themeMenu, QString::fromLatin1(id), {}, text);
        action->setCheckable(true);
        action->setChecked(m_themes->choice() == choice);
        themes->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice] { m_themes->setChoice(choice); });
    };
    addTheme("view.themeSystem", tr("Like the &System"), ThemeChoice::System);
    addTheme("view.themeLight", tr("&Light"), ThemeChoice::Light);
    addTheme("view.themeDark", tr("&Dark"), ThemeChoice::Dark);
    QAction* fullScreen
        = addAction(menu, QStringLiteral("view.fullScreen"), {}, tr("F&ull Screen"));
    fullScreen->setCheckable(true);
    connect(fullScreen, &QAction::triggered, this,
        [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
}

void MainWindow::addMapActions(QMenu* menu)
{
    const auto add = [&](const char* id, const char* iconName, const QString& text, auto slot) {
        QAction* action
            = addAction(menu, QString::fromLatin1(id), QString::fromLatin1(iconName), text);
        connect(action, &QAction::triggered, m_map, slot);
        return action;
    };
    add("map.fit", "fit", tr("&Fit All Points"), &PlotView::fitAll);
    add("map.fitSelection", "fit-selection", tr("Fit &Selected Points"), &PlotView::fitSelection);
    add("map.zoomIn", "", tr("Zoom &In"), &PlotView::zoomIn);
    add("map.zoomOut", "", tr("Zoom &Out"), &PlotView::zoomOut);
    menu->addSeparator();
    auto* modes = new QActionGroup(this);
    const auto addMode
        = [&](const char* id, const char* iconName, const QString& text, PlotView::Mode mode) {
              QAction* action = add(id, iconName, text, [this, mode] { m_map->setMode(mode); });
              action->setCheckable(true);
              action->setChecked(m_map->mode() == mode);
              modes->addAction(action);
              connect(m_map, &PlotView::modeChanged, action,
                  [action, mode](PlotView::Mode now) { action->setChecked(now == mode); });
          };
    addMode("map.panMode", "pan", tr("Drag &Moves the Map"), PlotView::Mode::Pan);
    addMode("map.lassoMode", "lasso", tr("Drag Draws a &Lasso"), PlotView::Mode::Lasso);
    addMode("map.boxMode", "box", tr("Drag Draws a &Box"), PlotView::Mode::Box);
    menu->addSeparator();
    QAction* torn = addAction(menu, QStringLiteral("map.torn"), QStringLiteral("torn"),
        tr("Mark Tor&n and False Neighbours"));
    torn->setCheckable(true);
    QualityState* quality = m_workspace->quality();
    connect(torn, &QAction::toggled, quality, &QualityState::setOverlayShown);
    connect(quality, &QualityState::overlayChanged, torn,
        [torn, quality] { torn->setChecked(quality->isOverlayShown()); });
    QAction* paths = addAction(menu, QStringLiteral("map.paths"), {}, tr("Show Pat&hs"));
    paths->setCheckable(true);
    paths->setChecked(true);
    paths->setStatusTip(tr("Draws lines along the sequences of a table. Of more than %1 lines, "
                           "those of the selected points and of the one under the mouse.")
                            .arg(numberText(static_cast<qint64>(PathOverlay::kMostSteps))));
    connect(paths, &QAction::toggled, m_map, &PlotView::setPathsShown);
    connect(m_map, &PlotView::pathsFound, this, &MainWindow::updateActions);
}

void MainWindow::createHelpMenu()
{
    QMenu* menu = menuBar()->addMenu(tr("&Help"));
    connect(addAction(menu, QStringLiteral("help.shortcuts"), QStringLiteral("keyboard"),
                tr("&Keys and Gestures")),
        &QAction::triggered, this, &MainWindow::showShortcuts);
    menu->addSeparator();
    connect(addAction(menu, QStringLiteral("help.about"), QStringLiteral("info"),
                tr("&About Embedscope")),
        &QAction::triggered, this, &MainWindow::showAbout);
    connect(addAction(menu, QStringLiteral("help.aboutQt"), {}, tr("About &Qt")),
        &QAction::triggered, this, [] { QApplication::aboutQt(); });
}

void MainWindow::createToolBar()
{
    QToolBar* bar = QMainWindow::addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("tools"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonIconOnly);
    bar->setIconSize(QSize(20, 20));
    bar->addAction(action(QStringLiteral("file.open")));
    bar->addSeparator();
    for (const char* id : {"map.panMode", "map.lassoMode", "map.boxMode"})
        bar->addAction(action(QString::fromLatin1(id)));
    bar->addSeparator();
    for (const char* id : {"map.fit", "map.fitSelection"})
        bar->addAction(action(QString::fromLatin1(id)));
    bar->addSeparator();
    bar->addAction(action(QStringLiteral("map.torn")));
    bar->addSeparator();
    bar->addAction(action(QStringLiteral("file.exportMap")));
    for (QAction* action : bar->actions()) {
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        const QString name = QString(action->text()).remove(QLatin1Char('&'));
        action->setToolTip(keys.isEmpty() ? name : tr("%1 (%2)").arg(name, keys));
    }
}

void MainWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    for (const RecentFile& file : m_recent->files()) {
        QAction* action = m_recentMenu->addAction(menuText(QFileInfo(file.path).fileName()));
        action->setToolTip(file.path);
        action->setEnabled(QFileInfo(file.path).isFile());
        connect(action, &QAction::triggered, this, [this, path = file.path] { openFiles({path}); });
    }
    m_recentMenu->addSeparator();
    connect(m_recentMenu->addAction(tr("&Clear the List")), &QAction::triggered, m_recent,
        &RecentFiles::clear);
}

void MainWindow::updateActions()
{
    const auto& dataset = m_workspace->dataset();
    const bool isOpen = dataset != nullptr;
    const bool hasSelection = !m_workspace->selection()->selected().isEmpty();
    const auto numbers = isOpen
        ? std::count_if(dataset->columns().begin(), dataset->columns().end(),
            [](const Column& column) { return column.kind() == ColumnKind::Number; })
        : 0;
    const auto enable = [this](const char* id, bool isEnabled) {
        if (QAction* found = action(QString::fromLatin1(id)))
            found->setEnabled(isEnabled);
    };
    for (const char* id :
        {"file.metadata", "file.layout", "file.reload", "file.close", "file.add", "file.saveAll",
            "file.saveVisible", "edit.selectAll", "edit.invertSelection", "edit.find"})
        enable(id, isOpen);
    for (const PanelDescriptor& panel : panels()) {
        enable(
            *panel.shortcut == '\0' ? (QByteArray("view.") + panel.id).constData() : panel.shortcut,
            isOpen);
    }
    enable("file.columns", numbers >= 2);
    enable("file.tokenizer", isOpen);
    enable("file.chooseTable", isOpen && m_workspace->tables() != nullptr);
    enable("file.exportMap", m_workspace->layout() != nullptr);
    enable("file.exportLayout", m_workspace->layout() != nullptr);
    enable("file.saveSelection", hasSelection);
    enable("edit.selectNone", hasSelection);
    for (const char* id : {"map.fit", "map.zoomIn", "map.zoomOut", "map.panMode", "map.lassoMode",
             "map.boxMode", "map.torn"})
        enable(id, m_workspace->layout() != nullptr);
    enable("map.paths", m_workspace->layout() != nullptr && m_map->hasPaths());
    enable("map.fitSelection", hasSelection && m_workspace->layout() != nullptr);
    m_recentMenu->menuAction()->setEnabled(!m_recent->files().isEmpty());
}

} // namespace embedscope::ui
