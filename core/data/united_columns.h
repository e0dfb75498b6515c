#pragma once

#include "core/data/dataset.h"

#include <memory>
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

/// Columns of the same name become one, those of the label one, too. A table without one of them
/// has missing values there. Where kinds differ the values become text.
/// left    for each table, columns that are not taken over; nullopt: none.
UnitedColumns uniteColumns(const std::vector<std::shared_ptr<const Dataset>>& parts,
    const std::vector<std::optional<std::size_t>>& left);

/// `wanted`, or with a number behind it where a column is called that already.
std::string freeColumnName(const std::string& wanted, const Columns& columns);

} // namespace embedscope
