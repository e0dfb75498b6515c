#include "core/io/text/json_text.h"

namespace embedscope {

namespace {

bool isNestedWithin(std::string_view text, int maxDepth)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > maxDepth)
                return false;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return true;
}

} // namespace

std::optional<nlohmann::ordered_json> parseJson(std::string_view text, int maxDepth)
{
    if (!isNestedWithin(text, maxDepth))
        return std::nullopt;
    auto value = nlohmann::ordered_json::parse(text.begin(), text.end(), nullptr, false);
    if (value.is_discarded())
        return std::nullopt;
    return value;
}

std::string jsonAsText(const nlohmann::ordered_json& value)
{
    if (value.is_null())
        return {};
    if (value.is_string())
        return value.get_ref<const std::string&>();
    return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace embedscope
