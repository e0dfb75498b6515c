#include "core/analysis/quality.h"

#include "core/analysis/compared_space.h"
#include "core/analysis/neighborhood_scan.h"
#include "core/analysis/rank_correlation.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kTrustNeighbors = 12;
constexpr Index kManyNeighbors = 50;
constexpr Index kFewNeighbors = 10;
constexpr Index kFewestPoints = 4;
constexpr Index kRowsPerBlock = 256;

/// What one examined row adds to the sums.
struct RowFigures
{
    double falseNeighbors = 0; ///< Sum of how far beyond k their true ranks are.
    double tornNeighbors = 0; ///< The same of their ranks on the map.
    double recall10 = 0;
    double recall50 = 0;
};

double penalty(const std::uint32_t* ranks, Index k)
{
    double sum = 0;
    for (Index i = 0; i < k; ++i)
        sum += static_cast<double>(std::max<Index>(0, static_cast<Index>(ranks[i]) - k));
    return sum;
}

/// Share of the first k that both have. k <= kManyNeighbors
double shared(const PointId* a, const PointId* b, Index k)
{
    std::array<PointId, kManyNeighbors> first;
    std::array<PointId, kManyNeighbors> second;
    std::array<PointId, kManyNeighbors> both;
    std::copy_n(a, k, first.begin());
    std::copy_n(b, k, second.begin());
    std::sort(first.begin(), first.begin() + k);
    std::sort(second.begin(), second.begin() + k);
    const auto end = std::set_intersection(
        first.begin(), first.begin() + k, second.begin(), second.begin() + k, both.begin());
    return static_cast<double>(end - both.begin()) / static_cast<double>(k);
}

/// The first `count` of each row of a table of `width` columns.
std::vector<PointId> firstOfEach(const std::vector<PointId>& table, Index width, Index count)
{
    std::vector<PointId> first;
    first.reserve(table.size() / static_cast<std::size_t>(width) * static_cast<std::size_t>(count));
    for (auto row = table.begin(); row != table.end(); row += width)
        first.insert(first.end(), row, row + count);
    return first;
}

/// k as far as a table of n rows allows.
struct Neighborhoods
{
    explicit Neighborhoods(Index n)
        : trust(std::min(kTrustNeighbors, (n - 1) / 2))
        , few(std::min(kFewNeighbors, n - 1))
        , many(std::min(kManyNeighbors, n - 1))
    {
    }
    Index trust; ///< The normaliser of trustworthiness wants k < n / 2.
    Index few;
    Index many;
};

/// The figures of the examined rows (which count within the spaces).
Result<std::vector<RowFigures>> compareNeighborhoods(const ComparedSpace& full,
    const ComparedSpace& map, const std::vector<PointId>& examined, const Neighborhoods& k,
    const Progress& progress)
{
    // First who is near on the map, then, in one pass over the full space, who is near there and
    // which ranks the neighbours on the map have, then the other way round.
    ScanRequest onMap{examined, k.many, 0, {}};
    EMBEDSCOPE_TRY_ASSIGN(
        const ScanAnswer shown, scanNeighborhoods(map, onMap, progress.part(0, 0.1)));
    ScanRequest inFull{examined, k.many, k.trust, firstOfEach(shown.neighbors, k.many, k.trust)};
    EMBEDSCOPE_TRY_ASSIGN(
        const ScanAnswer truth, scanNeighborhoods(full, inFull, progress.part(0.1, 0.9)));
    ScanRequest again{examined, 0, k.trust, firstOfEach(truth.neighbors, k.many, k.trust)};
    EMBEDSCOPE_TRY_ASSIGN(
        const ScanAnswer torn, scanNeighborhoods(map, again, progress.part(0.9, 1)));

    std::vector<RowFigures> figures(examined.size());
    parallelBlocks(
        static_cast<Index>(examined.size()), kRowsPerBlock, [&](Index, Index begin, Index end) {
            for (Index e = begin; e < end; ++e) {
                RowFigures& own = figures[static_cast<std::size_t>(e)];
                own.falseNeighbors = penalty(truth.ranks.data() + e * k.trust, k.trust);
                own.tornNeighbors = penalty(torn.ranks.data() + e * k.trust, k.trust);
                const PointId* near = truth.neighbors.data() + e * k.many;
                const PointId* besides = shown.neighbors.data() + e * k.many;
                own.recall10 = shared(near, besides, k.few);
                own.recall50 = shared(near, besides, k.many);
            }
        });
    return figures;
}

void summarize(const std::vector<RowFigures>& figures, Index k, LayoutQuality& quality)
{
    const auto m = static_cast<double>(figures.size());
    const auto n = static_cast<double>(quality.points);
    const auto kk = static_cast<double>(k);
    const double worst = kk * (2 * n - 3 * kk - 1) / 2; // Of one row.
    RowFigures sum;
    for (const RowFigures& own : figures) {
        sum.falseNeighbors += own.falseNeighbors;
        sum.tornNeighbors += own.tornNeighbors;
        sum.recall10 += own.recall10;
        sum.recall50 += own.recall50;
        quality.trustworthinessOfRow.push_back(static_cast<float>(1 - own.falseNeighbors / worst));
        quality.recall10OfRow.push_back(static_cast<float>(own.recall10));
    }
    quality.trustworthiness12 = 1 - sum.falseNeighbors / (worst * m);
    quality.continuity12 = 1 - sum.tornNeighbors / (worst * m);
    quality.recall10 = sum.recall10 / m;
    quality.recall50 = sum.recall50 / m;
}

