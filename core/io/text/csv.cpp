#include "core/io/readers.h"
#include "core/io/text/delimited.h"
#include "core/io/text/table_plan.h"
#include "core/io/text/table_rows.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::size_t kSampleRecords = 200;
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

/// Whether cells stand in quotes from a record on that is the first to hold one.
Result<bool> quotesFrom(const ByteSource& source, std::uint64_t begin, const Dialect& dialect)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string text, readSample(source, begin));
    const Dialect there = sniffDialect(text, begin + text.size() >= source.size());
    return there.quotes && there.delimiter == dialect.delimiter;
}

/// The headings of the columns that are points; nothing where there are none.
TextValues namesOfPoints(const TablePlan& plan)
{
    TextValues names;
    for (std::size_t c = 0; plan.hasHeader && c < plan.roles.size(); ++c) {
        if (plan.roles[c] == ColumnRole::Dimension)
            names.append(plan.names[c]);
    }
    return names;
}

/// Exchanges rows and columns; what stood beside the rows says nothing of the points.
Status transpose(Table& table, TextValues names)
{
    const Index points = table.vectors.columns();
    const Index dimensions = table.vectors.rows();
    EMBEDSCOPE_TRY_ASSIGN(Matrix turned, Matrix::allocate(points, dimensions));
    constexpr Index kTile = 64; // Tiles keep both sides in the cache.
    for (Index i = 0; i < dimensions; i += kTile) {
        for (Index j = 0; j < points; ++j) {
            for (Index k = i; k < std::min(i + kTile, dimensions); ++k)
                turned(j, k) = table.vectors(k, j);
        }
    }
    table.vectors = std::move(turned);
    table.columns.clear();
    table.coordinateColumns.clear();
    table.labelColumn.reset();
    if (names.size() == points) {
        table.columns.emplace_back("label", std::move(names));
        table.labelColumn = 0;
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
    auto planned = planTable(
        records, PlanWishes{options.labelColumn, options.tensor, false, options.isTransposed});
    if (!planned) {
        Error error = planned.error();
        error.path = source.path();
        return error;
    }
    TablePlan plan = std::move(planned).value();
    EMBEDSCOPE_TRY_ASSIGN(
        Segments segments, findSegments(source, dialect, begin, 1, progress.part(0, 0.2)));
    const bool isDecided = sample.find('"') != std::string::npos;
    if (segments.firstQuote && !isDecided) {
        EMBEDSCOPE_TRY_ASSIGN(dialect.quotes, quotesFrom(source, *segments.firstQuote, dialect));
        if (dialect.quotes) {
            EMBEDSCOPE_TRY_ASSIGN(
                segments, findSegments(source, dialect, begin, 1, progress.part(0.2, 0.3)));
        }
    }
    std::optional<TextValues> names;
    if (plan.isTransposed)
        names = namesOfPoints(plan);
    EMBEDSCOPE_TRY_ASSIGN(Table table,
        readTableRows(
            source, dialect, std::move(plan), segments, options.rows,
            [](const RowReader& reader, const Segment& segment) { return reader.read(segment); },
            progress.part(0.3, 1)));
    if (names)
        EMBEDSCOPE_TRY(transpose(table, *std::move(names)));
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
