#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/io/delimited.h"
#include "core/io/label_column.h"
#include "core/io/number_list.h"
#include "core/io/readers.h"
#include "core/io/table_plan.h"

#include <algorithm>
#include <limits>

namespace embedscope {

namespace {

constexpr std::size_t kSampleRecords = 200;
constexpr std::size_t kMaxColumnsBeside = 1024;
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Text cells of one column in one segment, in row order.
struct CellBlock
{
    std::string bytes;
    std::vector<std::uint32_t> ends;
};

/// What parsing one segment yields beside the numbers, which go straight into the matrix.
struct SegmentResult
{
    std::vector<CellBlock> columns; ///< One for each column beside the vectors.
    Index raggedRows = 0;
    std::uint64_t firstRaggedLine = 0;
    std::optional<Error> error;
};

/// Where a column of the file goes.
struct Target
{
    ColumnRole role = ColumnRole::Ignored;
    std::size_t index = 0; ///< Dimension, or position among the columns beside.
};

/// Reads the rows of a file along a plan.
class RowReader
{
public:
    RowReader(
        const ByteSource& source, const Dialect& dialect, const TablePlan& plan, Matrix& vectors)
        : m_source(source)
        , m_dialect(dialect)
        , m_plan(plan)
        , m_vectors(vectors)
        , m_targets(plan.roles.size())
    {
        std::size_t dimension = 0;
        for (std::size_t c = 0; c < plan.roles.size(); ++c) {
            m_targets[c].role = plan.roles[c];
            if (plan.roles[c] == ColumnRole::Dimension)
                m_targets[c].index = dimension++;
            if (plan.roles[c] == ColumnRole::Beside)
                m_targets[c].index = m_besideCount++;
        }
    }

    std::size_t besideCount() const { return m_besideCount; }

    /// Parses one segment into its rows; `skip` records at its start are no rows.
    SegmentResult read(const Segment& segment, std::size_t skip) const
    {
        SegmentResult result;
        result.columns.resize(m_besideCount);
        auto bytes = m_source.text(segment.offset, segment.bytes);
        if (!bytes) {
            result.error = bytes.error();
            return result;
        }
        const std::string_view text = *bytes;
        Scratch scratch;
        Index row = segment.row;
        std::uint64_t line = segment.line;
        std::size_t at = 0;
        while (at < text.size() && row < m_vectors.rows() && !result.error) {
            const std::size_t end = findRecordEnd(text, at, m_dialect).value_or(text.size());
            auto record = text.substr(at, end - at);
            at = end + 1;
            if (!isBlankRecord(record, m_dialect)) {
                if (!record.empty() && record.back() == '\r')
                    record.remove_suffix(1);
                if (skip > 0)
                    --skip;
                else
                    readRow(record, row++, line, scratch, result);
            }
            if (m_dialect.quotes)
                line += static_cast<std::uint64_t>(
                    std::count(record.begin(), record.end(), m_dialect.lineBreak));
            ++line;
        }
        return result;
    }

private:
    struct Scratch
    {
        std::vector<Cell> cells;
        std::string value;
        std::vector<float> list;
    };

    void readRow(std::string_view record, Index row, std::uint64_t line, Scratch& scratch,
        SegmentResult& result) const
    {
        splitRecord(record, m_dialect, scratch.cells);
        const std::size_t given = scratch.cells.size();
        bool isRagged = given < m_targets.size();
        for (std::size_t c = m_targets.size(); c < given; ++c)
            isRagged = isRagged || !trimmed(scratch.cells[c].raw).empty();
        float* const vector = m_vectors.row(row);
        for (std::size_t c = 0; c < m_targets.size(); ++c) {
            const Target target = m_targets[c];
            if (target.role == ColumnRole::Ignored)
                continue;
            const std::string_view value
                = c < given ? cellValue(scratch.cells[c], scratch.value) : std::string_view();
            if (target.role == ColumnRole::Dimension) {
                if (!readNumberCell(value, vector[target.index])) {
                    result.error = notANumber(value, c, line);
                    return;
                }
            } else if (target.role == ColumnRole::Vector) {
                if (!readVector(value, vector, line, scratch, isRagged, result))
                    return;
            } else {
                CellBlock& block = result.columns[target.index];
                block.bytes.append(value);
                block.ends.push_back(static_cast<std::uint32_t>(block.bytes.size()));
            }
        }
        if (isRagged) {
            if (result.raggedRows++ == 0)
                result.firstRaggedLine = line;
        }
    }

