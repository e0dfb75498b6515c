#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace embedscope {

/// JSON from hostile bytes: nothing thrown, nesting bounded (what walks a document afterwards is
/// recursive). Keys keep their order.
/// returns  the value; nullopt where the text is no JSON or is nested deeper than maxDepth.
std::optional<nlohmann::ordered_json> parseJson(std::string_view text, int maxDepth = 64);

/// The value as compact JSON text; strings as they are, null as "".
std::string jsonAsText(const nlohmann::ordered_json& value);

} // namespace embedscope
