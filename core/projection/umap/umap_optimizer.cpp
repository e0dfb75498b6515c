#include "core/projection/umap/umap_optimizer.h"

#include "core/base/parallel.h"
#include "core/projection/umap/forces.h"

#include <utility>

namespace embedscope {

namespace {

/// An epoch's moves of a point, which the paper makes one after another, are made at once here:
/// with its rate points would overshoot again and again. A fifth of it settles in as good a
/// picture.
constexpr double kRateOfGathering = 0.2;

} // namespace

UmapOptimizer::UmapOptimizer(FuzzyGraph graph, Places places, const UmapDescent& descent)
    : m_graph(std::move(graph))
    , m_descent(descent)
    , m_places(std::move(places))
    , m_next(m_places)
{
    const float largest = largestWeight(m_graph);
    m_weightToRate = largest > 0 ? 1 / largest : 0;
}

bool UmapOptimizer::step(const Progress& progress)
{
    EpochPlan plan;
    plan.curve = m_descent.curve;
    plan.repulsion = static_cast<float>(m_descent.repulsion);
    plan.negatives = static_cast<float>(m_descent.negativeSamples);
    plan.weightToRate = m_weightToRate;
    plan.rate = static_cast<float>(m_descent.learningRate * kRateOfGathering
        * (1 - static_cast<double>(m_iteration) / m_descent.epochs));
    plan.seed = m_descent.seed * 0x9e3779b97f4a7c15U + static_cast<std::uint64_t>(m_iteration);
    parallelBlocks(m_places.size(), kPointsPerBlock, [&](Index, Index begin, Index end) {
        if (!progress.stopRequested())
            movePoints(m_graph, m_places, m_places, m_next, plan, begin, end);
    });
    if (progress.stopRequested())
        return false;
    std::swap(m_places, m_next);
    ++m_iteration;
    return true;
}

} // namespace embedscope
