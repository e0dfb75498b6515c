#pragma once

#include "core/base/index.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// Text split into records and cells: CSV and TSV in the many ways they are written. Works on any
/// bytes; knows nothing of what the cells mean (core/io/text/table_plan.h does).

/// How a delimited file is written.
struct Dialect
{
    char delimiter = ','; ///< '\0': one cell a line.
    bool quotes = true; ///< Cells may stand in quotes and then hold delimiters and line breaks.
    char lineBreak = '\n'; ///< '\r' in files of old Macs; the \r of \r\n is dropped either way.
    /// Records of nothing but delimiters and spaces count as blank, too.
    bool delimitersAreBlank = false;
    bool keepBlank = false; ///< No record counts as blank: an empty line is a row.
};

/// The most cells a record may have; more is an error.
inline constexpr std::size_t kMaxCells = std::size_t{1} << 18U;
/// The longest record, quoted line breaks included.
inline constexpr std::uint64_t kMaxRecordBytes = std::uint64_t{64} << 20U;

/// A cell as it stands in the file, without its outer quotes.
struct Cell
{
    std::string_view raw;
    bool isEscaped = false; ///< It was quoted in a way that value() has to undo.
};

/// What the cell says; `scratch` holds it where quotes had to be undone.
std::string_view cellValue(const Cell& cell, std::string& scratch);

/// Where the record that starts at `begin` ends: the position of its line break, or text.size()
/// where none follows; nullopt where a quote is still open at the end of the text.
std::optional<std::size_t> findRecordEnd(
    std::string_view text, std::size_t begin, const Dialect& dialect);

/// The cells of one record (without its line break). Stops after kMaxCells + 1.
void splitRecord(std::string_view record, const Dialect& dialect, std::vector<Cell>& cells);

bool isBlankRecord(std::string_view record, const Dialect& dialect);

/// The first whole records of a text, blank ones left out, each as values.
///
/// isWhole   the text ends where the file does, so that its last record counts.
std::vector<std::vector<std::string>> sampleRecords(
    std::string_view text, const Dialect& dialect, bool isWhole, std::size_t maxRecords);

/// The dialect under which the records of a text have most alike numbers of cells. `text` is the
/// beginning of the file after any byte order mark; isWhole as above.
Dialect sniffDialect(std::string_view text, bool isWhole);

/// Length of a UTF-8 byte order mark at the start of the text: 3 or 0.
std::size_t byteOrderMarkLength(std::string_view text);

/// How often a character stands in the text; fast where it is rare.
std::uint64_t occurrences(char character, std::string_view text);

/// An error where the bytes are not text as we read it: UTF-16, or NUL bytes.
Status checkIsText(std::string_view head, const std::string& path);

/// A piece of a file that begins and ends with whole records, so that pieces can be parsed in
/// parallel.
struct Segment
{
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::uint64_t line = 1; ///< Of its first byte; from 1.
    Index row = 0; ///< Number of its first record, blank ones not counted.
};

struct Segments
{
    std::vector<Segment> pieces; ///< About 1 MiB each.
    Index rows = 0; ///< Records that are not blank.
    Index blankRows = 0; ///< Blank records between others; those at the end do not count.
    std::uint64_t firstBlankLine = 0;
    /// Where the first record with a quote begins, for a dialect that knows none.
    std::optional<std::uint64_t> firstQuote;
};

/// Finds the records of a file from `begin`, which stands in line `line`. One pass at the speed of
/// reading, memory bounded by the longest record.
/// returns  Malformed for a quote that never closes, TooLarge for a record beyond kMaxRecordBytes;
///          Stopped.
Result<Segments> findSegments(const ByteSource& source, const Dialect& dialect, std::uint64_t begin,
    std::uint64_t line, const Progress& progress);

} // namespace embedscope
