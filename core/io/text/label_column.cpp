#include "core/io/text/label_column.h"

#include "core/base/text.h"

#include <array>

namespace embedscope {

namespace {

constexpr std::array<std::string_view, 9> kLabelNames{
    "label", "labels", "word", "words", "name", "token", "title", "text", "id"};

std::optional<std::size_t> findNamed(const Columns& columns, bool wantText)
{
    for (const auto name : kLabelNames) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const ColumnKind kind = columns[c].kind();
            const bool fits = wantText ? kind == ColumnKind::Text
                                       : kind == ColumnKind::Category || kind == ColumnKind::Number;
            if (fits && foldCase(trimmed(columns[c].name())) == name)
                return c;
        }
    }
    return std::nullopt;
}

} // namespace

bool isLabelName(std::string_view name)
{
    const std::string folded = foldCase(trimmed(name));
    for (const auto known : kLabelNames) {
        if (folded == known)
            return true;
    }
    return false;
}

std::optional<std::size_t> chooseLabelColumn(const Columns& columns)
{
    if (const auto named = findNamed(columns, true))
        return named;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (columns[c].kind() == ColumnKind::Text
            && columns[c].distinctCount() * 2 > columns[c].size())
            return c;
    }
    if (const auto named = findNamed(columns, false))
        return named;
    for (const ColumnKind kind : {ColumnKind::Text, ColumnKind::Category}) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (columns[c].kind() == kind)
                return c;
        }
    }
    return std::nullopt;
}

} // namespace embedscope
