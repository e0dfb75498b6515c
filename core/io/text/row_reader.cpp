#include "core/io/text/row_reader.h"

#include "core/base/text.h"
#include "core/io/text/number_list.h"
#include "core/io/text/parse_float.h"

#include <algorithm>
#include <limits>

namespace embedscope {

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::string excerpt(std::string_view value)
{
    constexpr std::size_t kLongest = 40;
    return printable(value.substr(0, kLongest)) + (value.size() > kLongest ? "\xE2\x80\xA6" : "");
}

} // namespace

RowReader::RowReader(const ByteSource& source, const Dialect& dialect, const TablePlan& plan,
    const RowSubset& rows, Matrix& vectors)
    : m_source(source)
    , m_dialect(dialect)
    , m_plan(plan)
    , m_rows(rows)
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
        m_hasLists = m_hasLists || plan.roles[c] == ColumnRole::Vector;
    }
}

float* RowReader::vectorOf(Index row) const
{
    const Index place = m_rows.before(row);
    return place < m_rows.count() && m_rows[place] == row ? m_vectors.row(place) : nullptr;
}

SegmentRows RowReader::read(const Segment& segment) const
{
    SegmentRows result;
    result.columns.resize(m_besideCount);
    const auto bytes = m_source.text(segment.offset, segment.bytes);
    if (!bytes) {
        result.error = bytes.error();
        return result;
    }
    const std::string_view text = *bytes;
    Scratch scratch;
    // Records above the data, such as a header, have numbers below zero.
    Index row = segment.row - static_cast<Index>(m_plan.skippedRecords);
    std::uint64_t line = segment.line;
    std::size_t at = 0;
    while (at < text.size() && row < m_rows.total() && !result.error) {
        const std::size_t end = findRecordEnd(text, at, m_dialect).value_or(text.size());
        auto record = text.substr(at, end - at);
        at = end + 1;
        if (!isBlankRecord(record, m_dialect)) {
            if (!record.empty() && record.back() == '\r')
                record.remove_suffix(1);
            if (row >= 0)
                readRecord(record, row, line, scratch, result);
            ++row;
        }
        line += (m_dialect.quotes ? occurrences(m_dialect.lineBreak, record) : 0) + 1;
    }
    return result;
}

void RowReader::readRecord(std::string_view record, Index row, std::uint64_t line, Scratch& scratch,
    SegmentRows& result) const
{
    float* const vector = vectorOf(row);
    if (vector == nullptr || !readPlainly(record, vector, scratch, result)) {
        splitRecord(record, m_dialect, scratch.cells);
        readCells(scratch.cells, row, line, scratch, result);
    }
}

/// The usual record, which is as planned and of plain cells, in one go. False, with nothing said of
/// it, for any other.
bool RowReader::readPlainly(
    std::string_view record, float* vector, Scratch& scratch, SegmentRows& result) const
{
    if (m_hasLists || m_dialect.delimiter == '\0')
        return false;
    scratch.cells.clear(); // Those beside the vector.
    const char* at = record.data();
    const char* const end = at + record.size();
    for (std::size_t c = 0; c < m_targets.size(); ++c) {
        if (c > 0 && (at == end || *at++ != m_dialect.delimiter))
            return false;
        const Target target = m_targets[c];
        if (target.role == ColumnRole::Dimension) {
            while (at != end && *at == ' ')
                ++at;
            at = parseFloat(at, end, vector[target.index]);
            if (at == nullptr)
                return false;
            continue;
        }
        const std::string_view rest(at, static_cast<std::size_t>(end - at));
        const std::string_view cell = rest.substr(0, rest.find(m_dialect.delimiter));
        if (m_dialect.quotes && cell.find('"') != std::string_view::npos)
            return false;
        if (target.role == ColumnRole::Beside)
            scratch.cells.push_back({cell, false});
        at += cell.size();
    }
    if (at != end)
        return false;
    for (std::size_t c = 0; c < m_besideCount; ++c)
        result.columns[c].append(scratch.cells[c].raw);
    return true;
}

void RowReader::readCells(const std::vector<Cell>& cells, Index row, std::uint64_t line,
    Scratch& scratch, SegmentRows& result) const
{
    const std::size_t given = cells.size();
    float* const vector = vectorOf(row);
    bool isRagged = given < m_targets.size();
    for (std::size_t c = m_targets.size(); c < given; ++c)
        isRagged = isRagged || !trimmed(cells[c].raw).empty();
    for (std::size_t c = 0; c < m_targets.size(); ++c) {
        const Target target = m_targets[c];
        if (target.role == ColumnRole::Ignored
            || (vector == nullptr && target.role != ColumnRole::Beside))
            continue;
        const std::string_view value
            = c < given ? cellValue(cells[c], scratch.value) : std::string_view();
        if (target.role == ColumnRole::Dimension) {
            if (!readNumberCell(value, vector[target.index])) {
                result.error = notANumber(value, c, line);
                return;
            }
        } else if (target.role == ColumnRole::Vector) {
            if (!readVector(value, vector, line, scratch, isRagged, result))
                return;
        } else {
            result.columns[target.index].append(value);
        }
    }
    if (isRagged && vector != nullptr) {
        if (result.raggedRows++ == 0)
            result.firstRaggedLine = line;
    }
}

bool RowReader::readVector(std::string_view value, float* vector, std::uint64_t line,
    Scratch& scratch, bool& isRagged, SegmentRows& result) const
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

Error RowReader::notANumber(std::string_view value, std::size_t column, std::uint64_t line) const
{
    return Error{ErrorCode::Malformed,
        "the cell \"" + excerpt(value) + "\" in the column \"" + printable(m_plan.names[column])
            + "\" is not a number, though it is part of a vector",
        m_source.path(), {}, line};
}

} // namespace embedscope
