#pragma once

#include "core/base/result.h"
#include "core/data/layout.h"
#include "core/projection/projection.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace embedscope {

/// A recipe as one flat JSON object: "method", "dimensions", "seed", "normalization", "metric",
/// "preprocess_pca", "graph_recall" (null without a graph), "source" (of given coordinates), then
/// the parameters under their ids.
nlohmann::ordered_json recipeObject(const Recipe& recipe);
/// The same as text.
std::string recipeToJson(const Recipe& recipe);

/// Reads what recipeToJson() wrote: the very same recipe. An object that holds such a one under
/// "recipe", as `embedscope project --json` prints, will do as well.
///
/// returns   Malformed, with the name of what is wrong: not JSON, a value of the wrong type or out
///           of the range in the method's table, a method or a field that is not known. Fields that
///           are missing have their default, but for "method".
Result<Recipe> recipeFromJson(std::string_view text);

/// The request that makes a picture of this recipe again. InvalidArgument for given coordinates.
Result<ProjectionRequest> requestFrom(const Recipe& recipe);

} // namespace embedscope
