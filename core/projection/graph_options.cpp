#include "core/projection/graph_options.h"

#include "core/projection/projection.h"

#include <algorithm>
#include <cassert>

namespace embedscope {

Preparation preparationFor(const Dataset& dataset, const ProjectionRequest& request,
    const GraphOptions& options, int widest)
{
    ProjectionRequest own = request;
    if (options.metric == "cosine")
        own.normalization = "unit";
    const bool survivesReduction = options.metric == "euclidean" || options.metric == "cosine";
    return preparationFor(dataset, own, survivesReduction ? widest : 0);
}

GraphRequest graphRequest(const GraphOptions& options, Index k, Index n)
{
    GraphRequest request;
    request.k = k;
    if (options.graphNeighbors)
        request.k = std::clamp(static_cast<Index>(*options.graphNeighbors), k, n - 1);
    const auto metric = metricFromId(options.metric);
    assert(metric);
    request.metric = *metric == Metric::Cosine ? Metric::Euclidean : *metric;
    if (options.search == "exact")
        request.search = GraphSearch::Exact;
    else if (options.search == "approximate")
        request.search = GraphSearch::Approximate;
    return request;
}

} // namespace embedscope
