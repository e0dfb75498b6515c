#include "core/base/text.h"
#include "core/io/readers.h"
#include "core/io/text/json_records.h"
#include "core/io/text/table_plan.h"
#include "core/io/text/table_rows.h"

#include <algorithm>
#include <atomic>
#include <unordered_map>

namespace embedscope {

namespace {

/// A key in the views that the TensorFlow projector keeps, which are no table.
constexpr std::string_view kBookmarks = "\"tSNEIteration\"";
constexpr std::size_t kSampleRecords = 200;
constexpr std::uint64_t kSampleBytes = std::uint64_t{1} << 20U;
constexpr std::size_t kSampleCells = std::size_t{1} << 20U;
constexpr std::size_t kMaxKeys = std::size_t{1} << 16U;

/// The names that a record's values have.
enum class RecordKind
{
    Object, ///< Its keys.
    Vector, ///< One list of numbers: a single value, "vector".
    Cells, ///< A list of values of several kinds, by their places.
};

/// Which column a key stands for. The keys of most records come in the same order, so that the next
/// one is tried first.
class KeyIndex
{
public:
    std::optional<std::size_t> find(std::string_view key, std::size_t expected) const
    {
        if (expected < m_keys.size() && m_keys[expected] == key)
            return expected;
        const auto found = m_indexOf.find(std::string(key));
        return found == m_indexOf.end() ? std::nullopt : std::optional(found->second);
    }

    std::optional<std::size_t> add(std::string_view key)
    {
        if (const auto found = find(key, m_keys.size()))
            return found;
        if (m_keys.size() == kMaxKeys)
            return std::nullopt;
        m_indexOf.emplace(key, m_keys.size());
        m_keys.emplace_back(key);
        return m_keys.size() - 1;
    }

    const std::vector<std::string>& keys() const { return m_keys; }

private:
    std::vector<std::string> m_keys; ///< Within their quotes, as they stand in the file.
    std::unordered_map<std::string, std::size_t> m_indexOf;
};

/// What the records of a file have in common.
class Shape
{
public:
    JsonLayout layout = JsonLayout::Sequence;
    RecordKind kind = RecordKind::Object;
    KeyIndex keys; ///< Of objects.
    std::size_t width = 0; ///< Columns, that of the members' keys included.

    bool hasNameColumn() const { return layout == JsonLayout::Members; }

