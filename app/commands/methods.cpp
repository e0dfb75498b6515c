#include "app/commands/command.h"

#include "core/base/text.h"
#include "core/projection/projection.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace embedscope::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kTextWidth = 96;

std::string_view kindName(ParameterKind kind)
{
    switch (kind) {
    case ParameterKind::Boolean:
        return "boolean";
    case ParameterKind::Integer:
        return "integer";
    case ParameterKind::Real:
        return "real";
    case ParameterKind::Choice:
        return "choice";
    case ParameterKind::Text:
        return "text";
    case ParameterKind::Column:
        return "column";
    }
    return {};
}

Json parameterJson(const ParameterInfo& row)
{
    Json object{{"id", row.id}, {"label", row.label}, {"group", row.group},
        {"kind", kindName(row.kind)}, {"default", nullptr}, {"minimum", nullptr},
        {"maximum", nullptr}, {"choices", Json::array()}, {"auto", row.allowsAuto},
        {"live", row.isLive}, {"help", row.help}};
    std::visit([&object](const auto& value) { object["default"] = value; }, row.defaultValue);
    if (row.kind == ParameterKind::Integer || row.kind == ParameterKind::Real) {
        object["minimum"] = row.minimum;
        object["maximum"] = row.maximum;
    }
    for (const Choice& choice : row.choices)
        object["choices"].push_back({{"id", choice.id}, {"label", choice.label}});
    return object;
}

std::string asJson()
{
    Json list = Json::array();
    for (const Method& method : methods()) {
        Json parameters = Json::array();
        for (const ParameterInfo& row : method.parameters)
            parameters.push_back(parameterJson(row));
        list.push_back(
            {{"id", method.id}, {"name", method.name}, {"description", method.description},
                {"iterative", method.isIterative}, {"parameters", parameters}});
    }
    return toText({{"methods", list}});
}

/// The text in lines of at most kTextWidth characters, each behind `indent` spaces.
std::string wrapped(std::string_view text, std::size_t indent)
{
    std::string lines;
    std::size_t used = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty())
            continue;
        if (used == 0 || used + 1 + word.size() > kTextWidth) {
            lines += (used == 0 ? "" : "\n") + std::string(indent, ' ');
            used = indent;
        } else {
            lines += ' ';
            ++used;
        }
        lines += word;
        used += word.size();
    }
    return lines + '\n';
}

std::string parameterText(const ParameterInfo& row)
{
    const std::string standard = embedscope::toText(row.defaultValue);
    std::string text = "\n  " + std::string(row.id) + " = " + (standard.empty() ? "-" : standard)
        + "   (" + allowedValues(row) + ")";
    if (row.isLive)
        text += ", can be changed while it runs";
    return text + '\n' + wrapped(row.help, 6);
}

std::string asText()
{
    std::string text;
    for (const Method& method : methods()) {
        text += (text.empty() ? "" : "\n") + std::string(method.id) + ": "
            + std::string(method.name) + '\n' + wrapped(method.description, 2);
        for (const ParameterInfo& row : method.parameters)
            text += parameterText(row);
    }
    return text;
}

} // namespace

Outcome runMethods(const Invocation& invocation, const Progress&)
{
    return {0, invocation.asJson ? asJson() : asText(), {}};
}

} // namespace embedscope::app