/// Share of the variance on the shown axes: which they are stands in the recipe.
std::optional<double> varianceOfRun(const Layout& layout)
{
    const auto& shares = layout.diagnostics.explainedVariance;
    if (shares.empty())
        return std::nullopt;
    double sum = 0;
    constexpr std::array<std::string_view, 3> axes{"component_x", "component_y", "component_z"};
    for (std::size_t a = 0; a < static_cast<std::size_t>(layout.dimensions()) && a < 3; ++a) {
        std::size_t component = a;
        if (const ParameterValue* value = findValue(layout.recipe.parameters, axes[a])) {
            if (const auto* number = std::get_if<std::int64_t>(value))
                component = static_cast<std::size_t>(*number - 1);
        }
        sum += component < shares.size() ? shares[component] : 0;
    }
    return sum;
}

bool isOn(const Recipe& recipe, std::string_view parameter, bool standard)
{
    const ParameterValue* value = findValue(recipe.parameters, parameter);
    const bool* own = value != nullptr ? std::get_if<bool>(value) : nullptr;
    return own != nullptr ? *own : standard;
}

/// The same of places that were read from a file: their variance as a share of the table's.
std::optional<double> varianceOfPlaces(
    const ComparedSpace& full, const Layout& layout, const std::vector<PointId>& rows)
{
    const Recipe& recipe = layout.recipe;
    const bool isPlain = recipe.method == "pca" && recipe.metric == "euclidean"
        && isOn(recipe, "center", true) && !isOn(recipe, "whiten", false);
    double whole = 0;
    for (const float square : full.squares())
        whole += static_cast<double>(square);
    if (!isPlain || !(whole > 0))
        return std::nullopt;
    double shown = 0;
    for (Index a = 0; a < layout.positions.columns(); ++a) {
        double mean = 0;
        for (const PointId row : rows)
            mean += static_cast<double>(layout.positions(row, a));
        mean /= static_cast<double>(rows.size());
        for (const PointId row : rows) {
            const double step = static_cast<double>(layout.positions(row, a)) - mean;
            shown += step * step;
        }
    }
    return std::min(1.0, shown * full.unit() / whole);
}

} // namespace

Result<LayoutQuality> measureQuality(const Dataset& dataset, const Layout& layout,
    const QualityOptions& options, const Progress& progress)
{
    if (layout.size() != dataset.size()) {
        return Error{ErrorCode::InvalidArgument,
            "the layout has " + formatCount(layout.size()) + " rows and the table "
                + formatCount(dataset.size()),
            {}, {}, {}};
    }
    if (options.sampleSize < 1) {
        return Error{ErrorCode::InvalidArgument,
            "a sample has at least 1 row, not " + std::to_string(options.sampleSize), {}, {}, {}};
    }
    const std::vector<PointId> rows = ComparedSpace::sharedRows(dataset, layout);
    const auto n = static_cast<Index>(rows.size());
    LayoutQuality quality;
    quality.method = layout.recipe.method;
    quality.dimensions = layout.dimensions();
    quality.metric = layout.recipe.metric;
    quality.points = n;
    quality.seed = options.seed;
    quality.klDivergence = layout.diagnostics.klDivergence;
    quality.explainedVariance = varianceOfRun(layout);
    if (n < kFewestPoints)
        return quality;

    EMBEDSCOPE_TRY_ASSIGN(
        const ComparedSpace full, ComparedSpace::full(dataset, layout.recipe, rows, progress));
    EMBEDSCOPE_TRY_ASSIGN(
        const ComparedSpace map, ComparedSpace::map(layout.positions, rows, progress));
    if (!quality.explainedVariance)
        quality.explainedVariance = varianceOfPlaces(full, layout, rows);
    Random random(options.seed);
    quality.isSampled = n > options.exactUpTo && options.sampleSize < n;
    const std::vector<PointId> examined
        = random.sample(n, quality.isSampled ? options.sampleSize : n);
    quality.examined = static_cast<Index>(examined.size());

    const Neighborhoods k(n);
    EMBEDSCOPE_TRY_ASSIGN(const std::vector<RowFigures> figures,
        compareNeighborhoods(full, map, examined, k, progress.part(0, 0.9)));
    for (const PointId row : examined)
        quality.rows.push_back(rows[row]);
    summarize(figures, k.trust, quality);
    progress.report("Comparing distances", 0.9);
    EMBEDSCOPE_TRY_ASSIGN(
        quality.spearman, distanceCorrelation(full, map, random, progress.part(0.9, 1)));
    progress.report("Comparing distances", 1);
    return quality;
}

Columns qualityColumns(const LayoutQuality& quality, Index rows)
{
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    NumberValues trust{std::vector<double>(static_cast<std::size_t>(rows), missing)};
    NumberValues kept = trust;
    for (std::size_t i = 0; i < quality.rows.size(); ++i) {
        trust.values[quality.rows[i]] = static_cast<double>(quality.trustworthinessOfRow[i]);
        kept.values[quality.rows[i]] = static_cast<double>(quality.recall10OfRow[i]);
    }
    Columns columns;
    columns.emplace_back(std::string(kTrustColumn), std::move(trust));
    columns.emplace_back(std::string(kKeptColumn), std::move(kept));
    return columns;
}

} // namespace embedscope
