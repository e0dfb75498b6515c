#include "core/projection/tsne/repulsion.h"

#include "core/projection/tsne/exact_repulsion.h"
#include "core/projection/tsne/grid_repulsion.h"

namespace embedscope {

namespace {

/// Up to here all pairs cost less than the grid, measured.
constexpr Index kExactUpTo2 = 3000;
constexpr Index kExactUpTo3 = 6000;

} // namespace

bool isRepulsionExact(Index n, int dimensions, RepulsionEngine engine)
{
    if (engine == RepulsionEngine::Automatic)
        return n <= (dimensions == 2 ? kExactUpTo2 : kExactUpTo3);
    return engine == RepulsionEngine::Exact;
}

std::unique_ptr<Repulsion> makeRepulsion(
    Index n, int dimensions, double degreesOfFreedom, RepulsionEngine engine)
{
    if (isRepulsionExact(n, dimensions, engine))
        return std::make_unique<ExactRepulsion>(n, dimensions, degreesOfFreedom);
    return std::make_unique<GridRepulsion>(n, dimensions, degreesOfFreedom);
}

} // namespace embedscope
