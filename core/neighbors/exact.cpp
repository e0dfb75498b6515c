#include "core/neighbors/exact.h"

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/neighbors/exact_values.h"
#include "core/neighbors/quick_query.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr Index kValuesPerBlock = Index{1} << 19; ///< 2 MB of rows: well under a millisecond.

/// Nearer first, ties by smaller id.
struct Nearer
{
    bool similarity;
    bool operator()(const Neighbor& a, const Neighbor& b) const
    {
        if (a.value != b.value)
            return similarity ? a.value > b.value : a.value < b.value;
        return a.id < b.id;
    }
};

/// Values of the rows [begin, end) into `found`, those that cannot be neighbours left out.
void collect(const Dataset& dataset, PointId query, ExactValues exact, Metric metric,
    const PointSet* among, Index begin, Index end, std::vector<Neighbor>& found)
{
    std::vector<PointId> ids;
    ids.reserve(static_cast<std::size_t>(end - begin));
    for (Index i = begin; i < end; ++i) {
        const auto id = static_cast<PointId>(i);
        if (id == query || !dataset.isUsable(id) || (among != nullptr && !among->contains(id)))
            continue;
        if (metric == Metric::Cosine && dataset.vectors().isZeroRow(id))
            continue;
        ids.push_back(id);
    }
    std::vector<float> values(ids.size());
    exact.find(ids, values.data());
    found.reserve(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
        found.push_back({ids[i], values[i]});
}

/// Keeps the k nearest, in no particular order.
void keepNearest(std::vector<Neighbor>& found, Index k, Nearer nearer)
{
    if (static_cast<Index>(found.size()) <= k)
        return;
    std::nth_element(found.begin(), found.begin() + k, found.end(), nearer);
    found.resize(static_cast<std::size_t>(k));
}

} // namespace

Result<NeighborList> findNeighbors(const Dataset& dataset, PointId query, Index k, Metric metric,
    const PointSet* among, const Progress& progress)
{
    const Index n = dataset.size();
    const Index d = dataset.dimensions();
    if (query >= n) {
        return Error{ErrorCode::InvalidArgument,
            "there is no row " + formatCount(query) + "; the last is row " + formatCount(n - 1), {},
            {}, {}};
    }
    if (k < 1) {
        return Error{ErrorCode::InvalidArgument,
            "the number of neighbours must be 1 or more, not " + std::to_string(k), {}, {}, {}};
    }
    NeighborList list;
    list.query = query;
    list.metric = metric;
    if (!dataset.isUsable(query)) {
        list.warning = "Row " + formatCount(query)
            + " holds NaN or infinite values, so it has no neighbours.";
        return list;
    }
    if (metric == Metric::Cosine && dataset.vectors().isZeroRow(query)) {
        list.warning = "Row " + formatCount(query)
            + " is all zeros: it has no direction and so no neighbours under cosine.";
        return list;
    }
    if (const auto quick = quickNeighbors(dataset, query, k, metric, among, progress)) {
        const bool similarity = isSimilarity(metric);
        for (const std::uint64_t key : *quick)
            list.neighbors.push_back({idOfKey(key), valueOfKey(key, similarity)});
        return list;
    }
    ExactValues exact(dataset.vectors(), metric);
    RowRoom room;
    exact.setQuery(dataset.vectors().row(query, room));

    const Index blockRows = std::max<Index>(1, kValuesPerBlock / d);
    const Nearer nearer{isSimilarity(metric)};
    std::vector<std::vector<Neighbor>> found(static_cast<std::size_t>(blockCount(n, blockRows)));
    parallelBlocks(n, blockRows, [&](Index block, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        auto& own = found[static_cast<std::size_t>(block)];
        collect(dataset, query, exact, metric, among, begin, end, own);
        keepNearest(own, k, nearer);
    });
    if (progress.stopRequested())
        return stoppedError();
    for (const auto& own : found)
        list.neighbors.insert(list.neighbors.end(), own.begin(), own.end());
    keepNearest(list.neighbors, k, nearer);
    std::sort(list.neighbors.begin(), list.neighbors.end(), nearer);
    return list;
}

} // namespace embedscope
