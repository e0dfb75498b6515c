#pragma once

#include <QElapsedTimer>
#include <QStatusBar>

class QLabel;
class QProgressBar;
class QToolButton;

namespace embedscope::ui {

class Workspace;

/// The bottom of the window: what is open, what is under the mouse, how many points are selected,
/// what is being worked on with a way to stop it, and whether the data gave rise to warnings.
class StatusLine : public QStatusBar
{
    Q_OBJECT

public:
    StatusLine(Workspace& workspace, QWidget* parent = nullptr);

signals:
    void warningsRequested();

private:
    void updateTable();
    void updateHovered();
    void updateSelection();
    void updateWork();
    void stopWork();

    Workspace& m_workspace;
    QLabel* m_table;
    QLabel* m_hovered;
    QLabel* m_selection;
    QLabel* m_stage;
    QProgressBar* m_bar;
    QToolButton* m_stop;
    QToolButton* m_warnings;
};

} // namespace embedscope::ui
