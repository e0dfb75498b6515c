#include "core/base/text.h"
#include "core/io/text/parse_float.h"
#include "core/io/text/vector_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace embedscope {

namespace {

constexpr std::size_t kMaxSampledLines = 200;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// A line of the sample, seen as fields between spaces and tabs.
struct SampledLine
{
    Index fields = 0;
    Index numbersAtEnd = 0;
    Index tabs = 0;
    bool hasDecimalComma = false; ///< The last field is a number but for its comma.
    std::string_view first;
};

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool isNumber(std::string_view field)
{
    float value = 0;
    const char* const end = field.data() + field.size();
    return parseFloat(field.data(), end, value) == end;
}

SampledLine sample(std::string_view line)
{
    SampledLine result;
    bool onlyNumbers = true;
    std::size_t end = line.size();
    while (true) {
        for (; end > 0 && isBlank(line[end - 1]); --end)
            result.tabs += line[end - 1] == '\t' ? 1 : 0;
        if (end == 0)
            return result;
        std::size_t begin = end;
        while (begin > 0 && !isBlank(line[begin - 1]))
            --begin;
        const std::string_view field = line.substr(begin, end - begin);
        if (result.fields == 0 && !isNumber(field)) {
            std::string withPoint(field);
            const auto comma = withPoint.find(',');
            if (comma != std::string::npos) {
                withPoint[comma] = '.';
                result.hasDecimalComma = isNumber(withPoint);
            }
        }
        ++result.fields;
        onlyNumbers = onlyNumbers && isNumber(field);
        if (onlyNumbers)
            ++result.numbersAtEnd;
        result.first = field;
        end = begin;
    }
}

Index mostFrequent(const std::map<Index, Index>& counts)
{
    Index best = 0;
    Index bestCount = 0;
    for (const auto& [value, count] : counts) {
        if (count > bestCount) {
            best = value;
            bestCount = count;
        }
    }
    return best;
}

/// Whether the first fields of lines made of numbers alone are names: different whole numbers.
bool areNumbersThatName(const std::vector<SampledLine>& lines)
{
    std::set<std::string_view> seen;
    return std::all_of(lines.begin(), lines.end(), [&](const SampledLine& line) {
        return parseInteger(line.first).has_value() && seen.insert(line.first).second;
    });
}

bool readHeader(std::string_view line, VectorTextLook& look)
{
    line = trimmed(line);
    const auto space = line.find_first_of(" \t");
    if (space == std::string_view::npos)
        return false;
    const auto rows = parseInteger(line.substr(0, space));
    const auto columns = parseInteger(line.substr(space));
    if (!rows || !columns || *rows < 0 || *columns < 0)
        return false;
    look.promisedRows = *rows;
    look.promisedColumns = *columns;
    return true;
}

} // namespace

VectorTextLook lookAtVectorText(std::string_view bytes, bool isWhole)
{
    VectorTextLook look;
    const std::string_view all = bytes;
    if (bytes.starts_with(kByteOrderMark)) {
        look.hasMark = true;
        bytes.remove_prefix(kByteOrderMark.size());
    }
    std::string_view firstLine;
    std::vector<SampledLine> lines;
    std::size_t secondLineAt = 0;
    for (std::size_t at = 0; at < bytes.size() && lines.size() < kMaxSampledLines;) {
        auto end = bytes.find('\n', at);
        const bool isLast = end == std::string_view::npos;
        if (isLast) {
            // A line that the sample cuts counts only where there is no other; its last field is
            // dropped.
            const bool isNeeded = lines.empty() || (lines.size() == 1 && lines[0].fields == 2);
            if (!isWhole && !isNeeded)
                break;
            end = isWhole ? bytes.size() : std::max(at, std::min(bytes.rfind(' '), bytes.size()));
        }
        const std::string_view line = bytes.substr(at, end - at);
        if (line.find('\0') != std::string_view::npos)
            return look;
        at = isLast ? bytes.size() : end + 1;
        if (trimmed(line).empty())
            continue;
        if (lines.empty()) {
            firstLine = line;
            secondLineAt = at;
        }
        lines.push_back(sample(line));
    }
    if (lines.empty())
        return look;

    look.dataOffset = static_cast<std::uint64_t>(bytes.data() - all.data());
    const bool headerLike = lines[0].fields == 2 && readHeader(firstLine, look);
    if (headerLike && lines.size() > 1 && (lines[1].fields != 2 || look.promisedColumns == 1)) {
        look.hasHeader = true;
        look.dataOffset += secondLineAt;
        lines.erase(lines.begin());
    }
    std::map<Index, Index> afterLabel;
    std::map<Index, Index> numbersOnly;
    Index commas = 0;
    for (const SampledLine& line : lines) {
        commas += line.hasDecimalComma ? 1 : 0;
        if (line.fields == line.numbersAtEnd)
            ++numbersOnly[line.numbersAtEnd];
        else
            ++afterLabel[line.numbersAtEnd];
    }
    look.sampledRows = static_cast<Index>(lines.size());
    if (commas * 2 > look.sampledRows) {
        look.hasDecimalCommas = look.isVectorText = true;
        return look;
    }
    if (afterLabel.empty()) {
        const Index width = mostFrequent(numbersOnly);
        look.hasLabels = look.hasHeader ? look.promisedColumns != width
                                        : width > 2 && areNumbersThatName(lines);
        look.usualNumbers = look.hasLabels ? width - 1 : width;
    } else {
        look.usualNumbers = mostFrequent(afterLabel);
    }
    look.dimensions = look.usualNumbers;
    if (look.hasHeader && look.promisedColumns > 0 && look.promisedColumns < look.usualNumbers)
        look.dimensions = look.promisedColumns; // Labels that end in numbers, such as "doc 17".
    Index fitting = 0;
    Index exact = 0;
    Index tabbed = 0;
    for (const SampledLine& line : lines) {
        fitting += line.numbersAtEnd >= look.dimensions ? 1 : 0;
        const Index label = look.hasLabels && line.fields == line.numbersAtEnd ? 1 : 0;
        const bool isExact = line.numbersAtEnd == look.usualNumbers + label;
        exact += isExact ? 1 : 0;
        tabbed += line.tabs * 2 > line.fields ? 1 : 0;
    }
    look.isRagged = exact * 2 < look.sampledRows;
    look.isVectorText
        = look.dimensions > 0 && fitting * 2 > look.sampledRows && tabbed * 2 <= look.sampledRows;
    return look;
}

} // namespace embedscope
