#include "core/projection/tsne/tsne.h"

#include "core/base/text.h"
#include "core/projection/recipe_text.h"
#include "core/projection/tsne/tsne_run.h"
#include "core/projection/tsne/tsne_start.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace embedscope {

namespace {

constexpr int kWidest = 50; ///< Dimensions above which the table is reduced first.
constexpr double kEarlyIterations = 250;

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Lowers a perplexity that asks for more neighbours than there are.
double possible(double perplexity, Index n, Diagnostics& diagnostics)
{
    const double most = std::max(1.0, static_cast<double>(n - 1) / 3);
    if (perplexity <= most)
        return perplexity;
    diagnostics.notes.push_back("Perplexity " + formatNumber(perplexity)
        + " needs three times as many neighbours as there are other points; " + formatNumber(most)
        + " was used.");
    return most;
}

/// The groups that supervise, by prepared point; empty where there is no supervision.
Result<std::vector<std::int32_t>> groupsOf(
    const Dataset& dataset, const TsneOptions& options, Diagnostics& diagnostics)
{
    std::vector<std::int32_t> groups;
    if (options.supervise.empty())
        return groups;
    const auto column = findColumn(dataset.columns(), options.supervise);
    if (!column) {
        return Error{ErrorCode::InvalidArgument,
            "there is no column \"" + printable(options.supervise) + "\" to supervise by",
            dataset.provenance().path, {}, {}};
    }
    const CategoryValues categories = toCategories(dataset.columns()[*column]);
    for (PointId i = 0; i < static_cast<PointId>(dataset.size()); ++i) {
        if (dataset.isUsable(i))
            groups.push_back(categories.codes[i]);
    }
    diagnostics.notes.push_back("Supervised by the column \"" + printable(options.supervise)
        + "\": groups of that column are drawn apart on purpose.");
    return groups;
}

Result<Affinities> affinitiesOf(Workbench& workbench, const PreparedPoints& prepared,
    TsneOptions& options, Recipe& recipe, Diagnostics& diagnostics, const Progress& progress)
{
    const Index n = prepared.points.rows();
    AffinityOptions weighing;
    EMBEDSCOPE_TRY_ASSIGN(weighing.perplexities, parsePerplexities(options.morePerplexities));
    for (double& perplexity : weighing.perplexities)
        perplexity = possible(perplexity, n, diagnostics);
    options.perplexity = possible(options.perplexity, n, diagnostics);
    weighing.perplexities.insert(weighing.perplexities.begin(), options.perplexity);
    EMBEDSCOPE_TRY_ASSIGN(
        const std::vector<std::int32_t> groups, groupsOf(*prepared.dataset, options, diagnostics));
    weighing.groups = groups;
    weighing.groupWeight = options.superviseWeight;

    const double largest
        = *std::max_element(weighing.perplexities.begin(), weighing.perplexities.end());
    const Index k = std::min(n - 1, static_cast<Index>(std::ceil(3 * largest)));
    if (k < 1) {
        Affinities none;
        none.starts.assign(static_cast<std::size_t>(n) + 1, 0);
        return none;
    }
    auto start = Clock::now();
    EMBEDSCOPE_TRY_ASSIGN(const auto neighbors,
        workbench.graph(prepared, graphRequest(options, k, n), progress.part(0, 0.9)));
    diagnostics.seconds.emplace_back("neighbors", secondsSince(start));
    recipe.graphRecall = neighbors->recall;
    options.search = neighbors->isExact ? "exact" : "approximate";
    options.graphNeighbors = static_cast<double>(neighbors->k);
    start = Clock::now();
    auto affinities = findAffinities(*neighbors, k, weighing, progress.part(0.9, 1));
    diagnostics.seconds.emplace_back("affinities", secondsSince(start));
    return affinities;
}

} // namespace

Result<std::unique_ptr<Projection>> startTsne(Workbench& workbench,
    const ProjectionRequest& request, const ParameterValues& values, const Progress& progress)
{
    TsneOptions options = tsneOptions(values);
    EMBEDSCOPE_TRY_ASSIGN(auto changes, parseChanges(options.exaggerationChanges));
    Recipe recipe;
    Diagnostics diagnostics;
    const auto dataset = workbench.dataset();
    EMBEDSCOPE_TRY_ASSIGN(const auto prepared,
        workbench.points(
            preparationFor(*dataset, request, options, kWidest), progress.part(0, 0.2)));
    prepared->describe(request, recipe, diagnostics);
    recipe.metric = options.metric;
    const Index n = prepared->points.rows();
    EMBEDSCOPE_TRY_ASSIGN(
        TsneStart start, tsneStart(*prepared, request, options, progress.part(0.2, 0.3)));
    EMBEDSCOPE_TRY_ASSIGN(Affinities affinities,
        affinitiesOf(workbench, *prepared, options, recipe, diagnostics, progress.part(0.3, 1)));

    if (!options.earlyIterations)
        options.earlyIterations = start.isMap ? 0 : kEarlyIterations;
    if (!options.learningRate)
        options.learningRate = static_cast<double>(n) / 12;
    const bool isExact = isRepulsionExact(n, request.dimensions, engineOf(options));
    options.repulsion = isExact ? "exact" : "grid";
    if (request.start)
        diagnostics.notes.push_back(
            "The run started from another map (" + summary(request.start->recipe) + ").");

    DescentOptions descent;
    descent.learningRate = *options.learningRate;
    descent.earlyExaggeration = options.earlyExaggeration;
    descent.earlyIterations = static_cast<int>(*options.earlyIterations);
    descent.exaggeration = options.exaggeration;
    descent.momentum = options.momentum;
    descent.degreesOfFreedom = options.degreesOfFreedom;
    descent.engine = engineOf(options);
    return std::unique_ptr<Projection>(
        new TsneRun(prepared, TsneOptimizer(std::move(affinities), start.places, descent),
            std::move(options), std::move(changes), std::move(recipe), std::move(diagnostics)));
}

double estimateTsneSeconds(
    Index n, Index d, const ProjectionRequest& request, const ParameterValues& values)
{
    const TsneOptions options = tsneOptions(values);
    const auto points = static_cast<double>(n);
    const double entries = points * std::min(points, 4.5 * options.perplexity);
    const double wide = std::min(static_cast<double>(d), static_cast<double>(kWidest));
    const double graph = std::min(points * points * (wide + 20) * 1.2e-11,
        points * (3 * options.perplexity + 60) * (wide + 20) * 5e-9);
    const bool isExact = isRepulsionExact(n, request.dimensions, engineOf(options));
    const double perPoint = request.dimensions == 2 ? 1e-7 : 5e-7;
    const double repulsion = isExact ? points * points * 6e-11 : 2e-4 + points * perPoint;
    const double iteration = entries * 7e-10 + repulsion;
    return graph + static_cast<double>(options.iterations) * iteration;
}

} // namespace embedscope
