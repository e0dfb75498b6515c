// Matrix Market files (Boisvert, Pozo, Remington 1996: "The Matrix Market exchange formats"): a
// banner, comments, a line of sizes, then the values, column by column, or the entries that are not
// zero, each with its place.

#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/readers.h"
#include "core/io/text/line_blocks.h"
#include "core/io/text/parse_float.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace embedscope {

namespace {

constexpr std::string_view kBanner = "%%MatrixMarket";
constexpr std::uint64_t kMaxHeadBytes = std::uint64_t{1} << 20U;
/// A dense table may be so much larger than the file that lists what is not zero.
constexpr std::uint64_t kMaxExpansion = 400;
constexpr std::uint64_t kSmallTable = std::uint64_t{64} << 20U;

enum class Symmetry
{
    None,
    Symmetric,
    Skew
};

struct Header
{
    bool isCoordinate = false;
    bool isPattern = false;
    std::string field; ///< "real", "integer", …
    Symmetry symmetry = Symmetry::None;
    Index rows = 0;
    Index columns = 0;
    std::uint64_t lines = 0; ///< Of values or entries below it.
    std::uint64_t offset = 0; ///< Of the first of them.
};

Error malformed(const ByteSource& source, std::uint64_t line, std::string detail)
{
    return Error{ErrorCode::Malformed, std::move(detail), source.path(), {}, line};
}

std::vector<std::string> wordsOf(std::string_view line)
{
    std::vector<std::string> words;
    for (std::size_t at = 0; at < line.size();) {
        const auto begin = std::min(line.find_first_not_of(" \t\r", at), line.size());
        const auto end = std::min(line.find_first_of(" \t\r", begin), line.size());
        if (end > begin)
            words.push_back(foldCase(line.substr(begin, end - begin)));
        at = end;
    }
    return words;
}

Status readBanner(const ByteSource& source, std::string_view line, Header& header)
{
    const auto words = wordsOf(line);
    if (words.size() < 5 || words[0] != foldCase(kBanner))
        return malformed(source, 1, "the first line is no banner of a Matrix Market file");
    const auto unsupported = [&](const std::string& what) {
        return Error{
            ErrorCode::Unsupported, "this Matrix Market file holds " + what, source.path(), {}, {}};
    };
    if (words[1] != "matrix")
        return unsupported("a \"" + printable(words[1]) + "\" instead of a matrix");
    if (words[2] != "coordinate" && words[2] != "array")
        return malformed(source, 1, "its matrix is neither \"coordinate\" nor \"array\"");
    header.isCoordinate = words[2] == "coordinate";
    header.field = words[3];
    if (header.field == "complex" || words[4] == "hermitian")
        return unsupported("complex numbers, which cannot be a table");
    header.isPattern = header.field == "pattern";
    const bool isReal = header.field == "real" || header.field == "double"
        || header.field == "integer" || header.field == "unsigned-integer";
    if (!isReal && !(header.isPattern && header.isCoordinate))
        return malformed(
            source, 1, "its values are of the unknown kind \"" + printable(words[3]) + '"');
    if (words[4] == "symmetric")
        header.symmetry = Symmetry::Symmetric;
    else if (words[4] == "skew-symmetric")
        header.symmetry = Symmetry::Skew;
    else if (words[4] != "general")
        return malformed(
            source, 1, "its symmetry is of the unknown kind \"" + printable(words[4]) + '"');
    return {};
}

Status readSizes(
    const ByteSource& source, std::string_view line, std::uint64_t number, Header& header)
{
    const auto words = wordsOf(line);
    std::vector<std::int64_t> sizes;
    for (const std::string& word : words) {
        const auto size = parseInteger(word);
        if (!size || *size < 0)
            break;
        sizes.push_back(*size);
    }
    const std::size_t wanted = header.isCoordinate ? 3 : 2;
    if (sizes.size() != wanted || words.size() != wanted || sizes[0] < 1 || sizes[1] < 1) {
        return malformed(source, number,
            header.isCoordinate ? "this line should give rows, columns and entries"
                                : "this line should give rows and columns");
    }
    header.rows = sizes[0];
    header.columns = sizes[1];
    if (header.symmetry != Symmetry::None && header.rows != header.columns)
        return malformed(source, number, "a symmetric matrix must be square");
    const auto rows = static_cast<std::uint64_t>(header.rows);
    if (header.isCoordinate) {
        header.lines = static_cast<std::uint64_t>(sizes[2]);
    } else if (const auto all = checkedProduct(rows, static_cast<std::uint64_t>(header.columns))) {
        // With symmetry the lower triangle alone, without its diagonal where that must be zero.
        header.lines = header.symmetry == Symmetry::None ? *all
            : header.symmetry == Symmetry::Symmetric     ? (*all + rows) / 2
                                                         : (*all - rows) / 2;
    } else {
        return malformed(source, number, "the sizes are impossibly large");
    }
    return {};
}

Result<Header> readHeader(const ByteSource& source)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, kMaxHeadBytes));
    Header header;
    std::uint64_t line = 0;
    for (std::size_t at = 0; at < head.size();) {
        const auto end = std::min(head.find('\n', at), head.size());
        const auto text = std::string_view(head).substr(at, end - at);
        at = std::min(end + 1, head.size());
        if (++line == 1) {
            EMBEDSCOPE_TRY(readBanner(source, text, header));
            continue;
        }
        if (text.starts_with('%') || trimmed(text).empty())
            continue;
        EMBEDSCOPE_TRY(readSizes(source, text, line, header));
        header.offset = at;
        return header;
    }
    return malformed(source, line, "the line that gives the sizes is missing");
}

