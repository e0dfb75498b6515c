#include "core/neighbors/graph.h"

#include "core/neighbors/exact.h"

namespace embedscope {

bool isSearchExact(Index, Index, const GraphRequest&)
{
    return true;
}

Result<NeighborTable> neighborGraph(
    MatrixView points, const GraphRequest& request, const Progress& progress)
{
    return exactNeighborTable(points, request.k, request.metric, progress);
}

} // namespace embedscope
