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

    /// How far the saving of a file is; an empty name: nothing is being saved.
    void showSaving(const QString& name, double fraction = 0);

signals:
    void warningsRequested();
    /// Nothing else is under way that Stop could be meant for.
    void savingStopped();

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
    QString m_saving;
    double m_savingFraction = 0;
};

} // namespace embedscope::ui
