#pragma once

#include <QWidget>

class QAction;
class QListView;

namespace embedscope::ui {

class HintLabel;
class LayoutListModel;
class Workspace;

/// The maps of the open table: switches between them, names, pins, saves and removes them, and
/// gives back the settings that made them.
///
/// actions() holds "maps.previous" and "maps.next" with their keys.
class MapsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit MapsPanel(Workspace& workspace, QWidget* parent = nullptr);

private:
    QAction* addOrder(
        const char* id, const QString& iconName, const QString& text, const QString& toolTip);
    QWidget* makeButtons();
    void makeConnections();
    int currentId() const;
    void followShown();
    void updateActions();
    void showMemory();
    void copyCommand();
    void save();

    Workspace& m_workspace;
    LayoutListModel* m_model;
    QListView* m_view;
    HintLabel* m_memory;
    QAction* m_previous;
    QAction* m_next;
    QAction* m_useSettings;
    QAction* m_copyCommand;
    QAction* m_save;
    QAction* m_rename;
    QAction* m_pin;
    QAction* m_remove;
};

} // namespace embedscope::ui
