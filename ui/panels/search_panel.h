#pragma once

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace embedscope::ui {

class ColumnCombo;
class HintLabel;
class HitModel;
class PointView;
class Workspace;

/// Finds points by what is written beside them, live while typing, and walks the hits.
class SearchPanel : public QWidget
{
    Q_OBJECT

public:
    explicit SearchPanel(Workspace& workspace, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showDataset();
    void showQuery();
    void showResult();
    bool isMatchWorthShowing() const;
    void showPosition();
    void walk(bool forward);
    void selectAllHits();

    Workspace& m_workspace;
    QLineEdit* m_edit;
    ColumnCombo* m_column;
    QCheckBox* m_expression;
    HintLabel* m_status;
    QLabel* m_position;
    QToolButton* m_previous;
    QToolButton* m_next;
    QPushButton* m_selectAll;
    HitModel* m_model;
    PointView* m_view;
    bool m_walksWhenReady = false; ///< Enter came before the hits did.
};

} // namespace embedscope::ui
