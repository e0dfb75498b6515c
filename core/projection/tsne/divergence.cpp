#include "core/projection/tsne/divergence.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/projection/coordinates.h"
#include "core/projection/graph_options.h"
#include "core/projection/tsne/affinities.h"
#include "core/projection/tsne/student_sums.h"
#include "core/projection/tsne/tsne_options.h"
#include "core/projection/workbench.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace embedscope {

namespace {

constexpr double kPowerCost = 20; ///< Of a pair under another kernel than Student's t.
constexpr Index kColumnsPerSum = 4096; ///< Places summed in float32.
constexpr Index kPairsPerBlock = Index{1} << 22; ///< About a millisecond.
constexpr Index kRowsPerBlock = 1024;
constexpr Index kFewestExamined = 2000;

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

/// (1 + s / a)^-a of the squared distance s, with a degrees of freedom.
double kernelSum(
    const Coordinates& places, const float* place, Index from, Index count, double freedom)
{
    const int dims = places.dimensions();
    if (freedom == 1) {
        return studentSum(
            place, places.axis(0) + from, places.paddedSize(), static_cast<Index>(dims), count);
    }
    double sum = 0;
    for (Index i = from; i < from + count; ++i) {
        double square = 0;
        for (int a = 0; a < dims; ++a) {
            const double step = static_cast<double>(places.axis(a)[i]) - place[a];
            square += step * step;
        }
        sum += std::pow(1 + square / freedom, -freedom);
    }
    return sum;
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

/// Sum of the kernel over all ordered pairs i != j, or its estimate from the examined rows.
std::optional<double> normalizer(const Coordinates& places, const std::vector<PointId>& examined,
    double freedom, const Progress& progress)
{
    const Index n = places.size();
    const Index dims = places.dimensions();
    const Index m = static_cast<Index>(examined.size());
    const Index perBlock = std::max<Index>(1, kPairsPerBlock / n);
    std::vector<double> sums(static_cast<std::size_t>(blockCount(m, perBlock)));
    parallelBlocks(m, perBlock, [&](Index block, Index begin, Index end) {
        std::vector<float> place(static_cast<std::size_t>(dims));
        double sum = 0;
        for (Index e = begin; e < end && !progress.stopRequested(); ++e) {
            for (Index a = 0; a < dims; ++a)
                place[static_cast<std::size_t>(a)]
                    = places.axis(static_cast<int>(a))[examined[static_cast<std::size_t>(e)]];
            for (Index from = 0; from < n; from += kColumnsPerSum) {
                if (progress.stopRequested())
                    return;
                sum += kernelSum(
                    places, place.data(), from, std::min(kColumnsPerSum, n - from), freedom);
            }
            sum -= 1; // The point itself.
        }
        sums[static_cast<std::size_t>(block)] = sum;
    });
    if (progress.stopRequested())
        return std::nullopt;
    return std::accumulate(sums.begin(), sums.end(), 0.0) * static_cast<double>(n)
        / static_cast<double>(m);
}

/// Sum of -p_ij log w_ij, and of p_ij.
std::optional<std::pair<double, double>> attraction(const Affinities& affinities,
    const Coordinates& places, double freedom, const Progress& progress)
{
    const Index n = places.size();
    std::vector<std::pair<double, double>> sums(
        static_cast<std::size_t>(blockCount(n, kRowsPerBlock)));
    parallelBlocks(n, kRowsPerBlock, [&](Index block, Index begin, Index end) {
        auto& [sum, whole] = sums[static_cast<std::size_t>(block)];
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const auto last
                = static_cast<std::size_t>(affinities.starts[static_cast<std::size_t>(i) + 1]);
            for (auto at = static_cast<std::size_t>(affinities.starts[static_cast<std::size_t>(i)]);
                 at < last; ++at) {
                double square = 0;
                for (int a = 0; a < places.dimensions(); ++a) {
                    const double step = static_cast<double>(places.axis(a)[i])
                        - places.axis(a)[affinities.ids[at]];
                    square += step * step;
                }
                sum += static_cast<double>(affinities.values[at]) * freedom
                    * std::log1p(square / freedom);
                whole += static_cast<double>(affinities.values[at]);
            }
        }
    });
    if (progress.stopRequested())
        return std::nullopt;
    std::pair<double, double> total{0, 0};
    for (const auto& [sum, whole] : sums) {
        total.first += sum;
        total.second += whole;
    }
    return total;
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
    result.examined = n;
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

    const double freedom = own.degreesOfFreedom;
    if (n > options.exactUpTo) {
        const double pairs = options.mostPairs / (freedom == 1 ? 1 : kPowerCost);
        const auto affordable = static_cast<Index>(pairs / static_cast<double>(n));
        result.examined = std::min(n, std::max(kFewestExamined, affordable));
        result.isSampled = result.examined < n;
    }
    progress.report("Summing over pairs", 0.7);
    Random random(options.seed);
    const auto z = normalizer(places, random.sample(n, result.examined), freedom, progress);
    const auto pull = z ? attraction(affinities, places, freedom, progress) : std::nullopt;
    if (!pull)
        return stoppedError();
    result.kl = affinities.sumPLogP + pull->first + pull->second * std::log(*z);
    progress.report("Summing over pairs", 1);
    return result;
}

} // namespace embedscope
