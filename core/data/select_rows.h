#pragma once

#include "core/data/columns.h"
#include "core/data/matrix.h"
#include "core/data/row_subset.h"

namespace embedscope {

/// Keeps those rows, in place; matrix.rows() == rows.total().
void keepRows(Matrix& matrix, const RowSubset& rows);

/// The column of those rows alone; column.size() == rows.total(). Kind and name stay; categories
/// that none of the rows has go.
Column selectRows(const Column& column, const RowSubset& rows);

} // namespace embedscope
