#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/writers/rows_to_write.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// A row of the array of writers.
struct Writer
{
    std::string_view id; ///< That of the reader of the same files: "npy".
    std::string_view name; ///< "NumPy array".
    std::string_view description; ///< What is kept of a table, in a sentence.
    /// Lower case, without dots; the first is given to names without one. No two writers share one.
    std::span<const std::string_view> extensions;
    /// Writes the rows; on failure or stop the old file stands. What the format cannot hold goes to
    /// `warnings`, a plain sentence each.
    Status (*write)(const std::string& path, const RowsToWrite& rows,
        std::vector<std::string>& warnings, const Progress& progress);
};

/// THE ARRAY of writers. Adding one: a file, a row here, a line in CMakeLists.txt.
std::span<const Writer> writers();

/// The writer of that id, or, where the id is empty, the one that the path's extension names.
/// InvalidArgument with the list of those there are.
Result<const Writer*> findWriter(std::string_view id, const std::string& path);

/// Where the columns of a table go that is written as TSV for the TensorFlow projector:
/// a_metadata.tsv beside a.tsv, metadata.tsv beside tensors.tsv.
std::string projectorMetadataPath(const std::string& path);

/// Writes rows of a table in any format; every float32 comes back exactly when the file is read.
///
/// id        of the writer; empty: by the path's extension.
/// rows      at least one.
/// returns   what the format could not hold, a plain sentence each; InvalidArgument, WriteFailed,
///           Stopped. On failure or stop the old file stands.
/// cost      the speed of the disk for binary formats; text is made on several threads. Memory for
///           a few MB, whatever the table's size.
Result<std::vector<std::string>> writeDataset(const std::string& path, std::string_view id,
    const RowsToWrite& rows, const Progress& progress);

} // namespace embedscope
