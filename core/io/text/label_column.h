#pragma once

#include "core/data/columns.h"

#include <optional>

namespace embedscope {

/// Which of the columns says what a row is called: a text column named label, word, name, token,
/// title, text or id (in that order), else the first text column whose values are mostly distinct,
/// else a column of another kind with such a name, else the first category column.
std::optional<std::size_t> chooseLabelColumn(const Columns& columns);

/// The name is one that chooseLabelColumn() prefers, such as "Label".
bool isLabelName(std::string_view name);

} // namespace embedscope
