#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QListView;
class QPushButton;
class QSlider;

namespace embedscope::ui {

class ColumnCombo;
class GradientBar;
class HintLabel;
class LegendModel;
class Workspace;

/// What the points look like: the column they are coloured by, with the legend, their size and
/// opacity, and the column that names them.
class ColorPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ColorPanel(Workspace& workspace, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void describeControls();
    void showDataset();
    void showColumns();
    void showColoring();
    void showVisibility();
    void showStyle();
    int legendRow() const;

    Workspace& m_workspace;
    ColumnCombo* m_column;
    QComboBox* m_mode;
    GradientBar* m_gradient;
    LegendModel* m_model;
    QListView* m_legend;
    HintLabel* m_message;
    QPushButton* m_showAll;
    QSlider* m_size;
    QSlider* m_opacity;
    ColumnCombo* m_label;
    bool m_isSecondRelease = false; ///< Of a double-click, which is no click.
};

} // namespace embedscope::ui
