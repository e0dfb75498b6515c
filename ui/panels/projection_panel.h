#pragma once

#include "core/projection/projection.h"

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTimer;
class QVBoxLayout;

namespace embedscope::ui {

class ColumnCombo;
class HintLabel;
class LossChart;
class ParameterForm;
class ScreeChart;
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

private:
    QAction* addOrder(const char* id, const QString& iconName, const QString& text);
    void describeControls();
    QWidget* makeCommonFields();
    QWidget* makeColumnsAsMap();
    QWidget* makeResult();
    QWidget* makeRunArea();
    void chooseMethod();
    void showDataset();
    void showPhase();
    void showProgress();
    void showLayout();
    void copyCommand() const;

    Workspace& m_workspace;
    QAction* m_run;
    QAction* m_pause;
    QAction* m_stop;
    QAction* m_discard;
    QComboBox* m_method;
    HintLabel* m_description;
    ParameterForm* m_form;
    QSpinBox* m_seed;
    QComboBox* m_normalization;
    QComboBox* m_preprocess;
    QSpinBox* m_components;
    HintLabel* m_help;
    QProgressBar* m_bar;
    HintLabel* m_status;
    QWidget* m_runButtons;
    QStackedWidget* m_charts;
    LossChart* m_loss;
    ScreeChart* m_scree;
    HintLabel* m_recipe;
    QPushButton* m_copyCommand;
    QPushButton* m_useColumns;
    QWidget* m_columns;
    ColumnCombo* m_x;
    ColumnCombo* m_y;
    QTimer* m_tick; ///< Moves the elapsed time on while a run goes on.
};

} // namespace embedscope::ui
