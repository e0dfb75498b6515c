#pragma once

#include "core/io/format.h"

#include <optional>
#include <string>
#include <utility>

namespace embedscope {

/// Numbers without a header, row after row, little-endian, of the named type (float32 where empty).
///
/// isGuess  the shape is what a configuration claims rather than what the user asked for: where it
///          does not fit the file, the file's own size decides and a warning says so.
Result<Table> readRawNumbers(const ByteSource& source, std::pair<Index, Index> shape, bool isGuess,
    const std::string& dtype, const RowChoice& choice, const Progress& progress);

/// The same file as the projector configuration beside it describes it, with its metadata; nullopt
/// where none beside it mentions it.
std::optional<Result<Table>> readThroughConfigBeside(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

} // namespace embedscope
