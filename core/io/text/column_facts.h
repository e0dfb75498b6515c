#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace embedscope {

/// Records of a delimited file as values, blank ones left out.
using Records = std::vector<std::vector<std::string>>;

/// What the sample says of one column.
struct ColumnFacts
{
    std::size_t present = 0;
    std::size_t numbers = 0;
    std::size_t integers = 0;
    bool countsUp = true; ///< 0, 1, 2, … or 1, 2, 3, …
    std::map<std::size_t, std::size_t> listLengths; ///< Vectors written in cells, by length.
    std::size_t lists = 0;
    bool isShortened = false;

    bool isNumeric() const { return present > 0 && numbers == present; }
    bool isList() const { return present > 0 && lists * 2 > present; }
    bool isIndex(std::size_t rows) const
    {
        return rows > 1 && countsUp && present == rows && integers == rows;
    }
    /// The commonest length of its lists.
    std::size_t listLength() const;
};

/// The commonest number of cells in the records from `from` on; the larger of equals.
std::size_t commonestWidth(const Records& records, std::size_t from);

/// What the first `width` columns of the records from `from` on hold.
std::vector<ColumnFacts> examineColumns(
    const Records& records, std::size_t from, std::size_t width);

} // namespace embedscope
