#include "core/analysis/health/label_health.h"

#include "core/analysis/health/equal_groups.h"
#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <bit>

namespace embedscope {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr Index kRowsPerBlock = 8192;

std::uint64_t mixed(std::uint64_t value)
{
    value *= 0x9e3779b97f4a7c15U;
    return (value ^ value >> 32U) * 0x9e3779b97f4a7c15U;
}

std::uint64_t hashText(std::string_view text)
{
    // FNV-1a, 64 bits.
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mixed(hash);
}

bool isEmptyLabel(const Column& labels, Index row)
{
    if (labels.isMissing(row))
        return true;
    return labels.kind() != ColumnKind::Number && trimmed(labels.textView(row)).empty();
}

/// Ids for which `test` is true, ascending.
template <typename Test>
std::vector<PointId> rowsWhere(Index n, const Progress& progress, Test test)
{
    std::vector<std::vector<PointId>> found(static_cast<std::size_t>(blockCount(n, kRowsPerBlock)));
    parallelBlocks(n, kRowsPerBlock, [&](Index block, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        for (Index i = begin; i < end; ++i) {
            if (test(i))
                found[static_cast<std::size_t>(block)].push_back(static_cast<PointId>(i));
        }
    });
    std::vector<PointId> all;
    for (const auto& part : found)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

Result<DuplicateRows> sameLabels(
    const Column& labels, const PointSet& empty, const Progress& progress)
{
    const std::vector<PointId> ids = empty.complement().ids();
    if (const auto* numbers = labels.asNumber()) {
        const auto valueOf = [numbers](PointId id) { return numbers->values[id] + 0.0; };
        return equalGroups(
            ids, [&](PointId id) { return mixed(std::bit_cast<std::uint64_t>(valueOf(id))); },
            [&](PointId a, PointId b) {
                return valueOf(a) < valueOf(b) ? -1 : valueOf(a) > valueOf(b) ? 1 : 0;
            },
            progress);
    }
    return equalGroups(
        ids, [&](PointId id) { return hashText(labels.textView(id)); },
        [&](PointId a, PointId b) { return labels.textView(a).compare(labels.textView(b)); },
        progress);
}

/// Rows with U+FFFD in that column; of categories each name is looked at once.
std::vector<PointId> brokenRows(const Column& column, const Progress& progress)
{
    if (const auto* category = column.asCategory()) {
        std::vector<bool> isBroken;
        for (const std::string& name : category->categories)
            isBroken.push_back(name.find(kReplacement) != std::string::npos);
        if (std::find(isBroken.begin(), isBroken.end(), true) == isBroken.end())
            return {};
        return rowsWhere(column.size(), progress, [&](Index i) {
            const std::int32_t code = category->codes[static_cast<std::size_t>(i)];
            return code >= 0 && isBroken[static_cast<std::size_t>(code)];
        });
    }
    const auto* text = column.asText();
    if (text == nullptr)
        return {};
    return rowsWhere(column.size(), progress,
        [&](Index i) { return (*text)[i].find(kReplacement) != std::string_view::npos; });
}

} // namespace

Result<LabelHealth> examineLabels(const Dataset& dataset, const Progress& progress)
{
    progress.report("Examining labels", 0);
    const Index n = dataset.size();
    LabelHealth health;
    health.empty = PointSet(n);
    health.broken = PointSet(n);
    for (std::size_t c = 0; c < dataset.columns().size(); ++c) {
        const auto rows = brokenRows(dataset.columns()[c], progress);
        for (const PointId id : rows)
            health.broken.insert(id);
        health.isBrokenLabel
            = health.isBrokenLabel || (!rows.empty() && dataset.labelColumn() == c);
    }
    if (!dataset.hasLabels())
        return progress.stopRequested() ? Result<LabelHealth>(stoppedError()) : health;
    const Column& labels = dataset.columns()[*dataset.labelColumn()];
    for (const PointId id :
        rowsWhere(n, progress, [&](Index i) { return isEmptyLabel(labels, i); }))
        health.empty.insert(id);
    if (labels.kind() != ColumnKind::Image) {
        EMBEDSCOPE_TRY_ASSIGN(health.same, sameLabels(labels, health.empty, progress));
    }
    if (progress.stopRequested())
        return stoppedError();
    // A column of ten digits, a thousand times each, is no set of names with faults.
    health.areClasses = health.same.repeats() > (n - health.empty.count()) / 2;
    if (!health.same.rows.empty())
        health.firstRepeat = health.same.rows.front();
    return health;
}

} // namespace embedscope
