#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/columns.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

class ByteSource;

/// Columns read from a file of their own, made to fit a table of n rows.
struct Metadata
{
    Columns columns; ///< Each n long; the rest is missing where the file is shorter.
    std::optional<std::size_t> labelColumn;
    std::vector<std::string> warnings;
    Index rowsInFile = 0; ///< As many rows as the file has, whatever the table's size.
};

/// Reads metadata for a table of `rows` points from CSV, TSV, JSON lines or a list of JSON objects.
///
/// Whether the first line is a header is decided by the counts where they say it (one line more
/// than points, or as many). Else TSV follows the TensorFlow projector (a header if and only if the
/// first line has a tab), CSV its content. Blank lines are skipped, unless the counts only fit with
/// them. Quotes have no meaning in TSV, unless the counts only fit with them.
Result<Metadata> readMetadata(const ByteSource& source, Index rows, const Progress& progress);

/// All rows of the file, which stand in no order that the table knows: no counts say whether there
/// is a header.
Result<Metadata> readAllMetadata(const ByteSource& source, const Progress& progress);

/// The part of it that reads JSON lines: an object a line, keys in order of first appearance,
/// nested values as JSON text. Lines that are no object keep their place, with missing values and a
/// warning.
Result<Metadata> readJsonLines(
    const ByteSource& source, std::optional<Index> rows, const Progress& progress);

/// The same for one list of objects, over as many lines as it likes.
Result<Metadata> readJsonList(
    const ByteSource& source, std::optional<Index> rows, const Progress& progress);

/// Metadata where the file's own count of rows differs from the table's: the warning that says so.
std::string countMismatch(Index metadataRows, Index points);

} // namespace embedscope
