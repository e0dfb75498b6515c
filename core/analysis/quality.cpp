#include "core/analysis/quality.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/neighbors/row_kernels.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kTrustNeighbors = 12;
constexpr Index kManyNeighbors = 50;
constexpr Index kFewNeighbors = 10;
constexpr Index kPairs = 1000000;
constexpr Index kAllPairsUpTo = 1500;
constexpr Index kRowsPerBlock = 4;

/// The k nearest of one row, by its distances to all (its own set to infinity): nearest first, ties
/// by id.
void nearest(const std::vector<double>& distances, Index k, std::vector<PointId>& ids)
{
    const auto closer = [&](PointId a, PointId b) {
        return distances[a] != distances[b] ? distances[a] < distances[b] : a < b;
    };
    // A heap with the farthest of the k on top: most rows are dismissed by one comparison.
    ids.clear();
    for (PointId i = 0; i < distances.size(); ++i) {
        if (static_cast<Index>(ids.size()) < k) {
            ids.push_back(i);
            std::push_heap(ids.begin(), ids.end(), closer);
        } else if (distances[i] < distances[ids.front()]) {
            std::pop_heap(ids.begin(), ids.end(), closer);
            ids.back() = i;
            std::push_heap(ids.begin(), ids.end(), closer);
        }
    }
    std::sort_heap(ids.begin(), ids.end(), closer);
}

/// Rank, from 1, that `id` has among all by those distances.
Index rankOf(PointId id, const std::vector<double>& distances)
{
    const double limit = distances[id];
    Index before = 0;
    for (const double d : distances)
        before += d < limit ? 1 : 0;
    for (PointId i = 0; i < id; ++i)
        before += distances[i] == limit ? 1 : 0;
    return before + 1;
}

/// Sum of how far beyond k the ranks of those neighbours are in the other space.
double penalty(const std::vector<PointId>& neighbors, Index k, const std::vector<double>& other)
{
    double sum = 0;
    for (Index i = 0; i < k; ++i)
        sum += static_cast<double>(
            std::max<Index>(0, rankOf(neighbors[static_cast<std::size_t>(i)], other) - k));
    return sum;
}

double shared(const std::vector<PointId>& a, const std::vector<PointId>& b, Index k)
{
    std::array<PointId, kManyNeighbors> first;
    std::array<PointId, kManyNeighbors> second;
    std::array<PointId, kManyNeighbors> both;
    std::copy_n(a.begin(), k, first.begin());
    std::copy_n(b.begin(), k, second.begin());
    std::sort(first.begin(), first.begin() + k);
    std::sort(second.begin(), second.begin() + k);
    const auto end = std::set_intersection(
        first.begin(), first.begin() + k, second.begin(), second.begin() + k, both.begin());
    return static_cast<double>(end - both.begin()) / static_cast<double>(k);
}

double squaredDistance(MatrixView points, Index i, Index j)
{
    double sum = 0;
    for (Index a = 0; a < points.columns(); ++a) {
        const double step = static_cast<double>(points(i, a)) - static_cast<double>(points(j, a));
        sum += step * step;
    }
    return sum;
}

void squaredDistancesTo(MatrixView points, Index row, std::vector<double>& distances)
{
    const auto query = points.rowSpan(row);
    const std::vector<double> wide(query.begin(), query.end());
    rowSquaredDistances(
        points.data(), points.rows(), points.columns(), wide.data(), distances.data());
}

/// What one examined row adds to the sums.
struct RowFigures
{
    double falseNeighbors = 0;
    double tornNeighbors = 0;
    double recall10 = 0;
    double recall50 = 0;
};

