#pragma once

#include "core/data/layout.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;

namespace embedscope::ui {

class HintLabel;
class LossChart;
class ScreeChart;
class Workspace;

/// How the map shown was made: its recipe in words, a chart of the run, and the command that makes
/// it again.
class RecipeView : public QWidget
{
    Q_OBJECT

public:
    explicit RecipeView(Workspace& workspace, QWidget* parent = nullptr);

private:
    void showLayout();
    void showChart(const Layout& layout);
    void copyCommand();

    Workspace& m_workspace;
    QStackedWidget* m_charts;
    LossChart* m_loss;
    ScreeChart* m_scree;
    HintLabel* m_recipe;
    QPushButton* m_copyCommand;
};

/// The recipe and what came of it, in sentences for a person.
QString recipeText(const Layout& layout);

} // namespace embedscope::ui
