#include "core/neighbors/graph.h"

#include "core/neighbors/approximate.h"
#include "core/neighbors/exact.h"

#include <algorithm>

namespace embedscope {

namespace {

/// Products of all pairs that take about a second on two processors.
constexpr double kMostExactTerms = 1.0e11;

} // namespace

bool isSearchExact(Index n, Index d, const GraphRequest& request)
{
    if (request.search == GraphSearch::Exact || request.metric == Metric::Dot)
        return true;
    if (request.search == GraphSearch::Approximate)
        return false;
    return static_cast<double>(n) * static_cast<double>(n)
        * static_cast<double>(std::max<Index>(d, 16))
        <= kMostExactTerms;
}

Result<NeighborTable> neighborGraph(
    MatrixView points, const GraphRequest& request, const Progress& progress)
{
    const Index n = points.rows();
    if (isSearchExact(n, points.columns(), request) || request.k < 1 || request.k >= n)
        return exactNeighborTable(points, request.k, request.metric, progress);
    return approximateNeighborTable(points, request, progress);
}

} // namespace embedscope
