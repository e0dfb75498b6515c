#include "core/io/text/delimited.h"

#include <algorithm>
#include <array>
#include <map>

namespace embedscope {

namespace {

/// Where the quoted cell that opens at `open` closes: the position of the closing quote, or npos.
std::size_t findClosingQuote(std::string_view text, std::size_t open)
{
    std::size_t at = open + 1;
    while (at < text.size()) {
        at = text.find('"', at);
        if (at == std::string_view::npos)
            return at;
        if (at + 1 < text.size() && text[at + 1] == '"')
            at += 2;
        else
            return at;
    }
    return std::string_view::npos;
}

/// Spaces may stand between a delimiter and the quote that opens a cell: `[1, "a"]` style CSV.
std::size_t skipSpaces(std::string_view text, std::size_t at)
{
    while (at < text.size() && text[at] == ' ')
        ++at;
    return at;
}

std::string_view withoutCarriageReturn(std::string_view record)
{
    if (!record.empty() && record.back() == '\r')
        record.remove_suffix(1);
    return record;
}

/// How well a dialect explains the sample: records that have the commonest number of cells.
struct Fit
{
    std::size_t records = 0;
    std::size_t alike = 0;
    std::size_t cells = 0; ///< The commonest number.
};

Fit judge(std::string_view text, const Dialect& dialect, bool isWhole)
{
    constexpr std::size_t kRecords = 100;
    std::map<std::size_t, std::size_t> counts;
    std::vector<Cell> cells;
    Fit fit;
    std::size_t at = 0;
    while (at < text.size() && fit.records < kRecords) {
        const auto end = findRecordEnd(text, at, dialect);
        if (!end) {
            // A quote that never closes speaks against quoting, unless the sample merely cuts it.
            constexpr std::size_t kLongQuote = 65536;
            fit.records += isWhole || text.size() - at > kLongQuote ? 1 : 0;
            break;
        }
        if (*end == text.size() && !isWhole && fit.records > 0)
            break;
        const auto record = withoutCarriageReturn(text.substr(at, *end - at));
        at = *end + 1;
        if (isBlankRecord(record, dialect))
            continue;
        splitRecord(record, dialect, cells);
        ++fit.records;
        ++counts[cells.size()];
    }
    for (const auto& [count, times] : counts) {
        if (times >= fit.alike) {
            fit.alike = times;
            fit.cells = count;
        }
    }
    return fit;
}

bool linesAreLists(std::string_view text)
{
    std::size_t lines = 0;
    while (!text.empty() && lines < 20) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = withoutCarriageReturn(text.substr(0, end));
        const bool isLast = end == text.size();
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty())
            continue;
        if (line.front() != '[' || (line.back() != ']' && !isLast))
            return false;
        ++lines;
    }
    return lines > 0;
}

} // namespace

std::string_view cellValue(const Cell& cell, std::string& scratch)
{
    if (!cell.isEscaped)
        return cell.raw;
    // The raw cell begins after its opening quote. Doubled quotes stand for one, a single one
    // closes; whatever follows it is taken as it is.
    scratch.clear();
    bool isOpen = true;
    for (std::size_t i = 0; i < cell.raw.size(); ++i) {
        const char c = cell.raw[i];
        if (isOpen && c == '"') {
            if (i + 1 < cell.raw.size() && cell.raw[i + 1] == '"')
                ++i;
            else {
                isOpen = false;
                continue;
            }
        }
        scratch += c;
    }
    return scratch;
}

std::optional<std::size_t> findRecordEnd(
    std::string_view text, std::size_t begin, const Dialect& dialect)
{
    std::size_t lineEnd = std::min(text.find(dialect.lineBreak, begin), text.size());
    if (!dialect.quotes || text.substr(begin, lineEnd - begin).find('"') == std::string_view::npos)
        return lineEnd;
    std::size_t at = begin;
    for (;;) {
        // `at` is the start of a cell.
        const std::size_t open = skipSpaces(text, at);
        if (open < text.size() && text[open] == '"') {
            at = findClosingQuote(text, open);
            if (at == std::string_view::npos)
                return std::nullopt;
            if (at >= lineEnd)
                lineEnd = std::min(text.find(dialect.lineBreak, at), text.size());
        }
        const std::size_t next = dialect.delimiter == '\0'
            ? lineEnd
            : std::min(text.substr(0, lineEnd).find(dialect.delimiter, at), lineEnd);
        if (next == lineEnd)
            return lineEnd;
        at = next + 1;
    }
}

