#pragma once

#include "core/data/dataset.h"
#include "core/io/columnar/columnar_source.h"
#include "core/io/format.h"

namespace embedscope {

/// The table of a columnar file: vectors from the column or columns that hold them, the other
/// columns beside the points, and a label among these. Missing vectors and values are NaN, and a
/// warning says how many. Values are spent (ColumnarSource::spend) before room is made for them.
Result<Table> readColumnarTable(
    const ColumnarSource& source, const ReadOptions& options, const Progress& progress);

} // namespace embedscope
