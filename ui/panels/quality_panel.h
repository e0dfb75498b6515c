#pragma once

#include <QWidget>

class QCheckBox;
class QLabel;
class QProgressBar;
class QPushButton;

namespace embedscope::ui {

class HintLabel;
class QualityFigures;
class Workspace;

/// How far the map shown can be trusted: the verdict in a sentence, the figures behind it, what
/// became of the neighbours of the current point, and the ways to see it of every point.
class QualityPanel : public QWidget
{
    Q_OBJECT

public:
    explicit QualityPanel(Workspace& workspace, QWidget* parent = nullptr);

private:
    void describeControls();
    QWidget* makeMeasuring();
    QWidget* makePointWays();
    void showPhase();
    void showProgress();
    void showPoint();
    void showColumns();
    void colorBy(std::size_t mapColumn);

    Workspace& m_workspace;
    QLabel* m_verdict;
    HintLabel* m_basis;
    QWidget* m_measuring;
    QProgressBar* m_bar;
    QPushButton* m_stop;
    QPushButton* m_measure;
    QualityFigures* m_figures;
    QCheckBox* m_overlay;
    QPushButton* m_colorByTrust;
    QPushButton* m_colorByKept;
    HintLabel* m_point;
};

} // namespace embedscope::ui
