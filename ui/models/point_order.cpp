#include "ui/models/point_order.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace embedscope::ui {

namespace {

/// Sorts by keyOf(id) with ties by row. The ids come in ascending.
template <typename KeyOf>
void sortBy(std::vector<PointId>& ids, bool isDescending, const KeyOf& keyOf)
{
    using Key = std::decay_t<decltype(keyOf(PointId()))>;
    std::vector<std::pair<Key, PointId>> keyed;
    keyed.reserve(ids.size());
    for (const PointId id : ids)
        keyed.emplace_back(keyOf(id), id);
    std::stable_sort(keyed.begin(), keyed.end(), [isDescending](const auto& a, const auto& b) {
        return isDescending ? b.first < a.first : a.first < b.first;
    });
    for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = keyed[i].second;
}

/// Place of each category among all, by folded text; equal names share a place.
std::vector<std::uint32_t> categoryRanks(const CategoryValues& values)
{
    std::vector<std::pair<std::string, std::size_t>> names;
    for (std::size_t i = 0; i < values.categories.size(); ++i)
        names.emplace_back(foldCase(values.categories[i]), i);
    std::sort(names.begin(), names.end());
    std::vector<std::uint32_t> ranks(names.size());
    std::uint32_t rank = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0 && names[i].first != names[i - 1].first)
            ++rank;
        ranks[names[i].second] = rank;
    }
    return ranks;
}

} // namespace

Result<std::vector<PointId>> orderedPoints(
    const ColumnList& columns, const PointOrderRequest& request, const Progress& progress)
{
    std::vector<PointId> ids;
    if (request.hits) {
        PointSet shown(columns.dataset()->size(), *request.hits);
        if (request.selected)
            shown &= *request.selected;
        ids = shown.ids();
    } else if (request.selected) {
        ids = request.selected->ids();
    } else {
        ids.resize(static_cast<std::size_t>(columns.dataset()->size()));
        std::iota(ids.begin(), ids.end(), PointId(0));
    }
    if (!request.sortColumn) {
        if (request.isDescending)
            std::reverse(ids.begin(), ids.end());
        return ids;
    }
    const Column& column = columns[*request.sortColumn];
    if (column.kind() == ColumnKind::Image)
        return ids;
    const auto firstMissing = std::stable_partition(
        ids.begin(), ids.end(), [&](PointId id) { return !column.isMissing(id); });
    const std::vector<PointId> missing(firstMissing, ids.end());
    ids.erase(firstMissing, ids.end());
    if (progress.stopRequested())
        return stoppedError();
    if (const auto* numbers = column.asNumber()) {
        sortBy(ids, request.isDescending, [&](PointId id) { return numbers->values[id]; });
    } else if (const auto* categories = column.asCategory()) {
        const auto ranks = categoryRanks(*categories);
        sortBy(ids, request.isDescending,
            [&](PointId id) { return ranks[static_cast<std::size_t>(categories->codes[id])]; });
    } else {
        sortBy(
            ids, request.isDescending, [&](PointId id) { return foldCase(column.textView(id)); });
    }
    if (progress.stopRequested())
        return stoppedError();
    ids.insert(ids.end(), missing.begin(), missing.end());
    return ids;
}

} // namespace embedscope::ui