    /// Calls use(column, value) for what the record has; false where it is of another kind. Keys
    /// that are not known are counted.
    template <typename Use>
    bool forEachCell(const JsonRecord& record, Index& unknownKeys, const Use& use) const
    {
        const std::size_t first = hasNameColumn() ? 1 : 0;
        if (first == 1)
            use(std::size_t{0}, record.key);
        if ((kind == RecordKind::Object) != (record.value.front() == '{'))
            return false;
        if (kind == RecordKind::Vector) {
            use(first, record.value);
            return true;
        }
        std::size_t next = 0;
        if (kind == RecordKind::Cells) {
            return forEachJsonElement(record.value, [&](std::string_view value) {
                if (first + next < width)
                    use(first + next, value);
                ++next;
            });
        }
        return forEachJsonMember(record.value, [&](std::string_view key, std::string_view value) {
            const auto column = keys.find(key, next);
            unknownKeys += column ? 0 : 1;
            if (column) {
                next = *column + 1;
                use(first + *column, value);
            }
        });
    }
};

/// The first records as a table of texts, the names above them; fills the shape.
Records sampleOf(std::string_view text, Shape& shape)
{
    std::vector<JsonRecord> sample;
    JsonRecord record;
    for (std::size_t at = 0; sample.size() < kSampleRecords; at = record.end) {
        if (nextJsonRecord(text, at, shape.layout, record) != JsonStep::Record)
            break;
        sample.push_back(record);
    }
    if (sample.empty())
        return {};
    const auto isVector = [](const JsonRecord& r) { return isJsonNumberList(r.value); };
    shape.kind = sample.front().value.front() == '{'          ? RecordKind::Object
        : std::all_of(sample.begin(), sample.end(), isVector) ? RecordKind::Vector
                                                              : RecordKind::Cells;
    std::size_t cells = 1;
    for (const JsonRecord& each : sample) {
        if (shape.kind == RecordKind::Object) {
            forEachJsonMember(each.value,
                [&](std::string_view key, std::string_view) { (void)shape.keys.add(key); });
            cells = shape.keys.keys().size();
        } else if (shape.kind == RecordKind::Cells) {
            std::size_t own = 0;
            forEachJsonElement(each.value, [&](std::string_view) { ++own; });
            cells = std::max(cells, std::min(own, kMaxCells));
        }
    }
    const std::size_t first = shape.hasNameColumn() ? 1 : 0;
    shape.width = first + cells;
    if (shape.width == 0)
        return {};
    if (sample.size() > 2)
        sample.resize(std::clamp<std::size_t>(kSampleCells / shape.width, 2, sample.size()));
    Records records(1);
    std::string scratch;
    if (first == 1)
        records[0].emplace_back("label");
    for (std::size_t c = 0; c < cells; ++c) {
        if (shape.kind == RecordKind::Object)
            records[0].emplace_back(jsonCell(shape.keys.keys()[c], scratch));
        else
            records[0].push_back(
                shape.kind == RecordKind::Vector ? "vector" : "column " + std::to_string(c + 1));
    }
    for (const JsonRecord& each : sample) {
        auto& row = records.emplace_back(shape.width);
        Index ignored = 0;
        shape.forEachCell(each, ignored, [&](std::size_t column, std::string_view value) {
            row[column] = jsonCell(value, scratch);
        });
    }
    return records;
}

/// Parses the records of one piece.
SegmentRows readSegment(const RowReader& reader, const Segment& segment, const Shape& shape,
    std::atomic<Index>& unknownKeys)
{
    SegmentRows result;
    result.columns.resize(reader.besideCount());
    const auto bytes = reader.source().text(segment.offset, segment.bytes);
    if (!bytes) {
        result.error = bytes.error();
        return result;
    }
    const std::string_view text = *bytes;
    RowReader::Scratch scratch;
    std::vector<Cell> cells(shape.width);
    std::vector<std::string> unescaped(shape.width);
    Index unknown = 0;
    Index row = segment.row;
    std::uint64_t line = segment.line;
    std::size_t counted = 0;
    JsonRecord record;
    for (std::size_t at = 0; !result.error; at = record.end, ++row) {
        if (nextJsonRecord(text, at, shape.layout, record) != JsonStep::Record)
            break;
        line += occurrences('\n', text.substr(counted, record.begin - counted));
        counted = record.begin;
        std::fill(cells.begin(), cells.end(), Cell{});
        const bool isWhole
            = shape.forEachCell(record, unknown, [&](std::size_t column, std::string_view value) {
                  cells[column].raw = jsonCell(value, unescaped[column]);
              });
        if (!isWhole) {
            result.error = Error{ErrorCode::Malformed,
                "what begins here is no JSON object or list as the first is",
                reader.source().path(), {}, line};
            break;
        }
        reader.readCells(cells, row, line, scratch, result);
    }
    unknownKeys += unknown;
    return result;
}

/// Where the records are, counted from the beginning of the file, and the text from there on.
struct Found
{
    JsonPlace place;
    std::string text;
};

Result<Found> findRecords(const ByteSource& source)
{
    EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(0, 65536));
    EMBEDSCOPE_TRY(checkIsText(head, source.path()));
    const std::uint64_t mark = byteOrderMarkLength(head);
    for (std::uint64_t want = kSampleBytes;; want *= 8) {
        EMBEDSCOPE_TRY_ASSIGN(std::string text, source.text(mark, want));
        auto place = findJsonRecords(text);
        if (!place) {
            return Error{ErrorCode::Malformed,
                "this JSON holds no objects or lists that could be the rows of a table",
                source.path(), {}, {}};
        }
        JsonRecord record;
        const std::string_view rest
            = std::string_view(text).substr(static_cast<std::size_t>(place->begin));
        // At least one record must be whole.
        if (nextJsonRecord(rest, 0, place->layout, record) == JsonStep::Cut
            && mark + text.size() < source.size() && want <= kMaxRecordBytes)
            continue;
        text.erase(0, static_cast<std::size_t>(place->begin));
        place->begin += mark;
        return Found{*std::move(place), std::move(text)};
    }
}

} // namespace

