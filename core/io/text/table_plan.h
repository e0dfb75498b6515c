#pragma once

#include "core/base/result.h"
#include "core/io/text/column_facts.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// What the columns of a delimited file are for, found out from its first records: which hold the
/// vectors, which stand beside them, which is a bare row number.

enum class ColumnRole
{
    Dimension, ///< One component of the vectors.
    Vector, ///< Whole vectors, each written in one cell.
    Beside, ///< A column beside the points: text, category or number, inferred from all its cells.
    Ignored, ///< Row numbers, empty columns, further vectors.
};

struct TablePlan
{
    /// Records before the first row of data: a line of counts, a header, both or neither.
    std::size_t skippedRecords = 0;
    bool hasHeader = false;
    std::vector<std::string> names; ///< One a column; made up where there is no header.
    std::vector<ColumnRole> roles; ///< One a column.
    std::size_t dimensions = 0; ///< d of the vectors.
    std::optional<std::size_t> label; ///< A column (of the file) that is certainly the label.
    std::vector<std::size_t>
        coordinates; ///< Columns of the file that give places: x, y and perhaps z.
    /// Columns are points: their names are the labels, and the rows' names say which dimension.
    bool isTransposed = false;
    std::vector<std::string> warnings;
};

/// What the user said that bears on the plan.
struct PlanWishes
{
    std::string labelColumn; ///< Never taken for a dimension.
    std::string vectorColumn; ///< Which of several vectors written in cells.
    bool firstNamesColumns = false; ///< The first record is known to hold the names.
    bool isTransposed = false; ///< Every column of numbers is a point.
};

/// Makes the plan from the first records of the file (at least one), blank ones left out.
///
/// returns  the plan; or an Error without path and line where nothing in the records can be a
/// vector.
Result<TablePlan> planTable(const Records& records, const PlanWishes& wishes);

} // namespace embedscope
