#include "core/io/text/column_facts.h"

#include "core/base/text.h"
#include "core/io/text/number_list.h"

#include <string_view>

namespace embedscope {

namespace {

std::size_t commonest(const std::map<std::size_t, std::size_t>& counts)
{
    std::size_t best = 0;
    std::size_t times = 0;
    for (const auto& [value, count] : counts) {
        if (count >= times) {
            best = value;
            times = count;
        }
    }
    return best;
}

} // namespace

std::size_t ColumnFacts::listLength() const
{
    return commonest(listLengths);
}

std::size_t commonestWidth(const Records& records, std::size_t from)
{
    std::map<std::size_t, std::size_t> counts;
    for (std::size_t r = from; r < records.size(); ++r)
        ++counts[records[r].size()];
    return commonest(counts);
}

std::vector<ColumnFacts> examineColumns(const Records& records, std::size_t from, std::size_t width)
{
    std::vector<ColumnFacts> facts(width);
    std::vector<float> values;
    for (std::size_t r = from; r < records.size(); ++r) {
        for (std::size_t c = 0; c < width; ++c) {
            ColumnFacts& fact = facts[c];
            const std::string_view cell
                = c < records[r].size() ? std::string_view(records[r][c]) : std::string_view();
            if (isMissingCell(cell)) {
                fact.countsUp = false;
                continue;
            }
            ++fact.present;
            if (const auto number = parseNumber(cell)) {
                ++fact.numbers;
                const auto integer = parseInteger(cell);
                if (integer)
                    ++fact.integers;
                const auto row = static_cast<std::int64_t>(r - from);
                fact.countsUp = fact.countsUp && integer
                    && *integer - row == parseInteger(records[from][c]).value_or(-1)
                    && *integer - row >= 0 && *integer - row <= 1;
                continue;
            }
            fact.countsUp = false;
            const ListRead list = readNumberList(cell, values);
            if (list == ListRead::Ok)
                ++fact.listLengths[values.size()];
            if (list == ListRead::Shortened)
                fact.isShortened = true;
            if (list != ListRead::NotAList)
                ++fact.lists;
        }
    }
    return facts;
}

} // namespace embedscope
