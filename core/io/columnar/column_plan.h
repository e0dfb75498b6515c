#pragma once

#include "core/data/dataset.h"
#include "core/io/columnar/field_look.h"

#include <string>
#include <vector>

namespace embedscope {

/// What the columns of a columnar file are for.
struct ColumnarPlan
{
    /// Where the vectors stand: in one field, or one dimension in each of several (Use::Beside).
    FieldLook::Use vectors = FieldLook::Use::Beside;
    std::size_t vectorField = 0;
    std::vector<std::size_t> dimensionFields;
    Index dimensions = 0;
    std::vector<std::size_t> beside; ///< Fields that become columns beside the points.
    std::vector<std::size_t> coordinates; ///< Those of them that give places: x, y and perhaps z.
    std::vector<TensorSummary> tensors; ///< The fields that could be the vectors.
    std::vector<std::string> warnings;
    std::vector<std::string> notes;
};

/// Finds the vectors: the list column that is wanted or looks most like embeddings, else columns of
/// numbers whose names count up, else the floating numbers or all numbers there are; by the same
/// rules as a CSV file's (core/io/text/table_plan.h).
///
/// returns  the plan; NotFound for a wanted column that is not there; Malformed or Unsupported,
///          with the reason, where nothing can be a vector.
Result<ColumnarPlan> planColumns(const ColumnarSource& source, const std::string& wantedTensor,
    const std::string& labelColumn, const Progress& progress);

/// The columns that could be the vectors, judged.
Result<std::vector<TensorSummary>> listVectorColumns(
    const ColumnarSource& source, const Progress& progress);

} // namespace embedscope
