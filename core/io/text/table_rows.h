#pragma once

#include "core/base/progress.h"
#include "core/data/dataset.h"
#include "core/io/row_choice.h"
#include "core/io/text/delimited.h"
#include "core/io/text/row_reader.h"
#include "core/io/text/table_plan.h"

#include <functional>

namespace embedscope {

/// Reads the rows of a text along a plan and makes the table of them: several pieces at a time,
/// each by `parse` on a thread of its own, put together in file order.
///
/// segments  of the whole text, the records above the data included.
/// choice    whose vectors alone are read and allocated; columns beside them are those of all rows,
///           to be cut by applyRowChoice(). Columns that are points are all read.
/// parse     called from several threads at once.
/// returns   the table without its path; Malformed where most rows are too short for the plan; the
///           first error in file order that `parse` gave; Stopped; before a row is read, TooLarge
///           where the vectors do not fit into memory and InvalidArgument as chosenRows().
Result<Table> readTableRows(const ByteSource& source, const Dialect& dialect, TablePlan plan,
    const Segments& segments, const RowChoice& choice,
    const std::function<SegmentRows(const RowReader&, const Segment&)>& parse,
    const Progress& progress);

} // namespace embedscope
