#include "ui/panels/recipe_view.h"

#include "core/base/text.h"
#include "core/projection/projection.h"
#include "core/projection/recipe_text.h"
#include "ui/charts/loss_chart.h"
#include "ui/charts/scree_chart.h"
#include "ui/convert.h"
#include "ui/panels/command_text.h"
#include "ui/panels/hint_label.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/workspace.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace embedscope::ui {

namespace {

/// An integer of the recipe; 0 where it has none of that name.
int integerOf(const Recipe& recipe, std::string_view id)
{
    const ParameterValue* value = findValue(recipe.parameters, id);
    const auto* integer = value ? std::get_if<std::int64_t>(value) : nullptr;
    return integer ? static_cast<int>(*integer) : 0;
}

} // namespace

QString recipeText(const Layout& layout)
{
    const Diagnostics& diagnostics = layout.diagnostics;
    QString text = toQString(summary(layout.recipe));
    if (!diagnostics.isFinished && diagnostics.iterations >= 0)
        text = RecipeView::tr("%1; after %2 iterations").arg(text).arg(diagnostics.iterations);
    if (diagnostics.klDivergence)
        text = RecipeView::tr("%1; KL divergence %2")
                   .arg(text)
                   .arg(*diagnostics.klDivergence, 0, 'f', 4);
    if (layout.omitted.size() == 1)
        text = RecipeView::tr("%1; 1 row left out, because it holds values that are not finite")
                   .arg(text);
    else if (!layout.omitted.empty())
        text = RecipeView::tr("%1; %2 rows left out, because they hold values that are not finite")
                   .arg(text, toQString(formatCount(static_cast<Index>(layout.omitted.size()))));
    for (const std::string& note : diagnostics.notes)
        text = RecipeView::tr("%1. %2").arg(text, toQString(note));
    return text;
}

RecipeView::RecipeView(Workspace& workspace, QWidget* parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_charts(new QStackedWidget)
    , m_loss(new LossChart)
    , m_scree(new ScreeChart)
    , m_recipe(new HintLabel)
    , m_copyCommand(new QPushButton(tr("Copy as command")))
{
    m_recipe->setObjectName(QStringLiteral("projectionRecipe"));
    m_recipe->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_copyCommand->setObjectName(QStringLiteral("projectionCopyCommand"));
    m_copyCommand->setToolTip(tr("Copy a command for the terminal that makes this map again."));
    m_charts->addWidget(m_loss);
    m_charts->addWidget(m_scree);
    m_charts->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_charts->setObjectName(QStringLiteral("projectionCharts"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->addWidget(m_charts);
    layout->addWidget(m_recipe);
    layout->addWidget(m_copyCommand, 0, Qt::AlignLeft);
    connect(&workspace, &Workspace::layoutChanged, this, &RecipeView::showLayout);
    connect(m_copyCommand, &QPushButton::clicked, this, &RecipeView::copyCommand);
    showLayout();
}

void RecipeView::showLayout()
{
    const auto& layout = m_workspace.layout();
    m_recipe->setVisible(layout != nullptr);
    m_copyCommand->setVisible(layout != nullptr);
    m_charts->setVisible(false);
    if (!layout)
        return;
    m_recipe->say(recipeText(*layout));
    m_recipe->setToolTip(
        QStringLiteral("<p>%1</p>").arg(toQString(summary(layout->recipe)).toHtmlEscaped()));
    m_copyCommand->setEnabled(!projectCommand(
        m_workspace.path(), m_workspace.options(), layout->recipe, m_workspace.addedPaths())
                                   .isEmpty());
    showChart(*layout);
}

void RecipeView::showChart(const Layout& layout)
{
    const Diagnostics& diagnostics = layout.diagnostics;
    const Method* method = findMethod(layout.recipe.method);
    if (method && method->isIterative && !diagnostics.lossHistory.empty()) {
        m_loss->setHistory(diagnostics.lossHistory, integerOf(layout.recipe, "iterations"));
        m_charts->setCurrentWidget(m_loss);
        m_charts->setVisible(true);
    } else if (!diagnostics.explainedVariance.empty()) {
        m_scree->setShares(diagnostics.explainedVariance,
            {integerOf(layout.recipe, "component_x"), integerOf(layout.recipe, "component_y")});
        m_charts->setCurrentWidget(m_scree);
        m_charts->setVisible(true);
    }
}

void RecipeView::copyCommand()
{
    const KeptLayout* shown = m_workspace.layouts()->find(m_workspace.shownLayoutId());
    if (!shown)
        return;
    QGuiApplication::clipboard()->setText(projectCommand(m_workspace.path(), m_workspace.options(),
        shown->layout->recipe, m_workspace.addedPaths()));
    const QString caveat = commandCaveat(*shown);
    emit m_workspace.notified(caveat.isEmpty() ? tr("Copied the command.") : caveat);
}

} // namespace embedscope::ui
