#include "core/io/text/column_names.h"

#include "core/base/text.h"
#include "core/io/text/label_column.h"

#include <algorithm>
#include <array>

namespace embedscope {

std::optional<std::pair<std::string, std::int64_t>> splitNumberedName(std::string_view name)
{
    name = trimmed(name);
    std::size_t at = name.size();
    while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
        --at;
    const auto number = parseInteger(name.substr(at));
    if (!number)
        return std::nullopt;
    return std::pair(foldCase(name.substr(0, at)), *number);
}

std::vector<ColumnRun> findNumberedRuns(
    const std::vector<std::string>& names, const std::vector<bool>& isCandidate)
{
    std::vector<ColumnRun> runs;
    for (std::size_t c = 0; c < names.size();) {
        const auto first = isCandidate[c] ? splitNumberedName(names[c]) : std::nullopt;
        std::size_t end = c + 1;
        if (first) {
            while (end < names.size() && isCandidate[end]) {
                const auto next = splitNumberedName(names[end]);
                if (!next || next->first != first->first
                    || next->second != first->second + static_cast<std::int64_t>(end - c))
                    break;
                ++end;
            }
            if (end - c >= 2)
                runs.push_back({c, end, first->first});
        }
        c = end;
    }
    return runs;
}

ColumnRun longestRun(const std::vector<bool>& isCandidate)
{
    ColumnRun best;
    for (std::size_t c = 0; c < isCandidate.size();) {
        std::size_t end = c;
        while (end < isCandidate.size() && isCandidate[end])
            ++end;
        if (end - c > best.size())
            best = {c, end, {}};
        c = end + 1;
    }
    return best;
}

bool describesRow(std::string_view name)
{
    constexpr std::array<std::string_view, 21> kNames{"index", "idx", "row", "class", "target",
        "count", "counts", "freq", "frequency", "rank", "cluster", "category", "group", "year",
        "split", "digit", "y_true", "user_id", "item_id", "movieid", "#"};
    const std::string folded = foldCase(trimmed(name));
    if (isLabelName(folded) || folded.starts_with("unnamed:") || folded.ends_with("_id"))
        return true;
    return std::find(kNames.begin(), kNames.end(), folded) != kNames.end();
}

std::vector<std::size_t> findCoordinates(
    const std::vector<std::string>& names, const std::vector<bool>& isCandidate)
{
    const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
        for (std::size_t c = 0; c < names.size(); ++c) {
            if (isCandidate[c] && foldCase(trimmed(names[c])) == name)
                return c;
        }
        return std::nullopt;
    };
    for (const std::string stem :
        {"", "umap_", "tsne_", "pca_", "projection_", "coord_", "pos_", "map_"}) {
        const auto x = find(stem + "x");
        const auto y = find(stem + "y");
        const auto z = find(stem + "z");
        if (x && y && z)
            return {*x, *y, *z};
        if (x && y)
            return {*x, *y};
    }
    for (const ColumnRun& run : findNumberedRuns(names, isCandidate)) {
        constexpr std::array<std::string_view, 6> kStems{
            "umap", "tsne", "t-sne", "pca", "mds", "pc"};
        std::string stem = run.stem;
        while (!stem.empty() && (stem.back() == '_' || stem.back() == '-' || stem.back() == ' '))
            stem.pop_back();
        if (run.size() <= 3 && std::find(kStems.begin(), kStems.end(), stem) != kStems.end()) {
            std::vector<std::size_t> columns;
            for (std::size_t c = run.begin; c < run.end; ++c)
                columns.push_back(c);
            return columns;
        }
    }
    return {};
}

} // namespace embedscope
