#pragma once

#include <string_view>
#include <vector>

namespace embedscope {

/// A whole vector written in one cell: `[0.1, 0.2]` as JSON or Python write it, `[0.1 0.2]` as
/// numpy does (line breaks included), `(0.1, 0.2)`, `{0.1,0.2}`, `array([0.1, 0.2])`, or bare
/// numbers with spaces between them.
enum class ListRead
{
    NotAList,
    Shortened, ///< numpy left values out and wrote "..." in their place.
    Ok,
};

/// Reads the cell into `values` (replaced). null and None in it are NaN. A single bare number is
/// not a list.
ListRead readNumberList(std::string_view cell, std::vector<float>& values);

/// One cell as a number: false where it is none. Empty cells and the usual words for a missing
/// value (NA, n/a, null, None, nan, -, ?) are NaN and true.
bool readNumberCell(std::string_view cell, float& value);

/// An empty cell or a usual word for a missing value.
bool isMissingCell(std::string_view cell);

} // namespace embedscope
