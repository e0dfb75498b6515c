#pragma once

#include "core/base/progress.h"
#include "core/projection/umap/curve.h"
#include "core/projection/umap/fuzzy_graph.h"
#include "core/projection/umap/places.h"

#include <cstdint>

namespace embedscope {

/// How UMAP descends: all values resolved.
struct UmapDescent
{
    Curve curve;
    int epochs = 500;
    double learningRate = 1; ///< Falls to 0 in a straight line.
    double repulsion = 1;
    double negativeSamples = 5;
    std::uint64_t seed = 0;
};

/// Stochastic descent on UMAP's cross-entropy (McInnes 2018, algorithm 5). Knows neither where the
/// graph nor where the first places came from. Each epoch is whole or not done at all, so stopping
/// is safe anywhere, and its samples depend on the seed, the epoch and the point alone.
///
/// Departs from the paper so that points can move side by side: an epoch sees all others where they
/// were at its beginning, and each point gathers both the moves that its own edges would make and
/// those that its neighbours' edges would make it do. Edges are not sampled by their weight but
/// weighed by it, which is what the samples come to on average.
class UmapOptimizer
{
public:
    UmapOptimizer(FuzzyGraph graph, Places places, const UmapDescent& descent);

    /// One epoch. False, and nothing moved, where it was stopped.
    bool step(const Progress& progress);

    int iteration() const { return m_iteration; }
    int totalIterations() const { return m_descent.epochs; }
    const Places& places() const { return m_places; }
    /// From the next epoch on.
    void setLearningRate(double rate) { m_descent.learningRate = rate; }
    void setRepulsion(double repulsion) { m_descent.repulsion = repulsion; }

private:
    FuzzyGraph m_graph;
    UmapDescent m_descent;
    float m_weightToRate;
    Places m_places;
    Places m_next;
    int m_iteration = 0;
};

} // namespace embedscope