Status checkSize(const ByteSource& source, const Header& header, std::uint64_t maxBytes)
{
    // A line takes two bytes at the least.
    if (header.lines > (source.size() - header.offset) / 2 + 1) {
        return Error{ErrorCode::Truncated,
            "the header promises " + std::to_string(header.lines)
                + " lines of values, more than the file can hold. Is the download complete?",
            source.path(), {}, {}};
    }
    const auto values = checkedProduct(
        static_cast<std::uint64_t>(header.rows), static_cast<std::uint64_t>(header.columns));
    const auto bytes = values ? checkedProduct(*values, sizeof(float)) : values;
    const bool isLimitOfUser = maxBytes != ReadOptions().maxBytes;
    const bool isSuspicious
        = !isLimitOfUser && bytes && *bytes > kSmallTable && *bytes / kMaxExpansion > source.size();
    if (!bytes || isSuspicious || (header.isCoordinate && *bytes > maxBytes)) {
        return Error{ErrorCode::TooLarge,
            "as a dense table its " + formatCount(header.rows) + " x " + formatCount(header.columns)
                + " values would take "
                + (bytes ? formatBytes(*bytes) : std::string("more than there can be"))
                + ", almost all of them zeros; --max-bytes allows it",
            source.path(), {}, {}};
    }
    return {};
}

/// Calls use(line) for each line that is not blank, as LineBlocks counts them.
template <typename Use> Status forEachLine(std::string_view text, const Use& use)
{
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        if (!isBlankLine(line))
            EMBEDSCOPE_TRY(use(line));
    }
    return {};
}

struct Entry
{
    Index row;
    Index column;
    float value;
};

class Reader
{
public:
    Reader(
        const ByteSource& source, const Header& header, bool isTransposed, const Progress& progress)
        : m_source(source)
        , m_header(header)
        , m_isTransposed(isTransposed)
        , m_progress(progress)
    {
    }

    Result<Table> read()
    {
        const Index rows = m_isTransposed ? m_header.columns : m_header.rows;
        const Index columns = m_isTransposed ? m_header.rows : m_header.columns;
        LineBlocks lines(m_source, m_header.offset);
        EMBEDSCOPE_TRY(lines.count(m_progress.part(0, 0.2)));
        if (static_cast<std::uint64_t>(lines.rows()) != m_header.lines) {
            const bool isShort = static_cast<std::uint64_t>(lines.rows()) < m_header.lines;
            return Error{isShort ? ErrorCode::Truncated : ErrorCode::Malformed,
                "the header promises " + std::to_string(m_header.lines)
                    + " lines of values, but there are " + formatCount(lines.rows())
                    + (isShort ? ". Is the download complete?" : ""),
                m_source.path(), {}, {}};
        }
        EMBEDSCOPE_TRY_ASSIGN(m_matrix, Matrix::allocate(rows, columns));
        std::fill(m_matrix.data(), m_matrix.data() + m_matrix.size(), 0.0F);
        EMBEDSCOPE_TRY(m_header.isCoordinate ? readEntries(lines) : readValues(lines));
        Table table;
        table.vectors = std::move(m_matrix);
        table.provenance.dtype = "text";
        if (m_repeated > 0) {
            table.warnings.push_back(formatCount(m_repeated)
                + (m_repeated == 1 ? " place is" : " places are")
                + " listed more than once; their values were added up.");
        }
        if (m_header.isCoordinate) {
            table.provenance.notes.push_back("A sparse matrix of "
                + formatCount(static_cast<Index>(m_header.lines)) + " entries; the rest is zero.");
        }
        return table;
    }

private:
    Error badLine(std::string_view line, const char* what) const
    {
        constexpr std::size_t kLongest = 40;
        return Error{ErrorCode::Malformed,
            std::string(what) + ": \"" + printable(line.substr(0, kLongest)) + '"', m_source.path(),
            {}, {}};
    }

    float& at(Index row, Index column)
    {
        return m_isTransposed ? m_matrix(column, row) : m_matrix(row, column);
    }

    void put(const Entry& entry)
    {
        float& value = at(entry.row, entry.column);
        m_repeated += value != 0 ? 1 : 0;
        value += entry.value;
        if (m_header.symmetry != Symmetry::None && entry.row != entry.column) {
            at(entry.column, entry.row)
                += m_header.symmetry == Symmetry::Skew ? -entry.value : entry.value;
        }
    }