    bool readVector(std::string_view value, float* vector, std::uint64_t line, Scratch& scratch,
        bool& isRagged, SegmentResult& result) const
    {
        const ListRead list = readNumberList(value, scratch.list);
        if (list == ListRead::Shortened) {
            result.error = Error{ErrorCode::Malformed,
                "the vector was shortened with \"...\" when the file was written, so its values "
                "are "
                "lost; write the file again with every value",
                m_source.path(), {}, line};
            return false;
        }
        if (list == ListRead::NotAList && !isMissingCell(value)) {
            result.error = Error{ErrorCode::Malformed,
                "the cell \"" + excerpt(value) + "\" is not a vector", m_source.path(), {}, line};
            return false;
        }
        const auto d = static_cast<std::size_t>(m_vectors.columns());
        if (scratch.list.size() == d && list == ListRead::Ok) {
            std::copy(scratch.list.begin(), scratch.list.end(), vector);
        } else {
            std::fill_n(vector, d, kNan);
            isRagged = true;
        }
        return true;
    }

    static std::string excerpt(std::string_view value)
    {
        constexpr std::size_t kLongest = 40;
        return printable(value.substr(0, kLongest))
            + (value.size() > kLongest ? "\xE2\x80\xA6" : "");
    }

    Error notANumber(std::string_view value, std::size_t column, std::uint64_t line) const
    {
        return Error{ErrorCode::Malformed,
            "the cell \"" + excerpt(value) + "\" in the column \"" + printable(m_plan.names[column])
                + "\" is not a number, though it is part of a vector",
            m_source.path(), {}, line};
    }

    const ByteSource& m_source;
    const Dialect& m_dialect;
    const TablePlan& m_plan;
    Matrix& m_vectors;
    std::vector<Target> m_targets;
    std::size_t m_besideCount = 0;
};

std::string countOf(Index count, const char* one, const char* many)
{
    return formatCount(count) + ' ' + (count == 1 ? one : many);
}

/// The beginning of the file, large enough to hold a few records.
Result<std::string> readSample(const ByteSource& source, std::uint64_t begin)
{
    std::uint64_t want = std::uint64_t{1} << 20U;
    for (;;) {
        EMBEDSCOPE_TRY_ASSIGN(std::string text, source.text(begin, want));
        const bool isWhole = begin + text.size() >= source.size();
        if (isWhole || want >= kMaxRecordBytes || std::count(text.begin(), text.end(), '\n') > 4)
            return text;
        want *= 4;
    }
}

void dropColumnsBeyondLimit(TablePlan& plan)
{
    std::size_t beside = 0;
    for (auto& role : plan.roles) {
        if (role == ColumnRole::Beside && ++beside > kMaxColumnsBeside)
            role = ColumnRole::Ignored;
    }
    if (beside > kMaxColumnsBeside) {
        plan.warnings.push_back("The file has " + formatCount(static_cast<Index>(beside))
            + " columns beside the vectors; the first " + formatCount(kMaxColumnsBeside)
            + " are kept.");
    }
}

/// The columns beside the vectors, made from what all segments gave.
void addColumns(Table& table, const TablePlan& plan, std::vector<TextValues> cells)
{
    std::vector<std::optional<std::size_t>> columnOf(plan.roles.size());
    std::size_t next = 0;
    for (std::size_t c = 0; c < plan.roles.size(); ++c) {
        if (plan.roles[c] != ColumnRole::Beside)
            continue;
        columnOf[c] = table.columns.size();
        table.columns.push_back(inferColumn(plan.names[c], std::move(cells[next++])));
    }
    table.labelColumn = plan.label ? columnOf[*plan.label] : chooseLabelColumn(table.columns);
    for (const std::size_t c : plan.coordinates) {
        if (columnOf[c] && table.columns[*columnOf[c]].kind() == ColumnKind::Number)
            table.coordinateColumns.push_back(*columnOf[c]);
    }
    if (table.coordinateColumns.size() < 2)
        table.coordinateColumns.clear();
}

Status checkSize(const ByteSource& source, const TablePlan& plan, Index rows)
{
    // A number takes two bytes with its delimiter, an empty cell one: a table that claims more
    // cells than the file has bytes is ragged through and through.
    const auto cells = static_cast<std::uint64_t>(rows) * plan.dimensions;
    if (rows < 1 || cells > source.size() + static_cast<std::uint64_t>(rows)) {
        return Error{ErrorCode::Malformed,
            "most rows have fewer cells than the first ones, so it is no table", source.path(), {},
            {}};
    }
    return {};
}

Result<Table> readDelimited(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, 65536));
    EMBEDSCOPE_TRY(checkIsText(head, source.path()));
    const std::uint64_t begin = byteOrderMarkLength(head);
    EMBEDSCOPE_TRY_ASSIGN(const std::string sample, readSample(source, begin));
    const bool isWhole = begin + sample.size() >= source.size();
    Dialect dialect = sniffDialect(sample, isWhole);
    dialect.delimitersAreBlank = true;
    const auto records = sampleRecords(sample, dialect, isWhole, kSampleRecords);
    if (records.empty())
        return Error{
            ErrorCode::Malformed, "there are no rows of text in it", source.path(), {}, {}};
    auto planned = planTable(records, PlanWishes{options.labelColumn, options.tensor});
    if (!planned) {
        Error error = planned.error();
        error.path = source.path();
        return error;
    }
    TablePlan plan = std::move(planned).value();
    dropColumnsBeyondLimit(plan);

