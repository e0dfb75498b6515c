#include "core/io/text/header_line.h"

#include "core/base/text.h"
#include "core/io/text/label_column.h"
#include "core/io/text/number_list.h"

#include <algorithm>

namespace embedscope {

namespace {

/// 0, 1, 2, … from some column on: the header that pandas gives to a bare matrix. A row of data may
/// look like it, so it takes an empty or a label's name in front, or values below that are no whole
/// numbers.
bool numbersItsColumns(const Records& records, std::size_t at)
{
    const auto& record = records[at];
    const std::size_t from = !record.empty() && !parseInteger(record[0]) ? 1 : 0;
    if (record.size() < from + 2)
        return false;
    const auto first = parseInteger(record[from]);
    if (!first || (*first != 0 && *first != 1))
        return false;
    for (std::size_t c = from; c < record.size(); ++c) {
        const auto number = parseInteger(record[c]);
        if (!number || *number != *first + static_cast<std::int64_t>(c - from))
            return false;
    }
    if (from == 1 && (trimmed(record[0]).empty() || isLabelName(record[0])))
        return true;
    const auto& next = records[at + 1];
    return record.size() >= from + 3
        && std::any_of(next.begin() + static_cast<std::ptrdiff_t>(std::min(from, next.size())),
            next.end(), [](const std::string& cell) { return !parseInteger(cell); });
}

} // namespace

bool isCountLine(const Records& records)
{
    if (records.size() < 2)
        return false;
    const std::size_t width = commonestWidth(records, 1);
    const auto& first = records.front();
    if (first.size() != 2 || width < 3)
        return false;
    const auto rows = parseInteger(first[0]);
    const auto dimensions = parseInteger(first[1]);
    return rows && dimensions && *rows > 0 && *dimensions > 0
        && (static_cast<std::size_t>(*dimensions) == width
            || static_cast<std::size_t>(*dimensions) + 1 == width);
}

bool isHeaderLine(const Records& records, std::size_t at)
{
    if (records.size() < at + 2)
        return false;
    const auto& first = records[at];
    if (numbersItsColumns(records, at))
        return true;
    const auto facts = examineColumns(records, at + 1, commonestWidth(records, at + 1));
    // R's write.table leaves the name of the first column out.
    const std::size_t shift = first.size() + 1 == facts.size() ? 1 : 0;
    bool named = false;
    bool hasNumbers = false;
    for (std::size_t c = 0; c < first.size(); ++c) {
        const bool isNumber = parseNumber(first[c]).has_value();
        if (c + shift < facts.size()
            && (facts[c + shift].isNumeric() || facts[c + shift].isList())) {
            std::vector<float> ignored;
            if (isNumber || readNumberList(first[c], ignored) != ListRead::NotAList)
                return false;
            hasNumbers = true;
            named = named || !trimmed(first[c]).empty();
        }
    }
    return named && hasNumbers;
}

} // namespace embedscope
