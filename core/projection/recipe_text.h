#pragma once

#include "core/data/layout.h"

#include <string>

namespace embedscope {

/// The recipe in one line for a person: "t-SNE, perplexity 30, exact neighbours, seed 0, on 50
/// principal components". Of the parameters it tells the first of the method's table, which matters
/// most, and those that differ from their defaults; the whole recipe is recipeToJson().
std::string summary(const Recipe& recipe);

/// The method as a person writes it: "t-SNE"; the id where it is not known.
std::string methodName(const Recipe& recipe);

} // namespace embedscope
