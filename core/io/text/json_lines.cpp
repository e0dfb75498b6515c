#include "core/base/text.h"
#include "core/io/text/delimited.h"
#include "core/io/text/json_records.h"
#include "core/io/text/json_text.h"
#include "core/io/text/label_column.h"
#include "core/io/text/metadata.h"

#include <unordered_map>

namespace embedscope {

namespace {

constexpr std::size_t kMaxKeys = 1024;

/// Collects objects into columns; what a line does not name is missing in its row.
class KeyColumns
{
public:
    /// False where the line is no object: the row is then all missing.
    bool addLine(std::string_view line, Index row)
    {
        const auto object = parseJson(line);
        if (!object || !object->is_object())
            return false;
        for (const auto& [key, value] : object->items()) {
            auto found = m_indexOf.find(key);
            if (found == m_indexOf.end()) {
                if (m_names.size() == kMaxKeys)
                    continue;
                found = m_indexOf.emplace(key, m_names.size()).first;
                m_names.push_back(key);
                m_cells.emplace_back();
            }
            TextValues& cells = m_cells[found->second];
            if (cells.size() > row)
                continue; // the same key twice in one object
            fill(cells, row);
            if (value.is_null())
                cells.appendMissing();
            else
                cells.append(jsonAsText(value));
        }
        return true;
    }

    std::size_t keyCount() const { return m_names.size(); }

    Columns take(Index rows)
    {
        Columns columns;
        for (std::size_t c = 0; c < m_names.size(); ++c) {
            fill(m_cells[c], rows);
            columns.push_back(inferColumn(std::move(m_names[c]), std::move(m_cells[c])));
        }
        return columns;
    }

private:
    static void fill(TextValues& cells, Index rows)
    {
        while (cells.size() < rows)
            cells.appendMissing();
    }

    std::vector<std::string> m_names;
    std::vector<TextValues> m_cells;
    std::unordered_map<std::string, std::size_t> m_indexOf;
};

/// Reads rows one by one, and says in the end what is wrong with all of them.
class MetadataRows
{
public:
    MetadataRows(const ByteSource& source, Index rows)
        : m_source(source)
        , m_rows(rows)
        , m_maxCells(source.size() + static_cast<std::uint64_t>(rows) + (std::uint64_t{1} << 20U))
    {
    }

    bool isFull() const { return m_row == m_rows; }

    Status add(std::string_view object, std::uint64_t line)
    {
        if (!m_columns.addLine(object, m_row)) {
            ++m_badLines;
            m_firstBadLine = m_firstBadLine == 0 ? line : m_firstBadLine;
        }
        ++m_row;
        // A key that only one line has still takes a cell in every row.
        if (static_cast<std::uint64_t>(m_row) * m_columns.keyCount() <= m_maxCells)
            return {};
        return Error{ErrorCode::TooLarge,
            "the lines have " + formatCount(static_cast<Index>(m_columns.keyCount()))
                + " different keys, of which most lines have few",
            m_source.path(), {}, line};
    }

    Result<Metadata> finish(Index rowsInFile)
    {
        if (m_badLines * 2 > m_row || m_columns.keyCount() == 0) {
            return Error{ErrorCode::Malformed, "this line is not a JSON object", m_source.path(),
                {}, m_firstBadLine == 0 ? 1 : m_firstBadLine};
        }
        Metadata result;
        result.rowsInFile = rowsInFile;
        if (rowsInFile != m_rows)
            result.warnings.push_back(countMismatch(rowsInFile, m_rows));
        if (m_badLines > 0) {
            result.warnings.push_back(formatCount(m_badLines)
                + (m_badLines == 1 ? " line of the metadata is not a JSON object"
                                   : " lines of the metadata are not JSON objects")
                + " (the first is line " + formatCount(static_cast<Index>(m_firstBadLine))
                + "): those points have none.");
        }
        result.columns = m_columns.take(m_rows);
        result.labelColumn = chooseLabelColumn(result.columns);
        return result;
    }

private:
    const ByteSource& m_source;
    Index m_rows;
    std::uint64_t m_maxCells;
    KeyColumns m_columns;
    Index m_row = 0;
    Index m_badLines = 0;
    std::uint64_t m_firstBadLine = 0;
};

} // namespace

Result<Metadata> readJsonLines(
    const ByteSource& source, std::optional<Index> wanted, const Progress& progress)
{
    Dialect dialect;
    dialect.delimiter = '\0';
    dialect.quotes = false;
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, 3));
    EMBEDSCOPE_TRY_ASSIGN(const Segments segments,
        findSegments(source, dialect, byteOrderMarkLength(head), 1, progress.part(0, 0.3)));
    MetadataRows rows(source, wanted.value_or(segments.rows));
    for (const Segment& segment : segments.pieces) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const std::string text, source.text(segment.offset, segment.bytes));
        std::uint64_t line = segment.line;
        for (std::size_t at = 0; at < text.size() && !rows.isFull(); ++line) {
            const auto end = std::min(text.find('\n', at), text.size());
            const auto record = std::string_view(text).substr(at, end - at);
            at = end + 1;
            if (!isBlankRecord(record, dialect))
                EMBEDSCOPE_TRY(rows.add(record, line));
        }
    }
    return rows.finish(segments.rows);
}

Result<Metadata> readJsonList(
    const ByteSource& source, std::optional<Index> wanted, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, std::uint64_t{1} << 20U));
    const auto place = findJsonRecords(std::string_view(head).substr(byteOrderMarkLength(head)));
    if (!place || place->layout != JsonLayout::List) {
        return Error{ErrorCode::Malformed, "is no list of JSON objects", source.path(), {}, {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(const Segments segments,
        findJsonSegments(source, JsonLayout::List, byteOrderMarkLength(head) + place->begin,
            progress.part(0, 0.3)));
    MetadataRows rows(source, wanted.value_or(segments.rows));
    for (const Segment& segment : segments.pieces) {
        if (progress.stopRequested())
            return stoppedError();
        EMBEDSCOPE_TRY_ASSIGN(const std::string text, source.text(segment.offset, segment.bytes));
        JsonRecord record;
        for (std::size_t at = 0; !rows.isFull(); at = record.end) {
            if (nextJsonRecord(text, at, JsonLayout::List, record) != JsonStep::Record)
                break;
            EMBEDSCOPE_TRY(rows.add(record.value, segment.line));
        }
    }
    return rows.finish(segments.rows);
}

} // namespace embedscope
