#include "core/base/text.h"
#include "core/io/readers.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>

namespace embedscope {

namespace {

constexpr std::size_t kMaxHeaderBytes = 64;
constexpr std::size_t kMaxLabelBytes = 16U << 10U;
constexpr std::size_t kBufferBytes = 4U << 20U;
constexpr int kMaxLabelSpaces = 64;

struct Header
{
    Index rows = 0;
    Index columns = 0;
    std::size_t bytes = 0;
};

std::optional<Header> readHeader(std::string_view bytes)
{
    const auto end = bytes.substr(0, kMaxHeaderBytes).find('\n');
    if (end == std::string_view::npos)
        return std::nullopt;
    const std::string_view line = trimmed(bytes.substr(0, end));
    const auto space = line.find(' ');
    if (space == std::string_view::npos)
        return std::nullopt;
    const auto rows = parseInteger(line.substr(0, space));
    const auto columns = parseInteger(line.substr(space));
    if (!rows || !columns || *rows < 0 || *columns < 0)
        return std::nullopt;
    return Header{*rows, *columns, end + 1};
}

bool isControl(char c)
{
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

/// Whether these bytes can be a word. The end may be cut within a letter, as some tools do.
bool looksLikeWord(std::string_view word)
{
    if (std::any_of(word.begin(), word.end(), isControl))
        return false;
    for (std::size_t cut = 0; cut < 4 && cut <= word.size(); ++cut) {
        if (isValidUtf8(word.substr(0, word.size() - cut)))
            return true;
        if (cut < word.size() && static_cast<unsigned char>(word[word.size() - 1 - cut]) < 0x80)
            return false;
    }
    return false;
}

/// A window on the source that moves forward.
class Window
{
public:
    Window(const ByteSource& source, std::uint64_t offset)
        : m_source(source)
        , m_begin(offset)
    {
    }

    std::uint64_t position() const { return m_begin + m_at; }
    std::uint64_t left() const { return m_source.size() - position(); }
    void advance(std::size_t count) { m_at += count; }

    /// At least `count` of the next bytes, or all there are.
    Result<std::string_view> peek(std::size_t count)
    {
        if (m_bytes.size() - m_at < count && m_begin + m_bytes.size() < m_source.size()) {
            m_begin += m_at;
            m_at = 0;
            EMBEDSCOPE_TRY_ASSIGN(m_bytes, m_source.text(m_begin, std::max(count, kBufferBytes)));
        }
        return std::string_view(m_bytes).substr(m_at);
    }

private:
    const ByteSource& m_source;
    std::string m_bytes;
    std::uint64_t m_begin;
    std::size_t m_at = 0;
};

class Reader
{
public:
    Reader(const ByteSource& source, const Header& header, const RowChoice& choice,
        const Progress& progress)
        : m_source(source)
        , m_header(header)
        , m_choice(choice)
        , m_progress(progress)
        , m_window(source, header.bytes)
        , m_vectorBytes(static_cast<std::size_t>(header.columns) * sizeof(float))
    {
    }

    Result<Table> read()
    {
        const std::uint64_t left = m_window.left();
        // A row takes its vector and the space before it at the least.
        const auto possible = static_cast<Index>(left / (m_vectorBytes + 1));
        if (possible == 0) {
            return error(ErrorCode::Truncated,
                "the first line promises vectors of " + formatCount(m_header.columns)
                    + " values, but only " + formatBytes(left)
                    + " follow. Is the download complete?");
        }
        m_promised = std::min(m_header.rows, possible);
        EMBEDSCOPE_TRY_ASSIGN(m_rows, chosenRows(m_choice, m_promised, m_source.path()));
        EMBEDSCOPE_TRY_ASSIGN(m_matrix, Matrix::allocate(m_rows.count(), m_header.columns));
        Index row = 0;
        for (; row < m_promised; ++row) {
            if (row % 256 == 0) {
                if (m_progress.stopRequested())
                    return stoppedError();
                m_progress.report(
                    "Reading rows", static_cast<double>(row) / static_cast<double>(m_promised));
            }
            EMBEDSCOPE_TRY_ASSIGN(const bool isRow, readRow(row));
            if (!isRow)
                break;
        }
        m_matrix.truncateRows(m_kept);
        return finish(row);
    }

private:
    Error error(ErrorCode code, std::string detail) const
    {
        return Error{code, std::move(detail), m_source.path(), m_window.position(), {}};
    }

    /// False at the end of the file.
    Result<bool> readRow(Index row)
    {
        const std::size_t wanted = 2 * (kMaxLabelBytes + m_vectorBytes);
        EMBEDSCOPE_TRY_ASSIGN(std::string_view bytes, m_window.peek(wanted));
        // The C tool ends a row with a line break, gensim does not.
        const auto skipped = std::min(bytes.find_first_not_of('\n'), bytes.size());
        m_window.advance(skipped);
        bytes.remove_prefix(skipped);
        if (bytes.empty())
            return false;
        const auto end = labelEnd(bytes);
        if (end == std::string_view::npos || end > kMaxLabelBytes) {
            return error(
                bytes.size() > kMaxLabelBytes ? ErrorCode::Malformed : ErrorCode::Truncated,
                bytes.size() > kMaxLabelBytes
                    ? "the label of row " + formatCount(row) + " never ends"
                    : "the file ends within the label of row " + formatCount(row)
                        + ". Is the download complete?");
        }
        if (bytes.size() - end - 1 < m_vectorBytes) {
            return error(ErrorCode::Truncated,
                "the file ends within row " + formatCount(row) + " of " + formatCount(m_header.rows)
                    + ". Is the download complete?");
        }
        if (m_kept < m_rows.count() && m_rows[m_kept] == row) {
            const std::string_view label = bytes.substr(0, end);
            m_broken += m_labels.append(label) ? 0 : 1;
            m_suspicious += std::any_of(label.begin(), label.end(), isControl) ? 1 : 0;
            std::memcpy(m_matrix.row(m_kept), bytes.data() + end + 1, m_vectorBytes);
            ++m_kept;
        }
        m_window.advance(end + 1 + m_vectorBytes);
        return true;
    }

    /// Where the label ends: at its first space, unless what would then be the vector and the next
    /// label cannot be ones and a later space makes them so. The format cannot hold labels with
    /// spaces, yet they are written.
    std::size_t labelEnd(std::string_view bytes)
    {
        const std::string_view range = bytes.substr(0, kMaxLabelBytes + 1);
        const auto first = range.find(' ');
        std::optional<std::size_t> fallback;
        auto end = first;
        for (int tried = 0; tried < kMaxLabelSpaces && end != std::string_view::npos; ++tried) {
            // Whatever follows: values are no part of a label, though they may hold a space.
            if (end != first && !looksLikeWord(range.substr(0, end)))
                break;
            if (leadsToAWord(bytes, end)) {
                if (isLikelyVector(bytes.substr(end + 1))) {
                    m_labelsWithSpaces += end != first ? 1 : 0;
                    return end;
                }
                fallback = fallback.value_or(end);
            }
            end = range.find(' ', end + 1);
        }
        return fallback.value_or(first);
    }

    /// Embeddings are neither tiny nor huge: bytes that are out of step with the values are.
    bool isLikelyVector(std::string_view bytes) const
    {
        if (bytes.size() < m_vectorBytes)
            return false;
        bool isLikely = true;
        for (Index j = 0; j < m_header.columns; ++j) {
            float value = 0;
            std::memcpy(
                &value, bytes.data() + static_cast<std::size_t>(j) * sizeof value, sizeof value);
            const float size = std::abs(value);
            isLikely = isLikely && ((size < 1e9F && size > 1e-15F) || value == 0);
        }
        return isLikely;
    }

    bool leadsToAWord(std::string_view bytes, std::size_t end) const
    {
        std::size_t next = end + 1 + m_vectorBytes;
        if (next >= bytes.size()) // The last row fits exactly or not at all.
            return next == bytes.size() && m_window.position() + next == m_source.size();
        while (next < bytes.size() && bytes[next] == '\n')
            ++next;
        const std::string_view rest = bytes.substr(next, kMaxLabelBytes);
        const auto length = rest.find(' ');
        if (length == std::string_view::npos)
            return rest.empty();
        return looksLikeWord(rest.substr(0, length));
    }

    /// rows  that the file was found to hold.
    Result<Table> finish(Index rows)
    {
        Table table;
        if (m_kept == 0 && rows > 0) {
            return error(ErrorCode::InvalidArgument,
                "none of the rows asked for is among the " + formatCount(rows)
                    + " that the file holds");
        }
        if (!m_rows.isAll())
            table.provenance.rows = m_rows.firstOf(rows);
        if (rows != m_header.rows) {
            table.warnings.push_back("The first line promises " + formatCount(m_header.rows)
                + " rows, but the file holds " + formatCount(rows) + ".");
        }
        EMBEDSCOPE_TRY_ASSIGN(const std::string_view rest, m_window.peek(1));
        if (rest.find_first_not_of('\n') != std::string_view::npos) {
            table.warnings.push_back(
                formatBytes(m_window.left()) + " behind the last row are left unread.");
        }
        if (m_labelsWithSpaces > 0) {
            table.warnings.push_back(formatCount(m_labelsWithSpaces)
                + (m_labelsWithSpaces == 1 ? " label contains" : " labels contain")
                + " spaces, which the binary format does not allow; where they end was guessed.");
        }
        if (m_suspicious > 0) {
            table.warnings.push_back(formatCount(m_suspicious)
                + (m_suspicious == 1 ? " label contains" : " labels contain")
                + " control characters: the file may be damaged, or its labels contain spaces.");
        }
        if (m_broken > 0) {
            table.warnings.push_back(formatCount(m_broken)
                + (m_broken == 1 ? " label is" : " labels are")
                + " not valid UTF-8; what is broken shows as \xEF\xBF\xBD.");
        }
        table.vectors = std::move(m_matrix);
        table.columns.emplace_back("label", std::move(m_labels));
        table.labelColumn = 0;
        table.provenance.dtype = "float32";
        return table;
    }

    const ByteSource& m_source;
    const Header& m_header;
    const RowChoice& m_choice;
    const Progress& m_progress;
    Window m_window;
    std::size_t m_vectorBytes;
    Index m_promised = 0;
    RowSubset m_rows; ///< Of the promised ones.
    Index m_kept = 0;
    Matrix m_matrix;
    TextValues m_labels;
    Index m_broken = 0;
    Index m_suspicious = 0;
    Index m_labelsWithSpaces = 0;
};

} // namespace

Confidence recognizeWord2VecBinary(const FileHead& head)
{
    const auto header = readHeader(head.bytes);
    if (!header)
        return Confidence::No;
    const std::string_view rows = head.bytes.substr(header->bytes);
    const bool isBinary = std::any_of(
        rows.begin(), rows.end(), [](char c) { return isControl(c) && c != '\n' && c != '\r'; });
    if (isBinary)
        return Confidence::Likely;
    return head.extension == "bin" ? Confidence::Extension : Confidence::No;
}

Result<Table> readWord2VecBinary(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string start, source.text(0, kMaxHeaderBytes));
    const auto header = readHeader(start);
    if (!header) {
        return Error{ErrorCode::Malformed, "the first line is not \"rows columns\"", source.path(),
            std::uint64_t{0}, {}};
    }
    if (header->columns == 0) {
        return Error{ErrorCode::Malformed, "the first line promises vectors of 0 values",
            source.path(), std::uint64_t{0}, {}};
    }
    if (static_cast<std::uint64_t>(header->columns) > source.size() / sizeof(float)) {
        return Error{ErrorCode::Truncated,
            "the first line promises vectors of " + formatCount(header->columns)
                + " values, more than the whole file holds. Is the download complete?",
            source.path(), source.size(), {}};
    }
    return Reader(source, *header, options.rows, progress).read();
}

} // namespace embedscope
