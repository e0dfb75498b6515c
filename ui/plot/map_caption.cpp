#include "ui/plot/map_caption.h"

#include "core/base/text.h"
#include "core/projection/recipe_text.h"
#include "ui/convert.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace embedscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("MapCaption", text);
}

/// Methods whose pictures keep who is near whom, and nothing else.
bool keepsNeighborsOnly(const Recipe& recipe)
{
    return recipe.method != "pca" && recipe.method != "given";
}

/// Which principal component an axis shows, from 1.
int componentOf(const Recipe& recipe, std::string_view parameter, int standard)
{
    const ParameterValue* value = findValue(recipe.parameters, parameter);
    const auto* number = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
    return number != nullptr && *number >= 1 ? static_cast<int>(*number) : standard;
}

QString componentWords(const Layout& layout, int component)
{
    const QString name = tr("PC %1").arg(component);
    const auto& shares = layout.diagnostics.explainedVariance;
    if (component < 1 || component > static_cast<int>(shares.size()))
        return name;
    const double percent = 100 * shares[static_cast<std::size_t>(component - 1)];
    return tr("%1 (%2 %)").arg(name, QLocale().toString(percent, 'f', 1));
}

} // namespace

AxisWords axisWords(const Layout& layout)
{
    AxisWords words;
    if (layout.dimensions() >= 3)
        return words;
    if (layout.recipe.method == "pca") {
        words.x = componentWords(layout, componentOf(layout.recipe, "component_x", 1));
        words.y = componentWords(layout, componentOf(layout.recipe, "component_y", 2));
    }
    words.hasNumbers = !keepsNeighborsOnly(layout.recipe);
    return words;
}

std::array<QString, 3> axisNames(const Layout& layout)
{
    if (layout.recipe.method != "pca")
        return {QStringLiteral("x"), QStringLiteral("y"), QStringLiteral("z")};
    return {componentWords(layout, componentOf(layout.recipe, "component_x", 1)),
        componentWords(layout, componentOf(layout.recipe, "component_y", 2)),
        componentWords(layout, componentOf(layout.recipe, "component_z", 3))};
}

QString mapCaption(const Layout& layout)
{
    const auto omitted = static_cast<Index>(layout.omitted.size());
    QStringList parts;
    parts << toQString(summary(layout.recipe));
    if (!layout.diagnostics.isFinished && layout.diagnostics.iterations >= 0)
        parts << tr("stopped after %1 iterations").arg(layout.diagnostics.iterations);
    const QString shown = toQString(formatCount(layout.size() - omitted));
    if (omitted == 1)
        parts << tr("%1 points, 1 row left out").arg(shown);
    else if (omitted > 0)
        parts << tr("%1 points, %2 rows left out").arg(shown, toQString(formatCount(omitted)));
    else
        parts << tr("%1 points").arg(shown);
    return parts.join(QStringLiteral(" · "));
}

QString readingHint(const Layout& layout)
{
    if (!keepsNeighborsOnly(layout.recipe))
        return {};
    return tr(
        "Near points belong together; directions, and distances between groups, mean little.");
}

} // namespace embedscope::ui
