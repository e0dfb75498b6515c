#pragma once

#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTimer;

namespace embedscope::ui {

class HintLabel;
class NeighborModel;
class PointView;
class SimilarityChart;
class Workspace;

/// The true neighbours of the current point: what was compared and how, the list, the chart, and
/// the way walked from point to point.
///
/// actions() holds "neighbors.back" and "neighbors.forward" with their keys, for the window.
class NeighborsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit NeighborsPanel(Workspace& workspace, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QAction* addWalk(
        const char* id, const QString& iconName, const QString& text, const QString& toolTip);
    QWidget* makeSettings();
    QWidget* makeButtons();
    void makeAmong();
    void fillAmong();
    void showParameters();
    void showList();
    void showHistory();
    void showBusy();
    void copy() const;
    void exportCsv();
    void selectAll();
    QString headline() const;

    Workspace& m_workspace;
    QAction* m_back;
    QAction* m_forward;
    QLabel* m_title;
    QComboBox* m_metric;
    QSpinBox* m_k;
    QComboBox* m_among; ///< Shown where the table has categories to choose from.
    HintLabel* m_header;
    HintLabel* m_message;
    NeighborModel* m_model;
    PointView* m_view;
    SimilarityChart* m_chart;
    QPushButton* m_select;
    QPushButton* m_copy;
    QPushButton* m_export;
    QTimer* m_busyDelay; ///< A list that takes a moment keeps its place until the new one comes.
};

} // namespace embedscope::ui
