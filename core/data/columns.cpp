#include "core/data/columns.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <unordered_set>

namespace embedscope {

namespace {

constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();

Index countDistinct(const TextValues& values)
{
    std::unordered_set<std::string_view> seen;
    for (Index i = 0; i < values.size(); ++i) {
        if (!values.isMissing(i))
            seen.insert(values[i]);
    }
    return static_cast<Index>(seen.size());
}

Index countDistinct(const CategoryValues& values)
{
    std::vector<bool> used(values.categories.size());
    for (const auto code : values.codes) {
        if (code >= 0)
            used[static_cast<std::size_t>(code)] = true;
    }
    return std::count(used.begin(), used.end(), true);
}

Index countDistinct(const NumberValues& values)
{
    std::vector<double> sorted;
    sorted.reserve(values.values.size());
    for (const double v : values.values) {
        if (!std::isnan(v))
            sorted.push_back(v);
    }
    std::sort(sorted.begin(), sorted.end());
    return std::unique(sorted.begin(), sorted.end()) - sorted.begin();
}

Index countDistinct(const ImageValues& values)
{
    return std::count_if(
        values.fileOf.begin(), values.fileOf.end(), [](std::int32_t f) { return f >= 0; });
}

CategoryValues categoriesOf(const TextValues& cells)
{
    CategoryValues result;
    std::unordered_map<std::string_view, std::int32_t> codes;
    result.codes.reserve(static_cast<std::size_t>(cells.size()));
    for (Index i = 0; i < cells.size(); ++i) {
        if (cells.isMissing(i)) {
            result.codes.push_back(-1);
            continue;
        }
        const auto [it, isNew]
            = codes.try_emplace(cells[i], static_cast<std::int32_t>(result.categories.size()));
        if (isNew)
            result.categories.emplace_back(cells[i]);
        result.codes.push_back(it->second);
    }
    return result;
}

} // namespace

void TextValues::reserve(Index rows, std::uint64_t bytes)
{
    m_ends.reserve(static_cast<std::size_t>(rows));
    m_bytes.reserve(bytes);
}

bool TextValues::append(std::string_view value)
{
    const bool valid = isValidUtf8(value);
    if (valid)
        m_bytes.append(value);
    else
        m_bytes += repairUtf8(value);
    m_ends.push_back(m_bytes.size());
    return valid;
}

void TextValues::appendMissing()
{
    m_ends.push_back(m_bytes.size());
    m_missing.resize(m_ends.size());
    m_missing.back() = true;
}

std::string_view TextValues::operator[](Index row) const
{
    const auto i = static_cast<std::size_t>(row);
    const std::uint64_t begin = i == 0 ? 0 : m_ends[i - 1];
    return std::string_view(m_bytes).substr(begin, m_ends[i] - begin);
}

bool TextValues::isMissing(Index row) const
{
    const auto i = static_cast<std::size_t>(row);
    return i < m_missing.size() && m_missing[i];
}

std::string_view kindName(ColumnKind kind)
{
    switch (kind) {
    case ColumnKind::Text:
        return "text";
    case ColumnKind::Category:
        return "category";
    case ColumnKind::Number:
        return "number";
    case ColumnKind::Image:
        return "image";
    }
    return "text";
}

Column::Column(std::string name, Values values)
    : m_name(repairUtf8(name))
    , m_values(std::move(values))
    , m_distinct(std::visit([](const auto& v) { return countDistinct(v); }, m_values))
{
}

Index Column::size() const
{
    switch (kind()) {
    case ColumnKind::Text:
        return asText()->size();
    case ColumnKind::Category:
        return static_cast<Index>(asCategory()->codes.size());
    case ColumnKind::Number:
        return static_cast<Index>(asNumber()->values.size());
    case ColumnKind::Image:
        return static_cast<Index>(asImage()->fileOf.size());
    }
    return 0;
}

bool Column::isMissing(Index row) const
{
    const auto i = static_cast<std::size_t>(row);
    switch (kind()) {
    case ColumnKind::Text:
        return asText()->isMissing(row);
    case ColumnKind::Category:
        return asCategory()->codes[i] < 0;
    case ColumnKind::Number:
        return std::isnan(asNumber()->values[i]);
    case ColumnKind::Image:
        return asImage()->fileOf[i] < 0;
    }
    return true;
}

std::string_view Column::textView(Index row) const
{
    if (const auto* values = asText())
        return (*values)[row];
    if (const auto* values = asCategory()) {
        const auto code = values->codes[static_cast<std::size_t>(row)];
        return code < 0 ? std::string_view() : values->categories[static_cast<std::size_t>(code)];
    }
    return {};
}

std::string Column::text(Index row) const
{
    if (const auto* values = asNumber()) {
        const double v = values->values[static_cast<std::size_t>(row)];
        return std::isnan(v) ? std::string() : formatNumber(v);
    }
    return std::string(textView(row));
}

std::optional<std::size_t> findColumn(const Columns& columns, std::string_view name)
{
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (columns[c].name() == name)
            return c;
    }
    return std::nullopt;
}

