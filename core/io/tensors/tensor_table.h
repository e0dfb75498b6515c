#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/io/format.h"
#include "core/io/tensors/textual_inversion.h"

#include <functional>
#include <string>
#include <vector>

namespace embedscope {

/// Reads the chosen rows of one tensor, seen as rows.total() x columns, as float32 values. Who
/// cannot read rows apart reads all and keeps those (core/data/select_rows.h).
using ReadTensor = std::function<Result<Matrix>(
    std::size_t tensor, const RowSubset& rows, Index columns, const Progress& progress)>;

/// The table of a file that holds named tensors: the one asked for, else the vectors of a textual
/// inversion with their labels, else what looks most like a table of embeddings. Reads no other.
///
/// tensors  judged already (judgeTensor); they go into the table's provenance.
/// returns  the table without format and path; NotFound for an unknown name, with those there are.
Result<Table> tableFromTensors(std::vector<TensorSummary> tensors, const InversionFacts& facts,
    const ReadOptions& options, const std::string& path, const ReadTensor& read,
    const Progress& progress);

/// What tableFromTensors() offers to open, for listing: the tables of a textual inversion in place
/// of its tensors, every other tensor as it is.
std::vector<TensorSummary> listedTables(
    std::vector<TensorSummary> tensors, const InversionFacts& facts);

/// The file's name without folders and without its last extension: what to call nameless vectors.
std::string fileStem(const std::string& path);

} // namespace embedscope
