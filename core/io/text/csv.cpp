#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/io/readers.h"
#include "core/io/text/delimited.h"
#include "core/io/text/label_column.h"
#include "core/io/text/row_reader.h"
#include "core/io/text/table_plan.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::size_t kSampleRecords = 200;
constexpr std::size_t kMaxColumnsBeside = 1024;

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
        const Segments segments, findSegments(source, dialect, begin, 1, progress.part(0, 0.3)));
    const Index rows = segments.rows - static_cast<Index>(plan.skippedRecords);
    EMBEDSCOPE_TRY(checkSize(source, plan, rows));
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
        std::vector<SegmentRows> results(count);
        parallelBlocks(static_cast<Index>(count), 1, [&](Index block, Index, Index) {
            const auto i = static_cast<std::size_t>(block);
            results[i] = reader.read(segments.pieces[from + i]);
        });
        for (SegmentRows& result : results) {
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
        return isExtension ? Confidence::Extension : Confidence::No;
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
