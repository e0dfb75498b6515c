#include "ui/workspace/recipe_text.h"

#include "core/projection/projection.h"
#include "core/projection/recipe_text.h"
#include "ui/convert.h"

namespace embedscope::ui {

QString shortSummary(const Recipe& recipe)
{
    const Method* method = findMethod(recipe.method);
    if (!method || !method->isIterative)
        return toQString(summary(recipe));
    Recipe told = recipe;
    told.parameters.clear();
    for (const ParameterInfo& info : method->parameters) {
        const ParameterValue* value = findValue(recipe.parameters, info.id);
        // Those that everybody wants to see, and those that were set.
        const bool isSet = value && toText(*value) != toText(info.defaultValue);
        const bool isMain = info.group.empty() && !info.isLive
            && info.kind != ParameterKind::Boolean && info.kind != ParameterKind::Text;
        if (value && !info.allowsAuto && (isSet || isMain))
            told.parameters.emplace_back(std::string(info.id), *value);
    }
    return toQString(summary(told));
}

} // namespace embedscope::ui