    EMBEDSCOPE_TRY_ASSIGN(
        Segments segments, findSegments(source, dialect, begin, 1, progress.part(0, 0.3)));
    const auto skip = static_cast<Index>(plan.skippedRecords);
    const Index rows = segments.rows - skip;
    EMBEDSCOPE_TRY(checkSize(source, plan, rows));
    // Records above the data (a header, a line of counts) stand in the first segment: rows count
    // from the first record of data.
    for (Segment& segment : segments.pieces)
        segment.row = std::max<Index>(segment.row - skip, 0);

    Table table;
    EMBEDSCOPE_TRY_ASSIGN(
        table.vectors, Matrix::allocate(rows, static_cast<Index>(plan.dimensions)));
    const RowReader reader(source, dialect, plan, table.vectors);
    std::vector<TextValues> cells(reader.besideCount());
    Index raggedRows = 0;
    Index repairedCells = 0;
    std::uint64_t firstRaggedLine = 0;
    constexpr std::size_t kBatch = 32;
    for (std::size_t from = 0; from < segments.pieces.size(); from += kBatch) {
        if (progress.stopRequested())
            return stoppedError();
        const std::size_t count = std::min(kBatch, segments.pieces.size() - from);
        std::vector<SegmentResult> results(count);
        parallelBlocks(static_cast<Index>(count), 1, [&](Index block, Index, Index) {
            const auto i = static_cast<std::size_t>(block);
            results[i]
                = reader.read(segments.pieces[from + i], from + i == 0 ? plan.skippedRecords : 0);
        });
        for (SegmentResult& result : results) {
            if (result.error)
                return *std::move(result.error);
            for (std::size_t c = 0; c < cells.size(); ++c) {
                const CellBlock& block = result.columns[c];
                std::uint32_t start = 0;
                for (const std::uint32_t end : block.ends) {
                    const auto cell = std::string_view(block.bytes).substr(start, end - start);
                    repairedCells += cells[c].append(cell) ? 0 : 1;
                    start = end;
                }
            }
            raggedRows += result.raggedRows;
            if (firstRaggedLine == 0)
                firstRaggedLine = result.firstRaggedLine;
        }
        progress.report("Reading rows",
            0.3
                + 0.65 * static_cast<double>(from + count)
                    / static_cast<double>(segments.pieces.size()));
    }

    table.warnings = std::move(plan.warnings);
    if (raggedRows > 0) {
        table.warnings.push_back(countOf(raggedRows, "row has", "rows have")
            + " another number of values than the rest (the first is line "
            + formatCount(static_cast<Index>(firstRaggedLine))
            + "): missing ones count as NaN, further ones are left out.");
    }
    if (segments.blankRows > 0) {
        table.warnings.push_back(countOf(segments.blankRows, "blank line was", "blank lines were")
            + " skipped (the first is line "
            + formatCount(static_cast<Index>(segments.firstBlankLine)) + ").");
    }
    if (repairedCells > 0) {
        table.warnings.push_back(countOf(repairedCells, "cell was", "cells were")
            + " not valid UTF-8; the broken bytes are shown as \xEF\xBF\xBD.");
    }
    addColumns(table, plan, std::move(cells));
    table.provenance.dtype = "text";
    progress.report("Reading rows", 1);
    return table;
}

/// Whether the head is a table in that kind of delimiter.
Confidence recognizeDelimited(const FileHead& head, bool tabs)
{
    std::string_view text = head.bytes;
    if (!checkIsText(text, {}))
        return Confidence::No;
    text.remove_prefix(byteOrderMarkLength(text));
    const bool isExtension
        = tabs ? head.extension == "tsv" || head.extension == "tab" : head.extension == "csv";
    const auto start = text.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos)
        return Confidence::No;
    const bool isWhole = head.bytes.size() == head.fileSize;
    Dialect dialect = sniffDialect(text, isWhole);
    const bool isOurs = (dialect.delimiter == '\t') == tabs;
    if (text[start] == '{' || text[start] == '<')
        return isExtension && isOurs && text[start] == '<' ? Confidence::Extension : Confidence::No;
    if (dialect.delimiter == '\0') {
        return isExtension ? Confidence::Extension : Confidence::No;
    }
    if (!isOurs)
        return Confidence::No;
    dialect.delimitersAreBlank = true;
    const auto records = sampleRecords(text, dialect, isWhole, 50);
    if (records.empty())
        return Confidence::No;
    const bool hasPlan = planTable(records, PlanWishes{}).ok();
    if (hasPlan)
        return Confidence::Likely;
    return isExtension ? Confidence::Plausible : Confidence::No;
}

} // namespace

Confidence recognizeCsv(const FileHead& head)
{
    return recognizeDelimited(head, false);
}

Confidence recognizeTsv(const FileHead& head)
{
    return recognizeDelimited(head, true);
}

Result<Table> readCsv(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    return readDelimited(source, options, progress);
}

Result<Table> readTsv(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    return readDelimited(source, options, progress);
}

} // namespace embedscope
