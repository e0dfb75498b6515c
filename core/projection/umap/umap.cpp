#include "core/projection/umap/umap.h"

#include "core/base/text.h"
#include "core/projection/umap/options.h"
#include "core/projection/umap/start.h"
#include "core/projection/umap/supervision.h"
#include "core/projection/umap/umap_optimizer.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace embedscope {

namespace {

constexpr int kWidest = 100; ///< Dimensions above which the table is reduced first.
/// Points up to which the spectral start is quick beside the descent, measured.
constexpr Index kMostUnfolded = 200000;

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class UmapProjection : public Projection
{
public:
    UmapProjection(std::shared_ptr<const PreparedPoints> prepared, UmapOptimizer optimizer,
        Recipe recipe, Diagnostics diagnostics)
        : m_prepared(std::move(prepared))
        , m_optimizer(std::move(optimizer))
        , m_recipe(std::move(recipe))
        , m_diagnostics(std::move(diagnostics))
    {
    }

    Status advance(int steps, const Progress& progress) override
    {
        const auto start = Clock::now();
        const int first = iteration();
        const int last = first + std::min(steps, totalIterations() - first);
        bool isStopped = false;
        while (iteration() < last && !isStopped) {
            progress.report("Optimising",
                static_cast<double>(iteration() - first) / static_cast<double>(last - first));
            isStopped = !m_optimizer.step(progress);
        }
        m_optimizeSeconds += secondsSince(start);
        if (isStopped)
            return stoppedError();
        progress.report("Optimising", 1);
        return {};
    }

    bool isDone() const override { return iteration() >= totalIterations(); }
    int iteration() const override { return m_optimizer.iteration(); }
    int totalIterations() const override { return m_optimizer.totalIterations(); }

    Status setLive(std::string_view id, const ParameterValue& value) override
    {
        const auto infos = umapParameters();
        const auto info = std::find_if(infos.begin(), infos.end(),
            [id](const ParameterInfo& row) { return row.id == id && row.isLive; });
        if (info == infos.end())
            return Projection::setLive(id, value);
        EMBEDSCOPE_TRY_ASSIGN(const ParameterValue checked, checkedValue(*info, value));
        const double number = std::get<double>(checked);
        if (id == "repulsion")
            m_optimizer.setRepulsion(number);
        else
            m_optimizer.setLearningRate(number);
        m_diagnostics.notes.push_back(std::string(info->label) + " was set to "
            + formatNumber(number) + " at epoch " + formatCount(iteration()) + ".");
        return {};
    }

    Layout layout() const override
    {
        const Places& places = m_optimizer.places();
        Matrix placed = Matrix::zeros(places.size(), places.dimensions());
        for (Index i = 0; i < places.size(); ++i) {
            const auto place = places.get(i);
            std::copy_n(place.begin(), places.dimensions(), placed.row(i));
        }
        Layout layout{
            m_prepared->inFileOrder(placed), m_prepared->omitted, m_recipe, m_diagnostics};
        layout.diagnostics.iterations = iteration();
        layout.diagnostics.isFinished = isDone();
        layout.diagnostics.seconds.emplace_back("optimize", m_optimizeSeconds);
        return layout;
    }

private:
    std::shared_ptr<const PreparedPoints> m_prepared;
    UmapOptimizer m_optimizer;
    Recipe m_recipe;
    Diagnostics m_diagnostics;
    double m_optimizeSeconds = 0;
};

/// Resolves what the number of points decides, and notes what differs from what was asked.
void resolve(UmapOptions& options, Index n, Diagnostics& diagnostics)
{
    const auto most = static_cast<double>(std::max<Index>(n, 2));
    options.neighbors = std::floor(options.neighbors);
    if (options.neighbors > most) {
        diagnostics.notes.push_back("There are only " + formatCount(n) + " points, so that "
            + formatNumber(most) + " neighbours were used instead of "
            + formatNumber(options.neighbors) + ".");
        options.neighbors = most;
    }
    if (options.init == "auto")
        options.init = n <= kMostUnfolded ? "spectral" : "pca";
}

/// The weighted graph; edges too weak to matter in so many epochs are left out of it.
Result<FuzzyGraph> weightedGraph(Workbench& workbench, const PreparedPoints& prepared,
    UmapOptions& options, Recipe& recipe, Diagnostics& diagnostics, const Progress& progress)
{
    const Index n = prepared.points.rows();
    const Index k = std::min(n - 1, static_cast<Index>(options.neighbors) - 1);
    if (k < 1) {
        options.graphNeighbors = 1;
        options.search = "exact";
        return emptyGraph(n);
    }
    auto start = Clock::now();
    EMBEDSCOPE_TRY_ASSIGN(const auto neighbors,
        workbench.graph(prepared, graphRequest(options, k, n), progress.part(0, 0.9)));
    options.graphNeighbors = static_cast<double>(neighbors->k);
    options.search = neighbors->isExact ? "exact" : "approximate";
    recipe.graphRecall = neighbors->recall;
    diagnostics.seconds.emplace_back("neighbors", secondsSince(start));

    start = Clock::now();
    FuzzyOptions fuzzy;
    fuzzy.neighbors = options.neighbors;
    fuzzy.localConnectivity = options.localConnectivity;
    fuzzy.setMix = options.setMix;
    fuzzy.distancesAreUnit = options.metric == "cosine";
    const double weakest = 1 / std::max(1.0, static_cast<double>(options.epochs));
    fuzzy.smallest = options.supervise.empty() ? weakest : 0;
    EMBEDSCOPE_TRY_ASSIGN(
        FuzzyGraph graph, fuzzyGraph(*neighbors, k, fuzzy, progress.part(0.9, 1)));
    if (!options.supervise.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(
            const auto categories, categoriesFor(*prepared.dataset, options.supervise));
        if (!supervise(graph, categories, options.superviseWeight, progress)
            || !pruneGraph(graph, static_cast<float>(weakest), progress))
            return stoppedError();
        diagnostics.notes.push_back("Supervised by the column \"" + printable(options.supervise)
            + "\": groups of that column are drawn apart by intention.");
    }
    diagnostics.seconds.emplace_back("affinities", secondsSince(start));
    return graph;
}

} // namespace

