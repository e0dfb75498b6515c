#include "core/data/layout.h"

#include "core/base/text.h"

#include <array>
#include <charconv>

namespace embedscope {

namespace {

/// A value for a person: numbers to four digits.
std::string shortText(const ParameterValue& value)
{
    const auto* number = std::get_if<double>(&value);
    if (number == nullptr)
        return toText(value);
    std::array<char, 32> digits;
    const auto end = std::to_chars(
        digits.data(), digits.data() + digits.size(), *number, std::chars_format::general, 4)
                         .ptr;
    return {digits.data(), end};
}

/// ", components 1 and 2": the axes of a PCA picture. Nothing random is in it, so no seed.
std::string componentsText(const Recipe& recipe)
{
    std::string axes;
    std::string more;
    for (const auto& [id, value] : recipe.parameters) {
        if (recipe.dimensions < 3 && id == "component_z")
            continue;
        if (id.starts_with("component_"))
            axes += (axes.empty() ? ", components " : " and ") + toText(value);
        else if (id == "whiten" && value == ParameterValue(true))
            more += ", whitened";
        else if (id == "center" && value == ParameterValue(false))
            more += ", not centred";
    }
    return axes + more;
}

} // namespace

const ParameterValue* findValue(const ParameterValues& values, std::string_view id)
{
    for (const auto& [name, value] : values) {
        if (name == id)
            return &value;
    }
    return nullptr;
}

std::string toText(const ParameterValue& value)
{
    struct Visitor
    {
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(std::int64_t i) const { return std::to_string(i); }
        std::string operator()(double d) const { return formatNumber(d); }
        std::string operator()(const std::string& s) const { return s; }
    };
    return std::visit(Visitor{}, value);
}

std::string summary(const Recipe& recipe)
{
    if (recipe.method == "given")
        return "Coordinates as given by " + recipe.source;
    std::string text;
    if (recipe.method == "pca") {
        text = "PCA" + componentsText(recipe);
    } else {
        text = recipe.method == "tsne" ? "t-SNE" : recipe.method;
        for (const auto& [id, value] : recipe.parameters) {
            std::string name = id;
            for (char& c : name)
                c = c == '_' ? ' ' : c;
            text += ", " + name + ' ' + shortText(value);
        }
        text += ", seed " + std::to_string(recipe.seed);
    }
    if (recipe.normalization == "center")
        text += ", on centred vectors";
    else if (recipe.normalization == "unit")
        text += ", on vectors of unit length";
    if (recipe.preprocessPca > 0)
        text += ", on " + std::to_string(recipe.preprocessPca) + " principal components";
    return text;
}

} // namespace embedscope
