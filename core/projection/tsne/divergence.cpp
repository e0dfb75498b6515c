#include "core/projection/tsne/divergence.h"

#include "core/base/text.h"
#include "core/projection/coordinates.h"
#include "core/projection/graph_options.h"
#include "core/projection/tsne/affinities.h"
#include "core/projection/tsne/attraction.h"
#include "core/projection/tsne/repulsion.h"
#include "core/projection/tsne/tsne_options.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

Error misuse(std::string detail)
{
    return Error{ErrorCode::InvalidArgument, std::move(detail), {}, {}, {}};
}

double possible(double perplexity, Index n)
{
    return std::min(perplexity, std::max(1.0, static_cast<double>(n - 1) / 3));
}

/// How the recipe finds neighbours and weighs them; t-SNE's defaults for other methods.
TsneOptions optionsOf(const Recipe& recipe)
{
    TsneOptions options;
    if (recipe.method == "tsne")
        options = tsneOptions(recipe.parameters);
    options.metric = recipe.metric;
    return options;
}

/// The perplexities to take the mean over, the chief one first.
Result<std::vector<double>> perplexitiesOf(
    const TsneOptions& own, const DivergenceOptions& asked, Index n)
{
    std::vector<double> perplexities;
    if (!asked.perplexity) {
        EMBEDSCOPE_TRY_ASSIGN(perplexities, parsePerplexities(own.morePerplexities));
    }
    perplexities.insert(perplexities.begin(), asked.perplexity.value_or(own.perplexity));
    for (double& perplexity : perplexities)
        perplexity = possible(perplexity, n);
    return perplexities;
}

/// The places of the prepared rows, axis by axis.
Result<Coordinates> placesOf(const Layout& layout, const PreparedPoints& points)
{
    const Index dims = layout.positions.columns();
    Coordinates places(points.points.rows(), static_cast<int>(dims));
    Index row = 0;
    for (Index i = 0; i < layout.size(); ++i) {
        if (!points.dataset->isUsable(static_cast<PointId>(i)))
            continue;
        for (Index a = 0; a < dims; ++a) {
            const float place = layout.positions(i, a);
            if (!std::isfinite(place)) {
                return misuse("the layout has no place for row " + formatCount(i)
                    + ", and the KL divergence needs one for every usable row");
            }
            places.axis(static_cast<int>(a))[row] = place;
        }
        ++row;
    }
    return places;
}

} // namespace

Result<Divergence> findDivergence(Workbench& workbench, const Layout& layout,
    const DivergenceOptions& options, const Progress& progress)
{
    const auto dataset = workbench.dataset();
    if (layout.size() != dataset->size()) {
        return misuse("the layout has " + formatCount(layout.size()) + " rows and the table "
            + formatCount(dataset->size()));
    }
    const Recipe& recipe = layout.recipe;
    if (!metricFromId(recipe.metric)) {
        return misuse(
            "the recipe names a metric that is not known, \"" + printable(recipe.metric) + '"');
    }
    if (options.perplexity && !(*options.perplexity >= 1))
        return misuse("the perplexity must be 1 or more");
    Preparation preparation;
    preparation.normalization = recipe.metric == "cosine" ? "unit" : recipe.normalization;
    preparation.components = recipe.preprocessPca;
    EMBEDSCOPE_TRY_ASSIGN(
        const auto prepared, workbench.points(preparation, progress.part(0, 0.1)));
    EMBEDSCOPE_TRY_ASSIGN(const Coordinates places, placesOf(layout, *prepared));

    Divergence result;
    const Index n = places.size();
    result.points = n;
    const TsneOptions own = optionsOf(recipe);
    AffinityOptions weighing;
    EMBEDSCOPE_TRY_ASSIGN(weighing.perplexities, perplexitiesOf(own, options, n));
    result.perplexity = weighing.perplexities.front();
    if (n < 2)
        return result;
    const double largest
        = *std::max_element(weighing.perplexities.begin(), weighing.perplexities.end());
    const Index k = std::min(n - 1, static_cast<Index>(std::ceil(3 * largest)));
    EMBEDSCOPE_TRY_ASSIGN(const auto neighbors,
        workbench.graph(*prepared, graphRequest(own, k, n), progress.part(0.1, 0.6)));
    EMBEDSCOPE_TRY_ASSIGN(const Affinities affinities,
        findAffinities(*neighbors, k, weighing, progress.part(0.6, 0.7)));

    progress.report("Summing over pairs", 0.7);
    const double freedom = own.degreesOfFreedom;
    const auto repulsion
        = makeRepulsion(n, places.dimensions(), freedom, RepulsionEngine::Automatic);
    Coordinates forces(n, places.dimensions());
    const auto normalizer = repulsion->find(places, forces, progress);
    if (!normalizer)
        return stoppedError();
    result.kl = Attraction(n, freedom).klDivergence(affinities, places, *normalizer);
    progress.report("Summing over pairs", 1);
    return result;
}

} // namespace embedscope
