#include "core/io/text/metadata.h"

#include "core/base/text.h"
#include "core/io/text/delimited.h"
#include "core/io/text/header_line.h"
#include "core/io/text/label_column.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::size_t kMaxColumns = 1024;
constexpr Index kNoCount = -2; ///< Of points: neither it nor one more is a file's count of lines.

/// One way to read the file, and how many rows it gives.
struct Reading
{
    Dialect dialect;
    bool hasHeader = false;
    Segments segments;
    Index rows() const { return segments.rows - (hasHeader ? 1 : 0); }
};

std::string_view firstLine(std::string_view text)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        if (!trimmed(line).empty())
            return line;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

bool endsWithIgnoringCase(std::string_view path, std::string_view ending)
{
    return path.size() >= ending.size()
        && startsWithIgnoringCase(path.substr(path.size() - ending.size()), ending);
}

/// TSV as the projector understands it, unless the name or the content says CSV.
Dialect dialectOf(std::string_view sample, bool isWhole, const std::string& path)
{
    const Dialect sniffed = sniffDialect(sample, isWhole);
    Dialect dialect = sniffed;
    dialect.quotes = false;
    const std::string_view first = firstLine(sample);
    if (first.find('\t') != std::string_view::npos) {
        dialect.delimiter = '\t';
        return dialect;
    }
    if (endsWithIgnoringCase(path, ".csv"))
        return sniffed;
    if (!endsWithIgnoringCase(path, ".tsv") && sniffed.delimiter != '\t'
        && sniffed.delimiter != '\0') {
        // Labels may hold commas: only a table in which every line has as many is one.
        const auto records = sampleRecords(sample, sniffed, isWhole, 200);
        const bool even = std::all_of(records.begin(), records.end(),
            [&](const auto& record) { return record.size() == records.front().size(); });
        if (even && records.size() > 1)
            return sniffed;
    }
    dialect.delimiter = '\0';
    return dialect;
}

bool namesStandAboveNumbers(std::string_view sample, bool isWhole, const Dialect& dialect)
{
    constexpr std::size_t kRecords = 200;
    return isHeaderLine(sampleRecords(sample, dialect, isWhole, kRecords), 0);
}

bool defaultHeader(std::string_view sample, bool isWhole, const Dialect& dialect)
{
    if (dialect.delimiter == '\t')
        return true;
    if (dialect.delimiter == '\0')
        return false;
    if (namesStandAboveNumbers(sample, isWhole, dialect))
        return true;
    const auto records = sampleRecords(sample, dialect, isWhole, 1);
    if (records.empty())
        return false;
    // A table of words alone: named columns are the rule in CSV, numbers in the first line are not.
    return std::none_of(records[0].begin(), records[0].end(), [](const std::string& cell) {
        return parseNumber(cell).has_value() || trimmed(cell).empty();
    });
}

/// The reading whose rows fit the table; the plain one where none does.
Result<Reading> chooseReading(const ByteSource& source, std::string_view sample, bool isWhole,
    std::uint64_t begin, Index points, const Progress& progress)
{
    const Dialect plain = dialectOf(sample, isWhole, source.path());
    std::vector<Dialect> ways{plain};
    ways.push_back(plain);
    ways.back().keepBlank = true;
    if (sample.find('"') != std::string_view::npos) {
        ways.push_back(plain);
        ways.back().quotes = !plain.quotes;
    }
    std::optional<Reading> first;
    for (const Dialect& dialect : ways) {
        auto segments = findSegments(source, dialect, begin, 1, progress);
        if (!segments) {
            if (segments.error().code == ErrorCode::Malformed)
                continue; // a quote that never closes: another way may do
            return segments.error();
        }
        Reading reading{dialect, false, std::move(segments).value()};
        if (reading.segments.rows == points + 1 || reading.segments.rows == points) {
            // As many lines as points: no header, unless names stand above numbers and a row is
            // missing elsewhere.
            reading.hasHeader = reading.segments.rows == points + 1
                || namesStandAboveNumbers(sample, isWhole, dialect);
            return reading;
        }
        if (!first) {
            reading.hasHeader = defaultHeader(sample, isWhole, dialect);
            first = std::move(reading);
        }
    }
    if (!first)
        return Error{ErrorCode::Malformed, "a quote is never closed", source.path(), {}, {}};
    return *std::move(first);
}

/// Reads cells, row by row, into one TextValues a column.
class CellReader
{
public:
    CellReader(const ByteSource& source, const Reading& reading, Index points)
        : m_source(source)
        , m_reading(reading)
        , m_points(points)
    {
    }

    Status read(const Progress& progress)
    {
        for (const Segment& segment : m_reading.segments.pieces) {
            if (progress.stopRequested())
                return stoppedError();
            EMBEDSCOPE_TRY_ASSIGN(
                const std::string text, m_source.text(segment.offset, segment.bytes));
            EMBEDSCOPE_TRY(readSegment(text));
        }
        return {};
    }

    std::vector<std::string> names;
    std::vector<TextValues> cells;
    Index repaired = 0;
    Index ragged = 0;

private:
    Status readSegment(std::string_view text)
    {
        std::size_t at = 0;
        while (at < text.size() && m_row < m_points) {
            const auto end = findRecordEnd(text, at, m_reading.dialect).value_or(text.size());
            auto record = text.substr(at, end - at);
            at = end + 1;
            if (isBlankRecord(record, m_reading.dialect))
                continue;
            if (!record.empty() && record.back() == '\r')
                record.remove_suffix(1);
            splitRecord(record, m_reading.dialect, m_record);
            if (names.empty()) {
                EMBEDSCOPE_TRY(begin());
                if (m_reading.hasHeader)
                    continue;
            }
            addRow();
        }
        return {};
    }