    /// "row column value" with places from 1.
    Status parseEntry(std::string_view line, Entry& entry) const
    {
        const char* begin = line.data();
        const char* const end = begin + line.size();
        const auto skip = [&] {
            while (begin != end && (*begin == ' ' || *begin == '\t'))
                ++begin;
        };
        for (Index* place : {&entry.row, &entry.column}) {
            skip();
            const auto [stop, code] = std::from_chars(begin, end, *place);
            if (code != std::errc() || (stop != end && *stop != ' ' && *stop != '\t'))
                return badLine(line, "this is no entry of a matrix");
            begin = stop;
            --*place;
        }
        if (entry.row < 0 || entry.row >= m_header.rows || entry.column < 0
            || entry.column >= m_header.columns)
            return badLine(line, "this entry has its place outside the matrix");
        entry.value = 1;
        skip();
        if (!m_header.isPattern) {
            begin = parseFloat(begin, end, entry.value);
            if (begin == nullptr)
                return badLine(line, "this is no entry of a matrix");
            skip();
        }
        return begin == end ? Status() : badLine(line, "this is no entry of a matrix");
    }

    /// Parsed by many threads, put in their places by one, in file order.
    Status readEntries(const LineBlocks& lines)
    {
        constexpr Index kSlab = 16;
        const Progress progress = m_progress.part(0.2, 1);
        for (Index first = 0; first < lines.size(); first += kSlab) {
            const Index count = std::min(kSlab, lines.size() - first);
            std::vector<std::vector<Entry>> parsed(static_cast<std::size_t>(count));
            const auto readBlock = [&](Index begin, Index end) -> Status {
                for (Index block = begin; block < end; ++block) {
                    std::string bytes;
                    EMBEDSCOPE_TRY_ASSIGN(
                        const std::string_view text, lines.read(first + block, bytes));
                    auto& entries = parsed[static_cast<std::size_t>(block)];
                    entries.reserve(static_cast<std::size_t>(lines[first + block].rows()));
                    EMBEDSCOPE_TRY(forEachLine(text, [&](std::string_view line) -> Status {
                        return parseEntry(line, entries.emplace_back());
                    }));
                }
                return {};
            };
            EMBEDSCOPE_TRY(readInBlocks(count, 1,
                progress.part(static_cast<double>(first) / static_cast<double>(lines.size()),
                    static_cast<double>(first + count) / static_cast<double>(lines.size())),
                readBlock));
            for (const auto& entries : parsed) {
                for (const Entry& entry : entries)
                    put(entry);
            }
        }
        return {};
    }

    /// Where the value of that number stands: columns one behind the other.
    void locate(Index number, Index& row, Index& column) const
    {
        if (m_header.symmetry == Symmetry::None) {
            row = number % m_header.rows;
            column = number / m_header.rows;
            return;
        }
        // The column whose part of the triangle holds it, by bisection over where columns begin.
        const Index diagonal = m_header.symmetry == Symmetry::Symmetric ? 1 : 0;
        const auto begin
            = [&](Index c) { return c * (m_header.rows - 1 + diagonal) - c * (c - 1) / 2; };
        Index low = 0;
        Index high = m_header.columns;
        while (high - low > 1) {
            const Index middle = low + (high - low) / 2;
            (begin(middle) <= number ? low : high) = middle;
        }
        column = low;
        row = number - begin(low) + low + 1 - diagonal;
    }

    Status readValues(const LineBlocks& lines)
    {
        const auto readBlock = [&](Index begin, Index end) -> Status {
            for (Index block = begin; block < end; ++block) {
                std::string bytes;
                EMBEDSCOPE_TRY_ASSIGN(const std::string_view text, lines.read(block, bytes));
                Index number = lines[block].firstRow;
                const Index behind = number + lines[block].rows();
                EMBEDSCOPE_TRY(forEachLine(text, [&](std::string_view line) -> Status {
                    if (number == behind)
                        return lines.changedError();
                    const std::string_view word = trimmed(line);
                    float value = 0;
                    if (parseFloat(word.data(), word.data() + word.size(), value)
                        != word.data() + word.size())
                        return badLine(line, "this is not one number");
                    Index row = 0;
                    Index column = 0;
                    locate(number++, row, column);
                    at(row, column) = value;
                    if (m_header.symmetry != Symmetry::None && row != column)
                        at(column, row) = m_header.symmetry == Symmetry::Skew ? -value : value;
                    return {};
                }));
            }
            return {};
        };
        return readInBlocks(lines.size(), 1, m_progress.part(0.2, 1), readBlock);
    }

    const ByteSource& m_source;
    const Header& m_header;
    bool m_isTransposed;
    const Progress& m_progress;
    Matrix m_matrix;
    Index m_repeated = 0;
};

} // namespace

Confidence recognizeMatrixMarket(const FileHead& head)
{
    return startsWithIgnoringCase(head.bytes, kBanner) ? Confidence::Certain : Confidence::No;
}

Result<Table> readMatrixMarket(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Header header, readHeader(source));
    EMBEDSCOPE_TRY(checkSize(source, header, options.maxBytes));
    return Reader(source, header, options.isTransposed, progress).read();
}

} // namespace embedscope
