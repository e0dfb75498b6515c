#include "core/data/layout.h"

#include "core/base/text.h"

namespace embedscope {

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
    std::string text = recipe.method == "pca" ? "PCA"
        : recipe.method == "tsne"             ? "t-SNE"
                                              : recipe.method;
    for (const auto& [id, value] : recipe.parameters) {
        std::string name = id;
        for (char& c : name)
            c = c == '_' ? ' ' : c;
        text += ", " + name + ' ' + toText(value);
    }
    text += ", seed " + std::to_string(recipe.seed);
    if (recipe.normalization == "center")
        text += ", on centred vectors";
    else if (recipe.normalization == "unit")
        text += ", on vectors of unit length";
    if (recipe.preprocessPca > 0)
        text += ", on " + std::to_string(recipe.preprocessPca) + " principal components";
    return text;
}

} // namespace embedscope
