#include "core/projection/parameters.h"

#include "core/base/text.h"

#include <cmath>

namespace embedscope {

namespace {

std::string allowed(const ParameterInfo& info)
{
    std::string text;
    switch (info.kind) {
    case ParameterKind::Boolean:
        return "true or false";
    case ParameterKind::Integer:
    case ParameterKind::Real:
        text = info.kind == ParameterKind::Integer ? "a whole number from " : "a number from ";
        text += formatNumber(info.minimum) + " to " + formatNumber(info.maximum);
        break;
    case ParameterKind::Choice:
        text = "one of ";
        for (std::size_t i = 0; i < info.choices.size(); ++i)
            text.append(i == 0 ? "" : ", ").append(info.choices[i].id);
        break;
    case ParameterKind::Text:
        return "a text";
    case ParameterKind::Column:
        return "the name of a column";
    }
    return info.allowsAuto ? text + ", or auto" : text;
}

Error refusal(const ParameterInfo& info, const ParameterValue& value)
{
    return Error{ErrorCode::InvalidArgument,
        std::string(info.id) + " must be " + allowed(info) + ", not \"" + printable(toText(value))
            + '"',
        {}, {}, {}};
}

std::optional<bool> asBoolean(const ParameterValue& value)
{
    if (const bool* b = std::get_if<bool>(&value))
        return *b;
    if (const std::string* s = std::get_if<std::string>(&value)) {
        if (*s == "true" || *s == "yes" || *s == "on" || *s == "1")
            return true;
        if (*s == "false" || *s == "no" || *s == "off" || *s == "0")
            return false;
    }
    return std::nullopt;
}

std::optional<double> asNumber(const ParameterValue& value)
{
    if (const double* d = std::get_if<double>(&value))
        return *d;
    if (const std::int64_t* i = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*i);
    if (const std::string* s = std::get_if<std::string>(&value))
        return parseNumber(*s);
    return std::nullopt;
}

} // namespace

Result<ParameterValue> checkedValue(const ParameterInfo& info, const ParameterValue& value)
{
    const std::string* text = std::get_if<std::string>(&value);
    if (info.allowsAuto && text != nullptr && *text == "auto")
        return value;
    switch (info.kind) {
    case ParameterKind::Boolean:
        if (const auto boolean = asBoolean(value))
            return ParameterValue(*boolean);
        break;
    case ParameterKind::Integer:
    case ParameterKind::Real:
        if (const auto number = asNumber(value)) {
            // Written so that NaN fails.
            if (!(*number >= info.minimum && *number <= info.maximum))
                break;
            if (info.kind == ParameterKind::Real)
                return ParameterValue(*number);
            if (*number == std::floor(*number))
                return ParameterValue(static_cast<std::int64_t>(*number));
        }
        break;
    case ParameterKind::Choice:
        for (const Choice& choice : info.choices) {
            if (text != nullptr && *text == choice.id)
                return value;
        }
        break;
    case ParameterKind::Text:
    case ParameterKind::Column:
        if (text != nullptr)
            return value;
        break;
    }
    return refusal(info, value);
}

Result<ParameterValues> resolvedValues(
    std::span<const ParameterInfo> rows, const ParameterValues& given)
{
    ParameterValues values;
    for (const ParameterInfo& row : rows)
        values.emplace_back(std::string(row.id), row.defaultValue);
    for (const auto& [id, value] : given) {
        std::size_t i = 0;
        while (i < rows.size() && rows[i].id != id)
            ++i;
        if (i == rows.size()) {
            std::string valid;
            for (const ParameterInfo& row : rows)
                valid.append(valid.empty() ? "" : ", ").append(row.id);
            return Error{ErrorCode::InvalidArgument,
                "unknown parameter \"" + printable(id) + "\"; "
                    + (valid.empty() ? "this method has none" : "the valid ones are " + valid),
                {}, {}, {}};
        }
        EMBEDSCOPE_TRY_ASSIGN(values[i].second, checkedValue(rows[i], value));
    }
    return values;
}

} // namespace embedscope