    /// Makes the columns from the first record.
    Status begin()
    {
        const std::size_t count = std::min(m_record.size(), kMaxColumns);
        const auto rows = static_cast<std::uint64_t>(std::min(m_reading.rows(), m_points));
        if (rows * count > m_source.size() + rows) {
            return Error{ErrorCode::Malformed, "most lines have fewer cells than the first one",
                m_source.path(), {}, {}};
        }
        for (std::size_t c = 0; c < count; ++c) {
            std::string name;
            if (m_reading.hasHeader)
                name = repairUtf8(trimmed(cellValue(m_record[c], m_scratch)));
            if (name.empty())
                name = count == 1 ? "label" : "column " + std::to_string(c + 1);
            names.push_back(std::move(name));
        }
        cells.resize(count);
        return {};
    }

    void addRow()
    {
        bool isRagged = m_record.size() < cells.size();
        for (std::size_t c = names.size(); c < m_record.size(); ++c)
            isRagged = isRagged || !trimmed(m_record[c].raw).empty();
        ragged += isRagged ? 1 : 0;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            const std::string_view value
                = c < m_record.size() ? cellValue(m_record[c], m_scratch) : std::string_view();
            if (value.empty())
                cells[c].appendMissing();
            else
                repaired += cells[c].append(value) ? 0 : 1;
        }
        ++m_row;
    }

    const ByteSource& m_source;
    const Reading& m_reading;
    Index m_points;
    Index m_row = 0;
    std::vector<Cell> m_record;
    std::string m_scratch;
};

} // namespace

std::string countMismatch(Index metadataRows, Index points)
{
    return "The metadata has " + formatCount(metadataRows) + " rows for " + formatCount(points)
        + (points == 1 ? " point" : " points")
        + (metadataRows < points ? ": the points after the last row have none."
                                 : ": the first rows are used, the others are left out.")
        + " Check that both files belong together.";
}

namespace {

/// points: of the table; nullopt where the rows of the file are all wanted, in whatever order.
Result<Metadata> read(
    const ByteSource& source, std::optional<Index> points, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string sample, source.text(0, std::uint64_t{1} << 20U));
    EMBEDSCOPE_TRY(checkIsText(sample, source.path()));
    const std::size_t begin = byteOrderMarkLength(sample);
    const std::string_view text = std::string_view(sample).substr(begin);
    const bool isWhole = sample.size() == source.size();
    const std::string_view first = firstLine(text);
    if (first.empty())
        return Error{ErrorCode::Malformed, "there is no text in it", source.path(), {}, {}};
    if (first.starts_with("{\""))
        return readJsonLines(source, points, progress);
    const auto open = text.find_first_not_of(" \t\r\n");
    const auto inner = text.find_first_not_of(" \t\r\n", open + 1);
    if (text[open] == '[' && inner != std::string_view::npos && text[inner] == '{')
        return readJsonList(source, points, progress);
    if (startsWithIgnoringCase(trimmed(first), "<!doctype html")
        || startsWithIgnoringCase(trimmed(first), "<html")
        || first.starts_with("version https://git-lfs")) {
        return Error{ErrorCode::Malformed,
            "is not metadata but a web page or a pointer to a file kept elsewhere; download the "
            "file itself",
            source.path(), {}, {}};
    }

    EMBEDSCOPE_TRY_ASSIGN(const Reading reading,
        chooseReading(
            source, text, isWhole, begin, points.value_or(kNoCount), progress.part(0, 0.4)));
    const Index rows = points.value_or(reading.rows());
    CellReader reader(source, reading, rows);
    EMBEDSCOPE_TRY(reader.read(progress.part(0.4, 1)));

    Metadata result;
    result.rowsInFile = reading.rows();
    if (reading.rows() != rows)
        result.warnings.push_back(countMismatch(reading.rows(), rows));
    if (reader.ragged > 0) {
        result.warnings.push_back(formatCount(reader.ragged)
            + (reader.ragged == 1 ? " line" : " lines")
            + " of the metadata have another number of cells than the first: missing ones are "
              "empty, further ones are left out.");
    }
    if (reader.repaired > 0) {
        result.warnings.push_back(formatCount(reader.repaired)
            + (reader.repaired == 1 ? " cell" : " cells")
            + " of the metadata were not valid UTF-8; the broken bytes are shown as \xEF\xBF\xBD.");
    }
    for (std::size_t c = 0; c < reader.cells.size(); ++c) {
        while (reader.cells[c].size() < rows)
            reader.cells[c].appendMissing();
        result.columns.push_back(
            inferColumn(std::move(reader.names[c]), std::move(reader.cells[c])));
    }
    result.labelColumn = chooseLabelColumn(result.columns);
    return result;
}

} // namespace

Result<Metadata> readMetadata(const ByteSource& source, Index rows, const Progress& progress)
{
    return read(source, rows, progress);
}

Result<Metadata> readAllMetadata(const ByteSource& source, const Progress& progress)
{
    return read(source, std::nullopt, progress);
}

} // namespace embedscope
