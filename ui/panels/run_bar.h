#pragma once

#include "core/projection/projection.h"

#include <QTimer>
#include <QWidget>
#include <functional>

class QAction;
class QLabel;
class QProgressBar;
class QToolButton;

namespace embedscope::ui {

class HintLabel;
class LiveControls;
class Workspace;

/// Starts, steers, pauses and ends a run, and tells how long it will take and how far it is.
///
/// actions() holds "projection.run", "projection.pause" and "projection.stop" with their keys.
class RunBar : public QWidget
{
    Q_OBJECT

public:
    /// request  what Run would run now.
    RunBar(Workspace& workspace, std::function<ProjectionRequest()> request,
        QWidget* parent = nullptr);

    /// What is asked for has changed: estimates its time, a little later.
    void askEstimate() { m_estimateSoon.start(); }

private:
    QAction* addOrder(const char* id, const QString& iconName, const QString& text);
    QWidget* makeButtons();
    void showPhase();
    void showProgress();
    void showEstimate();
    void showLive();
    QString progressText() const;

    Workspace& m_workspace;
    std::function<ProjectionRequest()> m_request;
    QAction* m_run;
    QAction* m_pause;
    QAction* m_stop;
    QAction* m_discard;
    QAction* m_goOn;
    LiveControls* m_live;
    HintLabel* m_status;
    QProgressBar* m_bar;
    QWidget* m_runningButtons;
    QToolButton* m_goOnButton = nullptr;
    QLabel* m_estimate;
    std::string m_liveMethod; ///< Whose live controls there are.
    QTimer m_tick; ///< Moves the elapsed time on while a run goes on.
    QTimer m_estimateSoon;
};

} // namespace embedscope::ui
