#include "core/projection/recipe_text.h"

#include "core/base/text.h"
#include "core/projection/projection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace embedscope {

namespace {

/// Told by their effect, below, rather than as parameters.
constexpr std::array<std::string_view, 6> kToldOtherwise{
    "metric", "search", "graph_neighbors", "component_x", "component_y", "component_z"};

/// "Early exaggeration" inside a sentence; "KL divergence" stays as it is.
std::string lowered(std::string_view label)
{
    std::string text(label);
    const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (!text.empty() && isUpper(text[0]) && (text.size() < 2 || !isUpper(text[1])))
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

/// A value for a person: numbers to four digits, choices by their label.
std::string shortText(const ParameterInfo& row, const ParameterValue& value)
{
    if (const auto* number = std::get_if<double>(&value)) {
        std::array<char, 32> digits;
        const auto end = std::to_chars(
            digits.data(), digits.data() + digits.size(), *number, std::chars_format::general, 4)
                             .ptr;
        return {digits.data(), end};
    }
    const auto* text = std::get_if<std::string>(&value);
    for (const Choice& choice : row.choices) {
        if (text != nullptr && choice.id == *text)
            return lowered(choice.label);
    }
    return text != nullptr && row.kind != ParameterKind::Choice ? '"' + printable(*text) + '"'
                                                                : toText(value);
}

/// ", perplexity 30"; ", whiten" or ", no center" for those that are on or off.
std::string parameterText(const ParameterInfo& row, const ParameterValue& value)
{
    if (const bool* isOn = std::get_if<bool>(&value))
        return (*isOn ? ", " : ", no ") + lowered(row.label);
    return ", " + lowered(row.label) + ' ' + shortText(row, value);
}

std::string parametersText(const Recipe& recipe, const Method& method)
{
    std::string text;
    for (std::size_t i = 0; i < method.parameters.size(); ++i) {
        const ParameterInfo& row = method.parameters[i];
        const ParameterValue* value = findValue(recipe.parameters, row.id);
        const bool isTold = std::find(kToldOtherwise.begin(), kToldOtherwise.end(), row.id)
            == kToldOtherwise.end();
        if (value == nullptr || !isTold)
            continue;
        // What an automatic value became says nothing of what was asked for.
        const bool isAutomatic = row.defaultValue == ParameterValue(std::string("auto"));
        const bool differs = !isAutomatic && *value != row.defaultValue;
        if (i == 0 || differs)
            text += parameterText(row, *value);
    }
    return text;
}

/// ", components 1 and 2": the axes of a PCA picture.
std::string componentsText(const Recipe& recipe)
{
    std::vector<std::string> numbers;
    constexpr std::array<std::string_view, 3> axes{"component_x", "component_y", "component_z"};
    for (int a = 0; a < std::min(recipe.dimensions, 3); ++a) {
        if (const ParameterValue* value
            = findValue(recipe.parameters, axes.at(static_cast<std::size_t>(a))))
            numbers.push_back(toText(*value));
    }
    std::string text;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        text += i == 0 ? ", components " : i + 1 == numbers.size() ? " and " : ", ";
        text += numbers[i];
    }
    return text;
}

std::string metricText(const Recipe& recipe)
{
    if (recipe.metric == "cosine")
        return ", by cosine";
    if (recipe.metric == "manhattan")
        return ", by Manhattan distance";
    if (recipe.metric == "dot")
        return ", by dot product";
    return {};
}

std::string graphText(const Recipe& recipe)
{
    if (!recipe.graphRecall)
        return {};
    if (*recipe.graphRecall >= 1)
        return ", exact neighbours";
    // Rounded down: 100 % is said of all alone.
    return ", approximate neighbours (" + formatNumber(std::floor(*recipe.graphRecall * 1000) / 10)
        + " % found)";
}

} // namespace

std::string methodName(const Recipe& recipe)
{
    const Method* const method = findMethod(recipe.method);
    return method != nullptr ? std::string(method->name) : printable(recipe.method);
}

std::string summary(const Recipe& recipe)
{
    if (recipe.method == "given")
        return "Coordinates as given by " + recipe.source;
    const ParameterValue* supervisor = findValue(recipe.parameters, "supervise");
    const bool isSupervised = supervisor != nullptr && !toText(*supervisor).empty();
    std::string text = (isSupervised ? "Supervised " : "") + methodName(recipe);
    text += componentsText(recipe);
    if (const Method* const method = findMethod(recipe.method)) {
        text += parametersText(recipe, *method);
        text += metricText(recipe) + graphText(recipe);
        // Nothing random is in a method that takes one step.
        if (method->isIterative)
            text += ", seed " + std::to_string(recipe.seed);
    }
    if (recipe.dimensions == 3)
        text += ", in 3D";
    if (recipe.normalization == "center")
        text += ", on centred vectors";
    else if (recipe.normalization == "unit")
        text += ", on vectors of unit length";
    if (recipe.preprocessPca > 0)
        text += ", on " + std::to_string(recipe.preprocessPca) + " principal components";
    if (!recipe.rows.empty())
        text += ", of " + recipe.rows;
    if (!recipe.precision.empty())
        text += ", of values kept as " + recipe.precision;
    return text;
}

} // namespace embedscope
