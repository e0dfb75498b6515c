#include "core/io/text/table_rows.h"

#include "core/base/memory_budget.h"
#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/io/text/label_column.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::size_t kMaxColumnsBeside = 1024;

std::string countOf(Index count, const char* one, const char* many)
{
    return formatCount(count) + ' ' + (count == 1 ? one : many);
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

/// What all pieces gave, in file order.
struct Gathered
{
    std::vector<TextValues> cells;
    Index raggedRows = 0;
    Index repairedCells = 0;
    std::uint64_t firstRaggedLine = 0;

    void add(const SegmentRows& rows)
    {
        for (std::size_t c = 0; c < cells.size(); ++c) {
            const CellBlock& block = rows.columns[c];
            std::uint32_t start = 0;
            for (const std::uint32_t end : block.ends) {
                const auto cell = std::string_view(block.bytes).substr(start, end - start);
                if (cell.empty())
                    cells[c].appendMissing();
                else
                    repairedCells += cells[c].append(cell) ? 0 : 1;
                start = end;
            }
        }
        raggedRows += rows.raggedRows;
        if (firstRaggedLine == 0)
            firstRaggedLine = rows.firstRaggedLine;
    }
};

void addWarnings(Table& table, const Gathered& gathered, const Segments& segments)
{
    if (gathered.raggedRows > 0) {
        table.warnings.push_back(countOf(gathered.raggedRows, "row has", "rows have")
            + " another number of values than the rest (the first is line "
            + formatCount(static_cast<Index>(gathered.firstRaggedLine))
            + "): missing ones count as NaN, further ones are left out.");
    }
    if (segments.blankRows > 0) {
        table.warnings.push_back(countOf(segments.blankRows, "blank line was", "blank lines were")
            + " skipped (the first is line "
            + formatCount(static_cast<Index>(segments.firstBlankLine)) + ").");
    }
    if (gathered.repairedCells > 0) {
        table.warnings.push_back(countOf(gathered.repairedCells, "cell was", "cells were")
            + " not valid UTF-8; the broken bytes are shown as \xEF\xBF\xBD.");
    }
}

} // namespace

Result<Table> readTableRows(const ByteSource& source, const Dialect& dialect, TablePlan plan,
    const Segments& segments, const RowChoice& choice,
    const std::function<SegmentRows(const RowReader&, const Segment&)>& parse,
    const Progress& progress)
{
    dropColumnsBeyondLimit(plan);
    const Index total = segments.rows - static_cast<Index>(plan.skippedRecords);
    const auto dimensions = static_cast<Index>(plan.dimensions);
    EMBEDSCOPE_TRY(checkSize(source, plan, total));
    if (plan.isTransposed)
        EMBEDSCOPE_TRY(MemoryBudget::admitTable(dimensions, total)); // As it will be in the end.
    EMBEDSCOPE_TRY_ASSIGN(const RowSubset rows,
        chosenRows(plan.isTransposed ? RowChoice{} : choice, total, source.path()));
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(table.vectors, Matrix::allocate(rows.count(), dimensions));
    const RowReader reader(source, dialect, plan, rows, table.vectors);
    Gathered gathered;
    gathered.cells.resize(reader.besideCount());
    constexpr std::size_t kBatch = 32;
    for (std::size_t from = 0; from < segments.pieces.size(); from += kBatch) {
        if (progress.stopRequested())
            return stoppedError();
        const std::size_t count = std::min(kBatch, segments.pieces.size() - from);
        std::vector<SegmentRows> results(count);
        parallelBlocks(static_cast<Index>(count), 1, [&](Index block, Index, Index) {
            const auto i = static_cast<std::size_t>(block);
            results[i] = parse(reader, segments.pieces[from + i]);
        });
        for (SegmentRows& result : results) {
            if (result.error)
                return *std::move(result.error);
            gathered.add(result);
        }
        progress.report("Reading rows",
            static_cast<double>(from + count) / static_cast<double>(segments.pieces.size()));
    }
    table.warnings = std::move(plan.warnings);
    addWarnings(table, gathered, segments);
    addColumns(table, plan, std::move(gathered.cells));
    if (!rows.isAll())
        table.provenance.rows = rows; // The columns are cut with it.
    table.provenance.dtype = "text";
    return table;
}

} // namespace embedscope
