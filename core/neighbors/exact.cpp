#include "core/neighbors/exact.h"

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/neighbors/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

float rounded(double value)
{
    constexpr double limit = std::numeric_limits<float>::max();
    return static_cast<float>(std::clamp(value, -limit, limit));
}

/// Values of the rows [begin, end) into `found`, those that cannot be neighbours left out.
void collect(const Dataset& dataset, PointId query, const std::vector<double>& vector,
    double length, Metric metric, Index begin, Index end, std::vector<Neighbor>& found)
{
    const Index d = dataset.dimensions();
    const Index count = end - begin;
    std::vector<double> values(static_cast<std::size_t>(count));
    std::vector<double> squares(static_cast<std::size_t>(count));
    const float* rows = dataset.vectors().row(begin);
    if (metric == Metric::Euclidean)
        rowSquaredDistances(rows, count, d, vector.data(), values.data());
    else
        rowDots(rows, count, d, vector.data(), values.data(), squares.data());
    found.reserve(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i) {
        const auto id = static_cast<PointId>(begin + i);
        if (id == query || !dataset.isUsable(id))
            continue;
        double value = values[static_cast<std::size_t>(i)];
        if (metric == Metric::Euclidean) {
            value = std::sqrt(value);
        } else if (metric == Metric::Cosine) {
            const double square = squares[static_cast<std::size_t>(i)];
            if (square == 0)
                continue;
            value /= length * std::sqrt(square);
        }
        found.push_back({id, rounded(value)});
    }
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

Result<NeighborList> findNeighbors(
    const Dataset& dataset, PointId query, Index k, Metric metric, const Progress& progress)
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
    const auto row = dataset.vectors().rowSpan(query);
    const std::vector<double> vector(row.begin(), row.end());
    double squares = 0;
    for (const double value : vector)
        squares += value * value;
    if (metric == Metric::Cosine && squares == 0) {
        list.warning = "Row " + formatCount(query)
            + " is all zeros: it has no direction and so no neighbours under cosine.";
        return list;
    }

    const Index blockRows = std::max<Index>(1, kValuesPerBlock / d);
    const Nearer nearer{isSimilarity(metric)};
    std::vector<std::vector<Neighbor>> found(static_cast<std::size_t>(blockCount(n, blockRows)));
    parallelBlocks(n, blockRows, [&](Index block, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        auto& own = found[static_cast<std::size_t>(block)];
        collect(dataset, query, vector, std::sqrt(squares), metric, begin, end, own);
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
