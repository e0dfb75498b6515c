#include "core/base/parallel.h"
#include "core/neighbors/exact.h"
#include "core/projection/umap/forces.h"
#include "core/projection/umap/options.h"
#include "core/projection/umap/umap.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

constexpr int kEpochs = 100;
constexpr double kRate = 0.05; ///< Gentler than a full run: the start is nearly right.
constexpr Index kRowsPerBlock = 256;

/// Ties of new rows to the old rows nearest to them, each by its own scale.
FuzzyGraph tiesOf(const NeighborTable& found, const UmapOptions& options)
{
    const Index m = found.size();
    FuzzyGraph graph = emptyGraph(m);
    for (Index i = 0; i <= m; ++i)
        graph.starts[static_cast<std::size_t>(i)] = i * found.k;
    graph.ids = found.ids;
    graph.ids.resize(graph.ids.size() + FuzzyGraph::kPadding);
    graph.weights.resize(graph.ids.size());
    const bool isSimilar = isSimilarity(found.metric);
    parallelBlocks(m, kRowsPerBlock, [&](Index, Index begin, Index end) {
        std::vector<float> distances(static_cast<std::size_t>(found.k));
        for (Index i = begin; i < end; ++i) {
            fuzzyDistances(found, i, options.metric == "cosine", distances);
            const SmoothScale smooth = smoothScale(
                distances, std::log2(options.neighbors), options.localConnectivity, isSimilar);
            for (Index j = 0; j < found.k; ++j) {
                const double excess = distances[static_cast<std::size_t>(j)] - smooth.nearest;
                graph.weights[static_cast<std::size_t>(i * found.k + j)]
                    = excess > 0 ? static_cast<float>(std::exp(-excess / smooth.scale)) : 1.0F;
            }
        }
    });
    return graph;
}

/// The mean of a row's ties, a row at distance 0 alone where there is one.
Places weightedMeans(const NeighborTable& found, const FuzzyGraph& graph, const Places& old)
{
    Places means(graph.size(), old.dimensions());
    for (Index i = 0; i < graph.size(); ++i) {
        const bool isTwin = !isSimilarity(found.metric) && found.valuesOf(i)[0] == 0;
        std::array<double, 3> sum{};
        double total = 0;
        for (Index at = graph.begin(i); at < (isTwin ? graph.begin(i) + 1 : graph.end(i)); ++at) {
            const double weight = graph.weights[static_cast<std::size_t>(at)];
            const auto place = old.get(graph.ids[static_cast<std::size_t>(at)]);
            total += weight;
            for (std::size_t a = 0; a < 3; ++a)
                sum[a] += weight * place[a];
        }
        means.set(i,
            {static_cast<float>(sum[0] / total), static_cast<float>(sum[1] / total),
                static_cast<float>(sum[2] / total)});
    }
    return means;
}

Places placesOf(const PreparedPoints& prepared, const Layout& layout)
{
    Places places(prepared.points.rows(), layout.dimensions());
    Index to = 0;
    for (Index i = 0; i < layout.size(); ++i) {
        if (!prepared.dataset->isUsable(static_cast<PointId>(i)))
            continue;
        std::array<float, 3> place{};
        std::copy_n(layout.positions.row(i), layout.dimensions(), place.begin());
        places.set(to++, place);
    }
    return places;
}

} // namespace

Result<Layout> joinUmap(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress)
{
    const UmapOptions options = readOptions(umapRows(), layout.recipe.parameters);
    EMBEDSCOPE_TRY_ASSIGN(
        const auto prepared, workbench.points(preparationOf(layout.recipe), progress.part(0, 0.1)));
    EMBEDSCOPE_TRY_ASSIGN(
        const JoiningRows joining, joiningRows(*prepared, added, progress.part(0.1, 0.2)));
    const Index k = std::min(prepared->points.rows(), static_cast<Index>(options.neighbors) - 1);
    EMBEDSCOPE_TRY_ASSIGN(
        const FloatRows among, floatRows(prepared->points, progress.part(0.2, 0.21)));
    EMBEDSCOPE_TRY_ASSIGN(const NeighborTable found,
        neighborsAmong(joining.points, among.view, k, graphRequest(options, 1, 2).metric,
            progress.part(0.21, 0.8)));
    const FuzzyGraph graph = tiesOf(found, options);
    const Places old = placesOf(*prepared, layout);
    Places places = weightedMeans(found, graph, old);
    Places next = places;
    EpochPlan plan;
    plan.curve = fitCurve(options.minDist, options.spread);
    plan.repulsion = static_cast<float>(options.repulsion);
    plan.negatives = static_cast<float>(options.negativeSamples);
    plan.canBeSelf = false;
    for (int epoch = 0; epoch < kEpochs; ++epoch) {
        progress.part(0.8, 1).report("Placing new rows", static_cast<double>(epoch) / kEpochs);
        plan.rate = static_cast<float>(
            options.learningRate * kRate * (1 - static_cast<double>(epoch) / kEpochs));
        plan.seed = layout.recipe.seed * 0x9e3779b97f4a7c15U + static_cast<std::uint64_t>(epoch);
        parallelBlocks(places.size(), kPointsPerBlock, [&](Index, Index begin, Index end) {
            if (!progress.stopRequested())
                movePoints(graph, old, places, next, plan, begin, end);
        });
        if (progress.stopRequested())
            return stoppedError();
        std::swap(places, next);
    }
    Matrix placed = Matrix::zeros(places.size(), places.dimensions());
    for (Index i = 0; i < places.size(); ++i) {
        const auto place = places.get(i);
        std::copy_n(place.begin(), places.dimensions(), placed.row(i));
    }
    return joining.layout(placed, layout.recipe);
}

} // namespace embedscope
