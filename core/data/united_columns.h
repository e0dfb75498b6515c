#pragma once

#include "core/data/columns.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// The columns of several tables, one table's rows below the other's.
struct UnitedColumns
{
    Columns columns;
    std::optional<std::size_t> labelColumn;
};

/// The columns of one of them. Does not own them.
struct PartColumns
{
    const Columns* columns = nullptr;
    std::optional<std::size_t> labelColumn;
    Index rows = 0;
    std::optional<std::size_t> left; ///< A column that is not taken over.
};

/// Columns of the same name become one, those of the label one, too. A table without one of them
/// has missing values there. Where kinds differ the values become text.
UnitedColumns uniteColumns(const std::vector<PartColumns>& parts);

/// `wanted`, or with a number behind it where a column is called that already.
std::string freeColumnName(const std::string& wanted, const Columns& columns);

} // namespace embedscope