Confidence recognizeJson(const FileHead& head)
{
    std::string_view text = head.bytes;
    text.remove_prefix(byteOrderMarkLength(text));
    const auto place = findJsonRecords(text);
    if (!place || text.find(kBookmarks) != std::string_view::npos)
        return Confidence::No;
    Shape shape;
    shape.layout = place->layout;
    const std::string_view rest = text.substr(static_cast<std::size_t>(place->begin));
    const Records records = sampleOf(rest, shape);
    const bool isNamedSo
        = head.extension == "json" || head.extension == "jsonl" || head.extension == "ndjson";
    const auto weak = isNamedSo ? Confidence::Plausible : Confidence::No;
    if (records.size() < 2) {
        // The first record is longer than the head: a vector of thousands of numbers, perhaps.
        const bool isCut = head.bytes.size() < head.fileSize;
        const auto bracket = rest.rfind('[');
        return isCut && bracket != std::string_view::npos && isJsonNumberList(rest.substr(bracket))
            ? Confidence::Likely
            : weak;
    }
    PlanWishes wishes;
    wishes.firstNamesColumns = true;
    return planTable(records, wishes).ok() ? Confidence::Likely : weak;
}

Result<Table> readJson(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Found found, findRecords(source));
    Shape shape;
    shape.layout = found.place.layout;
    const Records records = sampleOf(found.text, shape);
    if (records.size() < 2) {
        // Says what is wrong, and in which line.
        EMBEDSCOPE_TRY(findJsonSegments(source, shape.layout, found.place.begin, progress));
        return Error{ErrorCode::Malformed, "there are no rows in this JSON", source.path(), {}, {}};
    }
    auto planned = planTable(records, PlanWishes{options.labelColumn, options.tensor, true, false});
    if (!planned) {
        Error error = planned.error();
        error.path = source.path();
        return error;
    }
    TablePlan plan = std::move(planned).value();
    if (plan.isTransposed) {
        // Certain for columns of a file, not for keys of objects.
        return Error{ErrorCode::Unsupported,
            "its objects are dimensions and their keys the points; save it as CSV to have it read",
            source.path(), {}, {}};
    }
    plan.skippedRecords = 0; // The names are not in the file.
    if (shape.hasNameColumn())
        plan.label = 0;
    if (found.place.hasOthers) {
        plan.warnings.push_back("The rows are those of \"" + printable(found.place.key)
            + "\"; what stands beside it in the file was left out.");
    }
    EMBEDSCOPE_TRY_ASSIGN(const Segments segments,
        findJsonSegments(source, shape.layout, found.place.begin, progress.part(0, 0.3)));
    std::atomic<Index> unknownKeys = 0;
    EMBEDSCOPE_TRY_ASSIGN(Table table,
        readTableRows(
            source, Dialect{}, std::move(plan), segments, options.rows,
            [&](const RowReader& reader, const Segment& segment) {
                return readSegment(reader, segment, shape, unknownKeys);
            },
            progress.part(0.3, 1)));
    if (unknownKeys > 0) {
        table.warnings.push_back(formatCount(unknownKeys)
            + (unknownKeys == 1 ? " value has a key" : " values have keys")
            + " that none of the first rows has, and was left out.");
    }
    return table;
}

} // namespace embedscope
