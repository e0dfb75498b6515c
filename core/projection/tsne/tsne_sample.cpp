#include "core/projection/tsne/tsne_sample.h"

#include "core/base/random.h"
#include "core/neighbors/exact.h"
#include "core/projection/tsne/tsne_optimizer.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

constexpr Index kMostSampled = 20000;
constexpr int kIterations = 750;
constexpr Index kNearest = 5; ///< Sampled points whose mean is a place.

} // namespace

Result<Coordinates> placesBySample(MatrixView points, const Coordinates& start,
    const TsneOptions& options, std::uint64_t seed, const Progress& progress)
{
    const Index n = points.rows();
    const Index m = std::clamp(n / 10, std::min<Index>(n, 100), kMostSampled);
    const int dims = start.dimensions();
    const std::vector<PointId> ids = Random(seed).sample(n, m);
    EMBEDSCOPE_TRY_ASSIGN(Matrix sample, Matrix::allocate(m, points.columns()));
    Coordinates places(m, dims);
    for (Index i = 0; i < m; ++i) {
        const PointId id = ids[static_cast<std::size_t>(i)];
        std::copy_n(points.row(id), points.columns(), sample.row(i));
        for (int a = 0; a < dims; ++a)
            places.axis(a)[i] = start.axis(a)[id];
    }

    AffinityOptions weighing;
    weighing.perplexities = {std::min(options.perplexity, static_cast<double>(m - 1) / 3)};
    const auto k = static_cast<Index>(std::ceil(3 * weighing.perplexities.front()));
    GraphOptions searching = options;
    searching.graphNeighbors.reset();
    const GraphRequest graph = graphRequest(searching, std::min(k, m - 1), m);
    EMBEDSCOPE_TRY_ASSIGN(
        const NeighborTable neighbors, neighborGraph(sample, graph, progress.part(0, 0.2)));
    EMBEDSCOPE_TRY_ASSIGN(Affinities affinities,
        findAffinities(neighbors, graph.k, weighing, progress.part(0.2, 0.25)));
    DescentOptions descent;
    descent.learningRate = static_cast<double>(m) / 12;
    descent.degreesOfFreedom = options.degreesOfFreedom;
    TsneOptimizer optimizer(std::move(affinities), places, descent);
    while (optimizer.iteration() < kIterations) {
        progress.report("Mapping a sample",
            0.25 + 0.45 * static_cast<double>(optimizer.iteration()) / kIterations);
        if (!optimizer.step(progress))
            return stoppedError();
    }

    const Coordinates mapped = optimizer.places();
    EMBEDSCOPE_TRY_ASSIGN(const NeighborTable nearest,
        neighborsAmong(points, sample, std::min(kNearest, m), graph.metric, progress.part(0.7, 1)));
    Coordinates all(n, dims);
    for (Index i = 0; i < n; ++i) {
        for (int a = 0; a < dims; ++a) {
            double sum = 0;
            for (Index j = 0; j < nearest.k; ++j)
                sum += static_cast<double>(mapped.axis(a)[nearest.idsOf(i)[j]]);
            all.axis(a)[i] = static_cast<float>(sum / static_cast<double>(nearest.k));
        }
    }
    return all;
}

} // namespace embedscope
