#pragma once

#include "core/projection/projection.h"

#include <QWidget>

namespace embedscope::ui {

class FormHelp;
class MethodForm;
class RunBar;
class Workspace;

/// Chooses a method and its parameters, runs it, and tells how far it is and what came out.
///
/// actions() holds "projection.run", "projection.pause" and "projection.stop" with their keys.
class ProjectionPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ProjectionPanel(Workspace& workspace, QWidget* parent = nullptr);

    /// What Run would run now.
    ProjectionRequest request() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showDataset();
    void makeRoomForHelp();

    Workspace& m_workspace;
    MethodForm* m_form;
    FormHelp* m_help;
    RunBar* m_runBar;
};

} // namespace embedscope::ui
