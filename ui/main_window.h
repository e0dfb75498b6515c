#pragma once

#include "core/io/format.h"
#include "ui/theme.h"

#include <QHash>
#include <QMainWindow>
#include <QString>
#include <QStringList>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QAction;
class QActionGroup;
class QDockWidget;
class QMenu;
class QStackedWidget;

namespace embedscope::ui {

struct MapExport;
struct OpenQuestion;
class FileWatch;
class InfoBar;
class PlotView;
class RecentFiles;
class StatusLine;
class WelcomePage;
class Workspace;
struct TooLarge;

/// The window: the map in the middle, the panels of the array around it, menus, and the start page
/// while nothing is open. It owns the workspace and knows the panels by their descriptors alone.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    Workspace& workspace() { return *m_workspace; }
    ThemeController& themes() { return *m_themes; }
    RecentFiles& recentFiles() { return *m_recent; }
    InfoBar& infoBar() { return *m_infoBar; }
    PlotView& map() { return *m_map; }

    /// Opens one file as the table, lays metadata beside it (see planOpening()) and joins `added`
    /// below it.
    void openFiles(
        const QStringList& paths, const ReadOptions& options = {}, const QStringList& added = {});
    void openSample(const QString& id);

    /// In the background; a message tells how it ended.
    void exportMap(const QString& path, const MapExport& map);
    void exportLayout(const QString& path);
    /// Which points are saved.
    enum class SavedPoints
    {
        Selected,
        Visible, ///< Those of categories that the legend does not hide.
        All
    };
    /// writer  id of a row of core/io/writers/writers.cpp; empty: as the path's extension says.
    void savePoints(const QString& path, SavedPoints which, const QString& writer = {});

    /// Shows a panel of the array and gives it the focus.
    void showPanel(const QString& id);
    QDockWidget* dock(const QString& id) const { return m_docks.value(id); }
    /// An action by the id of its shortcut or its object name; null where there is none.
    QAction* action(const QString& id) const;

public slots:
    void copy();
    void resetLayout();
    void showWarnings();
    void showShortcuts();
    void showAbout();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    // main_window.cpp
    void createCentre();
    void createDocks();
    void readSettings();
    void writeSettings();
    void followDataset();
    void updateActions();
    void updateTitle();
    void setDocksShown(bool areShown);
    void restoreDefaultDocks();
    void watchFiles();
    void offerReload(const QString& path);
    void countFindings();
    void greet(const Dataset& dataset);
    bool offerSteps();
    void offerOtherTables();

    // main_window_menus.cpp
    QAction* addAction(
        QMenu* menu, const QString& id, const QString& iconName, const QString& text);
    void createMenus();
    void createFileMenu();
    void createEditMenu();
    void createViewMenu();
    void addMapActions(QMenu* menu);
    void createHelpMenu();
    void createToolBar();
    void fillRecentMenu();

    // main_window_files.cpp
    void chooseTable();
    void chooseFolder();
    void chooseTensor(const OpenQuestion& question);
    void chooseOtherTable();
    void askForPart(const TooLarge& refused);
    void chooseMetadata();
    void chooseAdded();
    void chooseTokenizer();
    void chooseLayout();
    void chooseColumns();
    bool handleDrag(QObject* watched, QEvent* event);
    void offerDropped(const QStringList& paths, const QPoint& position);

    // main_window_saving.cpp
    void chooseMapExport();
    void chooseLayoutExport();
    void choosePoints(SavedPoints which);
    /// What `work` gives is what is to be said about the file: sentences of warning.
    using Saving = std::function<Result<std::vector<std::string>>(const Progress&)>;
    void write(const QString& path, Saving work);

    std::unique_ptr<Workspace> m_workspace;
    ThemeController* m_themes;
    RecentFiles* m_recent;
    FileWatch* m_fileWatch;
    QStackedWidget* m_stack = nullptr;
    InfoBar* m_infoBar = nullptr;
    WelcomePage* m_welcome = nullptr;
    PlotView* m_map = nullptr;
    StatusLine* m_status = nullptr;
    QHash<QString, QDockWidget*> m_docks; ///< By the panel's id.
    QHash<QString, QAction*> m_actions;
    QMenu* m_recentMenu = nullptr;
    QString m_sampleColumn; ///< Colours the sample that is being opened.
    QString m_samplePath;
    QByteArray m_defaultState;
    QByteArray m_dockState; ///< While the docks are away because nothing is open.
    bool m_areDocksShown = true;
    bool m_tableWasChosen = false; ///< By hand, so that it need not be said that there are others.
};

} // namespace embedscope::ui