Result<std::unique_ptr<Projection>> startUmap(Workbench& workbench,
    const ProjectionRequest& request, const ParameterValues& values, const Progress& progress)
{
    UmapOptions options = readOptions(umapRows(), values);
    Recipe recipe;
    Diagnostics diagnostics;
    const auto dataset = workbench.dataset();
    if (!options.supervise.empty())
        EMBEDSCOPE_TRY(checkCategories(*dataset, options.supervise));
    EMBEDSCOPE_TRY_ASSIGN(const auto prepared,
        workbench.points(
            preparationFor(*dataset, request, options, kWidest), progress.part(0, 0.1)));
    prepared->describe(request, recipe, diagnostics);
    recipe.normalization = prepared->preparation.normalization;
    recipe.metric = options.metric;
    resolve(options, prepared->points.rows(), diagnostics);
    EMBEDSCOPE_TRY_ASSIGN(FuzzyGraph graph,
        weightedGraph(workbench, *prepared, options, recipe, diagnostics, progress.part(0.1, 0.8)));
    const auto start = Clock::now();
    EMBEDSCOPE_TRY_ASSIGN(Places places,
        startingPlaces(*prepared, graph, request, options, diagnostics, progress.part(0.8, 1)));
    diagnostics.seconds.emplace_back("start", secondsSince(start));
    recipe.parameters = recordOptions(umapRows(), options);

    UmapDescent descent;
    descent.curve = fitCurve(options.minDist, options.spread);
    descent.epochs = static_cast<int>(options.epochs);
    descent.learningRate = options.learningRate;
    descent.repulsion = options.repulsion;
    descent.negativeSamples = options.negativeSamples;
    descent.seed = request.seed;
    return std::unique_ptr<Projection>(
        new UmapProjection(prepared, UmapOptimizer(std::move(graph), std::move(places), descent),
            std::move(recipe), std::move(diagnostics)));
}

double estimateUmapSeconds(
    Index n, Index d, const ProjectionRequest& request, const ParameterValues& values)
{
    const UmapOptions options = readOptions(umapRows(), values);
    const auto points = static_cast<double>(n);
    const Index widest = request.preprocessPca.value_or(kWidest);
    const auto columns = static_cast<double>(widest > 0 ? std::min<Index>(d, widest) : d);
    const double prepare
        = columns < static_cast<double>(d) ? 2e-11 * points * static_cast<double>(d) * columns : 0;
    // Exactly by all pairs, else growing a little faster than the number of points.
    const double pairs = 1e-11 * points * points * (columns + 20);
    const double approximate = 2e-7 * points * std::log2(points + 2) * (columns + 50) / 10;
    const double graph = options.search == "exact" ? pairs
        : options.search == "approximate"          ? approximate
                                                   : std::min(pairs, approximate);
    const auto epochs = static_cast<double>(options.epochs);
    const double work = 0.5 * options.neighbors * (1.5 + 0.4 * options.negativeSamples);
    return 0.01 + prepare + graph + points * (4e-6 + 4e-9 * epochs * work);
}

} // namespace embedscope