/// Ranks of the values, from 0; ties share their mean rank.
std::vector<double> ranks(const std::vector<double>& values)
{
    std::vector<std::uint32_t> order(values.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
        [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
    std::vector<double> result(values.size());
    for (std::size_t i = 0; i < order.size();) {
        std::size_t j = i;
        while (j < order.size() && values[order[j]] == values[order[i]])
            ++j;
        for (std::size_t t = i; t < j; ++t)
            result[order[t]] = static_cast<double>(i + j - 1) / 2;
        i = j;
    }
    return result;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b)
{
    const auto n = static_cast<double>(a.size());
    const double meanA = std::accumulate(a.begin(), a.end(), 0.0) / n;
    const double meanB = std::accumulate(b.begin(), b.end(), 0.0) / n;
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += (a[i] - meanA) * (b[i] - meanB);
        aa += (a[i] - meanA) * (a[i] - meanA);
        bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double spearmanOfDistances(MatrixView full, MatrixView flat, Random& random)
{
    const Index n = full.rows();
    std::vector<std::pair<PointId, PointId>> pairs;
    if (n <= kAllPairsUpTo) {
        for (PointId i = 0; i < n; ++i) {
            for (PointId j = i + 1; j < n; ++j)
                pairs.emplace_back(i, j);
        }
    } else {
        while (static_cast<Index>(pairs.size()) < kPairs) {
            const auto i = static_cast<PointId>(random.below(static_cast<std::uint64_t>(n)));
            const auto j = static_cast<PointId>(random.below(static_cast<std::uint64_t>(n)));
            if (i != j)
                pairs.emplace_back(i, j);
        }
    }
    std::vector<double> high(pairs.size());
    std::vector<double> low(pairs.size());
    parallelBlocks(static_cast<Index>(pairs.size()), 8192, [&](Index, Index begin, Index end) {
        for (Index p = begin; p < end; ++p) {
            const auto [i, j] = pairs[static_cast<std::size_t>(p)];
            high[static_cast<std::size_t>(p)] = squaredDistance(full, i, j);
            low[static_cast<std::size_t>(p)] = squaredDistance(flat, i, j);
        }
    });
    return correlation(ranks(high), ranks(low));
}

/// The usable rows as one table of each space, row for row.
struct Spaces
{
    std::vector<PointId> rows; ///< In the dataset.
    Matrix fullCopy; ///< Empty where the dataset's own vectors serve.
    MatrixView full;
    Matrix flat;
};

Result<Spaces> spacesOf(const Dataset& dataset, const Layout& layout)
{
    Spaces spaces;
    for (PointId i = 0; i < dataset.size(); ++i) {
        if (dataset.isUsable(i) && std::isfinite(layout.positions(i, 0)))
            spaces.rows.push_back(i);
    }
    const auto n = static_cast<Index>(spaces.rows.size());
    EMBEDSCOPE_TRY_ASSIGN(spaces.flat, Matrix::allocate(n, layout.positions.columns()));
    for (Index r = 0; r < n; ++r) {
        std::copy_n(layout.positions.row(spaces.rows[static_cast<std::size_t>(r)]),
            layout.positions.columns(), spaces.flat.row(r));
    }
    const bool isUnit = layout.recipe.normalization == "unit";
    if (n == dataset.size() && !isUnit) {
        spaces.full = dataset.vectors();
        return spaces;
    }
    const Index d = dataset.dimensions();
    EMBEDSCOPE_TRY_ASSIGN(spaces.fullCopy, Matrix::allocate(n, d));
    for (Index r = 0; r < n; ++r) {
        const auto source = dataset.vectors().rowSpan(spaces.rows[static_cast<std::size_t>(r)]);
        double squares = 0;
        for (const float v : source)
            squares += static_cast<double>(v) * v;
        const double scale = isUnit && squares > 0 ? 1 / std::sqrt(squares) : 1;
        for (Index j = 0; j < d; ++j)
            spaces.fullCopy(r, j) = static_cast<float>(source[static_cast<std::size_t>(j)] * scale);
    }
    spaces.full = spaces.fullCopy;
    return spaces;
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
    EMBEDSCOPE_TRY_ASSIGN(const Spaces spaces, spacesOf(dataset, layout));
    const Index n = spaces.full.rows();
    LayoutQuality quality;
    quality.points = n;
    if (n < 4)
        return quality;

    Random random(options.seed);
    const bool isSampled = n > options.exactUpTo;
    const std::vector<PointId> examined
        = random.sample(n, isSampled ? std::min(options.sampleSize, n) : n);
    quality.examined = static_cast<Index>(examined.size());
    quality.isSampled = isSampled;

    // The normaliser of trustworthiness wants k < n / 2.
    const Index k = std::min<Index>(kTrustNeighbors, (n - 1) / 2);
    const Index many = std::min<Index>(kManyNeighbors, n - 1);
    const Index few = std::min<Index>(kFewNeighbors, n - 1);
    std::vector<RowFigures> figures(examined.size());
    std::atomic<Index> done{0};
    parallelBlocks(quality.examined, kRowsPerBlock, [&](Index, Index begin, Index end) {
        std::vector<double> high(static_cast<std::size_t>(n));
        std::vector<double> low(static_cast<std::size_t>(n));
        std::vector<PointId> trueOnes;
        std::vector<PointId> shown;
        for (Index e = begin; e < end && !progress.stopRequested(); ++e) {
            const PointId row = examined[static_cast<std::size_t>(e)];
            squaredDistancesTo(spaces.full, row, high);
            squaredDistancesTo(spaces.flat, row, low);
            high[row] = low[row] = std::numeric_limits<double>::infinity();
            nearest(high, many, trueOnes);
            nearest(low, many, shown);
            RowFigures& own = figures[static_cast<std::size_t>(e)];
            own.falseNeighbors = penalty(shown, k, high);
            own.tornNeighbors = penalty(trueOnes, k, low);
            own.recall10 = shared(trueOnes, shown, few);
            own.recall50 = shared(trueOnes, shown, many);
        }
        done += end - begin;
    });
    if (progress.stopRequested())
        return stoppedError();
    progress.report("Comparing neighbourhoods", 0.9);

    const auto m = static_cast<double>(quality.examined);
    const auto nn = static_cast<double>(n);
    const auto kk = static_cast<double>(k);
    const double worst = kk * (2 * nn - 3 * kk - 1) / 2; // Of one row.
    RowFigures sum;
    for (std::size_t e = 0; e < figures.size(); ++e) {
        sum.falseNeighbors += figures[e].falseNeighbors;
        sum.tornNeighbors += figures[e].tornNeighbors;
        sum.recall10 += figures[e].recall10;
        sum.recall50 += figures[e].recall50;
        quality.rows.push_back(spaces.rows[examined[e]]);
        quality.trustworthinessOfRow.push_back(
            static_cast<float>(1 - figures[e].falseNeighbors / worst));
        quality.recall10OfRow.push_back(static_cast<float>(figures[e].recall10));
    }
    quality.trustworthiness12 = 1 - sum.falseNeighbors / (worst * m);
    quality.continuity12 = 1 - sum.tornNeighbors / (worst * m);
    quality.recall10 = sum.recall10 / m;
    quality.recall50 = sum.recall50 / m;
    quality.spearman = spearmanOfDistances(spaces.full, spaces.flat, random);
    return quality;
}

std::string verdict(const LayoutQuality& quality)
{
    if (quality.points < 4)
        return "There are too few points for a word on the picture.";
    const auto kept = static_cast<int>(std::lround(quality.recall10 * 10));
    std::string text = std::to_string(kept)
        + (kept == 1 ? " of 10 nearest neighbours stays a neighbour"
                     : " of 10 nearest neighbours stay neighbours");
    if (quality.trustworthiness12 >= 0.95)
        text += "; points that lie together belong together";
    else if (quality.trustworthiness12 >= 0.85)
        text += "; most points that lie together belong together";
    else
        text += "; many points that lie together do not belong together";
    if (quality.spearman >= 0.8)
        text += "; distances between groups can be read.";
    else if (quality.spearman >= 0.5)
        text += "; distances between groups are a rough hint.";
    else
        text += "; distances between groups are not to be read.";
    return text;
}

} // namespace embedscope