Column inferColumn(std::string name, TextValues cells)
{
    constexpr std::size_t kMaxCategories = 256;
    const Index n = cells.size();
    Index present = 0;
    bool allNumbers = true;
    for (Index i = 0; i < n && allNumbers; ++i) {
        if (cells.isMissing(i) || cells[i].empty())
            continue;
        ++present;
        allNumbers = parseNumber(cells[i]).has_value();
    }
    if (allNumbers && present > 0) {
        NumberValues numbers;
        numbers.values.reserve(static_cast<std::size_t>(n));
        for (Index i = 0; i < n; ++i)
            numbers.values.push_back(parseNumber(cells[i]).value_or(kMissingNumber));
        return {std::move(name), std::move(numbers)};
    }
    std::unordered_set<std::string_view> distinct;
    present = 0;
    for (Index i = 0; i < n && distinct.size() <= kMaxCategories; ++i) {
        if (cells.isMissing(i) || cells[i].empty())
            continue;
        ++present;
        distinct.insert(cells[i]);
    }
    if (!distinct.empty() && distinct.size() <= kMaxCategories
        && present >= 2 * static_cast<Index>(distinct.size())) {
        CategoryValues categories = categoriesOf(cells);
        // An empty cell is a missing value, not a category without a name.
        const auto empty
            = std::find(categories.categories.begin(), categories.categories.end(), std::string());
        if (empty != categories.categories.end()) {
            const auto code = static_cast<std::int32_t>(empty - categories.categories.begin());
            for (auto& c : categories.codes)
                c = c == code ? -1 : c > code ? c - 1 : c;
            categories.categories.erase(empty);
        }
        return {std::move(name), std::move(categories)};
    }
    return {std::move(name), std::move(cells)};
}

CategoryValues toCategories(const Column& column)
{
    if (const auto* values = column.asCategory())
        return *values;
    if (const auto* values = column.asText())
        return categoriesOf(*values);
    CategoryValues result;
    if (const auto* numbers = column.asNumber()) {
        std::vector<double> sorted;
        for (const double v : numbers->values) {
            if (!std::isnan(v))
                sorted.push_back(v);
        }
        std::sort(sorted.begin(), sorted.end());
        sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
        for (const double v : sorted)
            result.categories.push_back(formatNumber(v));
        result.codes.reserve(numbers->values.size());
        for (const double v : numbers->values) {
            result.codes.push_back(std::isnan(v)
                    ? -1
                    : static_cast<std::int32_t>(
                        std::lower_bound(sorted.begin(), sorted.end(), v) - sorted.begin()));
        }
        return result;
    }
    result.codes.assign(static_cast<std::size_t>(column.size()), -1);
    return result;
}

std::optional<NumberValues> toNumbers(const Column& column)
{
    if (const auto* values = column.asNumber())
        return *values;
    NumberValues result;
    for (Index i = 0; i < column.size(); ++i) {
        if (column.isMissing(i)) {
            result.values.push_back(kMissingNumber);
            continue;
        }
        const auto number = parseNumber(column.textView(i));
        if (!number)
            return std::nullopt;
        result.values.push_back(*number);
    }
    return result;
}

} // namespace embedscope
