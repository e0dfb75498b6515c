#pragma once

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace embedscope::ui {

class HintLabel;
class NormChart;
class Workspace;

/// What is odd about the open table, in plain sentences whose rows can be selected, and the figures
/// that tell what kind of table it is.
class HealthPanel : public QWidget
{
    Q_OBJECT

public:
    explicit HealthPanel(Workspace& workspace, QWidget* parent = nullptr);

private:
    void showReport();
    void showFindings();

    Workspace& m_workspace;
    QLabel* m_heading;
    HintLabel* m_facts;
    QVBoxLayout* m_findings;
    NormChart* m_norms;
    HintLabel* m_figures;
};

} // namespace embedscope::ui