void splitRecord(std::string_view record, const Dialect& dialect, std::vector<Cell>& cells)
{
    cells.clear();
    const bool hasQuotes = dialect.quotes && record.find('"') != std::string_view::npos;
    std::size_t at = 0;
    while (cells.size() <= kMaxCells) {
        std::size_t from = at;
        Cell cell;
        std::size_t searchFrom = at;
        if (hasQuotes) {
            const std::size_t open = skipSpaces(record, at);
            if (open < record.size() && record[open] == '"') {
                const std::size_t close = std::min(findClosingQuote(record, open), record.size());
                from = open + 1;
                searchFrom = close;
                cell.isEscaped = true;
            }
        }
        const std::size_t end = dialect.delimiter == '\0'
            ? record.size()
            : std::min(record.find(dialect.delimiter, searchFrom), record.size());
        from = std::min(from, end);
        cell.raw = record.substr(from, end - from);
        if (cell.isEscaped && !cell.raw.empty() && cell.raw.find('"') == cell.raw.size() - 1) {
            // The usual case: one closing quote at the very end, nothing to undo.
            cell.raw.remove_suffix(1);
            cell.isEscaped = false;
        }
        cells.push_back(cell);
        if (end == record.size())
            return;
        at = end + 1;
    }
}

bool isBlankRecord(std::string_view record, const Dialect& dialect)
{
    if (dialect.keepBlank)
        return false;
    for (const char c : record) {
        if (c != ' ' && c != '\r' && !(dialect.delimitersAreBlank && c == dialect.delimiter))
            return false;
    }
    return true;
}

std::vector<std::vector<std::string>> sampleRecords(
    std::string_view text, const Dialect& dialect, bool isWhole, std::size_t maxRecords)
{
    std::vector<std::vector<std::string>> records;
    std::vector<Cell> cells;
    std::string scratch;
    std::size_t at = 0;
    while (at < text.size() && records.size() < maxRecords) {
        const auto end = findRecordEnd(text, at, dialect);
        if (!end || (*end == text.size() && !isWhole && !records.empty()))
            break;
        const auto record = withoutCarriageReturn(text.substr(at, *end - at));
        at = *end + 1;
        if (isBlankRecord(record, dialect))
            continue;
        splitRecord(record, dialect, cells);
        auto& values = records.emplace_back();
        values.reserve(cells.size());
        for (const Cell& cell : cells)
            values.emplace_back(cellValue(cell, scratch));
    }
    return records;
}

Dialect sniffDialect(std::string_view text, bool isWhole)
{
    Dialect best;
    const bool oldMac = text.find('\n') == std::string_view::npos
        && text.substr(0, text.size() - (text.empty() ? 0 : 1)).find('\r')
            != std::string_view::npos;
    best.lineBreak = oldMac ? '\r' : '\n';
    if (linesAreLists(text)) {
        best.delimiter = '\0';
        best.quotes = false;
        return best;
    }
    constexpr std::array kDelimiters{'\t', ',', ';', '|'};
    double bestScore = 0;
    bool found = false;
    for (const bool quotes : {true, false}) {
        if (quotes && text.find('"') == std::string_view::npos)
            continue;
        for (const char delimiter : kDelimiters) {
            Dialect dialect = best;
            dialect.delimiter = delimiter;
            dialect.quotes = quotes;
            const Fit fit = judge(text, dialect, isWhole);
            if (fit.records == 0 || fit.cells < 2)
                continue;
            // Agreement first; then, among those that agree as well, the one that comes first
            // above.
            const double score = static_cast<double>(fit.alike) / static_cast<double>(fit.records);
            if (!found || score > bestScore + 0.02) {
                bestScore = score;
                best = dialect;
                found = true;
            }
        }
    }
    if (!found) {
        best.delimiter = '\0';
        best.quotes = false;
    }
    return best;
}

std::size_t byteOrderMarkLength(std::string_view text)
{
    return text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

std::uint64_t occurrences(char character, std::string_view text)
{
    std::uint64_t count = 0;
    for (auto at = text.find(character); at != std::string_view::npos;
         at = text.find(character, at + 1))
        ++count;
    return count;
}

Status checkIsText(std::string_view head, const std::string& path)
{
    if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) {
        return Error{
            ErrorCode::Unsupported, "is UTF-16 text; save it again as UTF-8", path, {}, {}};
    }
    const auto nul = head.find('\0');
    if (nul != std::string_view::npos)
        return Error{ErrorCode::Malformed, "holds a NUL byte, so it is not text", path, nul, {}};
    return {};
}

} // namespace embedscope
