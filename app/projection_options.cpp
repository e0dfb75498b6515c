#include "app/projection_options.h"

#include "core/base/text.h"

#include <algorithm>
#include <utility>

namespace embedscope::app {

namespace {

constexpr std::string_view kNormalization = "normalization";

Error misuse(std::string detail)
{
    return Error{ErrorCode::InvalidArgument, std::move(detail), {}, {}, {}};
}

/// The parameters that --set may name, as a refusal lists them.
std::string parameterNames(const Method& method)
{
    std::string text;
    for (const ParameterInfo& row : method.parameters)
        text += std::string(row.id) + ", ";
    return text + std::string(kNormalization);
}

const ParameterInfo* findParameter(const Method& method, std::string_view id)
{
    for (const ParameterInfo& row : method.parameters) {
        if (row.id == id)
            return &row;
    }
    return nullptr;
}

Status applySetting(const Method& method, const std::string& setting, ProjectionRequest& to)
{
    const std::size_t equals = setting.find('=');
    if (equals == 0 || equals == std::string::npos)
        return misuse("--set takes NAME=VALUE, not \"" + printable(setting) + '"');
    const std::string name = setting.substr(0, equals);
    const std::string text = setting.substr(equals + 1);
    const ParameterInfo* row = findParameter(method, name);
    if (row == nullptr && name == kNormalization) {
        if (text != "none" && text != "center" && text != "unit")
            return misuse("normalization is none, center or unit, not \"" + printable(text) + '"');
        to.normalization = text;
        return {};
    }
    if (row == nullptr) {
        return misuse(std::string(method.id) + " has no parameter \"" + printable(name)
            + "\"; it has " + parameterNames(method));
    }
    auto value = checkedValue(*row, text);
    if (!value)
        return misuse(value.error().detail + "; the parameters are " + parameterNames(method));
    std::erase_if(to.parameters, [&name](const auto& given) { return given.first == name; });
    to.parameters.emplace_back(name, std::move(value).value());
    return {};
}

std::string nameOf(const std::string& setting)
{
    return setting.substr(0, setting.find('='));
}

} // namespace

Status applyOptions(const ProjectionOptions& options, ProjectionRequest& to)
{
    if (!options.method.empty())
        to.method = options.method;
    const Method* method = findMethod(to.method);
    if (method == nullptr) {
        return misuse(
            "There is no method \"" + printable(to.method) + "\"; there are " + methodIds());
    }
    to.dimensions = options.dimensions.value_or(to.dimensions);
    to.seed = options.seed.value_or(to.seed);
    if (options.preprocessPca)
        to.preprocessPca = options.preprocessPca;
    for (std::size_t i = 0; i < options.settings.size(); ++i) {
        const std::string name = nameOf(options.settings[i]);
        const bool isGivenTwice = std::any_of(options.settings.begin(),
            options.settings.begin() + static_cast<std::ptrdiff_t>(i),
            [&name](const std::string& before) { return nameOf(before) == name; });
        if (isGivenTwice)
            return misuse("--set gives " + printable(name) + " twice");
        EMBEDSCOPE_TRY(applySetting(*method, options.settings[i], to));
    }
    return {};
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    return text;
}

std::string methodIds()
{
    std::vector<std::string> ids;
    for (const Method& method : methods())
        ids.emplace_back(method.id);
    return joined(ids);
}

std::string allowedValues(const ParameterInfo& row)
{
    std::vector<std::string> ids;
    switch (row.kind) {
    case ParameterKind::Boolean:
        return "true or false";
    case ParameterKind::Integer:
    case ParameterKind::Real:
        return formatNumber(row.minimum) + " to " + formatNumber(row.maximum)
            + (row.allowsAuto ? ", or auto" : "");
    case ParameterKind::Choice:
        for (const Choice& choice : row.choices)
            ids.emplace_back(choice.id);
        return joined(ids);
    case ParameterKind::Text:
        return "a text";
    case ParameterKind::Column:
        return "the name of a column";
    }
    return {};
}

std::string parametersHelp()
{
    std::string text;
    for (const Method& method : methods()) {
        if (method.parameters.empty())
            continue;
        text += (text.empty() ? "" : "\n") + std::string("Parameters of ") + std::string(method.id)
            + ", their defaults and what they may be:\n";
        for (const ParameterInfo& row : method.parameters) {
            std::string line = "  " + std::string(row.id);
            line.resize(std::max<std::size_t>(line.size() + 1, 28), ' ');
            const std::string standard = toText(row.defaultValue);
            line += standard.empty() ? "-" : standard;
            line.resize(std::max<std::size_t>(line.size() + 1, 40), ' ');
            text += line + allowedValues(row) + '\n';
        }
    }
    return text + "\n'embedscope methods' explains them.";
}

} // namespace embedscope::app
