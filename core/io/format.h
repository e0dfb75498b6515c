#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/row_choice.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope {

/// What the user may say about how a file is to be read. Every field is optional.
struct ReadOptions
{
    /// Column that names the rows; an error where there is none of that name.
    std::string labelColumn;
    /// A metadata file (CSV, TSV, JSON lines) laid beside the table, row by row.
    std::string metadataPath;
    /// The column of the metadata file, and of the same name or the label column of the table, by
    /// whose values its rows are found; empty: row by row.
    std::string metadataKey;
    /// Which table, where a file holds several.
    std::string tensor;
    /// Which member, where the file is an archive of several that could be tables.
    std::string member;
    /// Where the tokens' texts of a token table stand; empty: looked for beside the file.
    std::string tokenizerPath;
    /// All rows, or the few that are wanted.
    RowChoice rows;
    /// Whether the values are kept in memory as float16, which takes half of what float32 does.
    bool isHalf = false;
    /// Rows and columns, for files without a header (raw float32).
    std::optional<std::pair<Index, Index>> shape;
    /// Element type for files without a header: float32, float16, …
    std::string dtype;
    /// Columns are the points and rows their dimensions (CSV, TSV, Matrix Market).
    bool isTransposed = false;
    /// What the table may take in memory before it is refused; nullopt: what is free.
    std::optional<std::uint64_t> maxMemory;
    /// What a compressed file may expand to before it is refused.
    std::uint64_t maxBytes = std::uint64_t{2} << 30U;
};

/// The beginning of a file, from which its format is recognised.
struct FileHead
{
    std::string_view bytes; ///< The first 64 KiB at most.
    std::uint64_t fileSize = 0;
    std::string_view extension; ///< Lower case, without the dot.
    std::string_view path;
    /// Names of the members where the file is a ZIP archive; else empty.
    std::span<const std::string> members;
    /// Names of the first members where it is a tar archive; fewer where only its beginning is
    /// there.
    std::span<const std::string> tarMembers = {};
};

/// How sure a reader is that a file is its own. The highest wins; ties go to the earlier row.
enum class Confidence
{
    No,
    Extension, ///< Nothing in the bytes speaks for or against it, but the name does.
    Plausible, ///< The bytes could be of this format.
    Likely, ///< The bytes look like it and like nothing else of its kind.
    Certain, ///< A magic number.
};

/// What a format is read by. Functions of these types are declared in readers.h.
using RecognizeFormat = Confidence(const FileHead& head);
using ReadFormat
    = Result<Table>(const ByteSource& source, const ReadOptions& options, const Progress& progress);
/// What the file holds, without reading the tables themselves: for choosing one.
using ListFormat = Result<std::vector<TensorSummary>>(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

/// A row of the array of readers.
struct Format
{
    std::string_view id; ///< "npy"; stands in info --json and in tests/data/<id>/.
    std::string_view name; ///< "NumPy array".
    std::string_view description; ///< What is read of it, in a sentence, for `embedscope formats`.
    std::span<const std::string_view> extensions; ///< Lower case, without dots.
    std::string_view mimeType;
    RecognizeFormat* recognize;
    ReadFormat* read;
    ListFormat* list = nullptr; ///< Null where a file of this format holds one table.
};

/// THE ARRAY of readers. Adding a format: a file, a row here, a line in CMakeLists.txt.
std::span<const Format> formats();

/// The format of that file by its content; the extension breaks ties. Recognises, and refuses by
/// name, what is no data at all: a Git LFS pointer, an HTML page, an empty file.
Result<const Format*> detectFormat(const ByteSource& source);

} // namespace embedscope
