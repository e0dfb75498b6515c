#include "core/analysis/rank_correlation.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace embedscope {

namespace {

constexpr Index kPairs = 1000000;
constexpr Index kAllPairsUpTo = 1500;
constexpr Index kSortedAtOnce = Index{1} << 15;
constexpr Index kValuesPerBlock = Index{1} << 18;

using Entry = std::pair<double, std::uint32_t>;

/// Merges neighbouring sorted runs until one is left.
bool sortEntries(std::vector<Entry>& entries, const Progress& progress)
{
    const Index n = static_cast<Index>(entries.size());
    parallelBlocks(n, kSortedAtOnce, [&](Index, Index begin, Index end) {
        if (!progress.stopRequested())
            std::sort(entries.begin() + begin, entries.begin() + end);
    });
    std::vector<Entry> merged(entries.size());
    for (Index run = kSortedAtOnce; run < n && !progress.stopRequested(); run *= 2) {
        parallelBlocks(n, 2 * run, [&](Index, Index begin, Index end) {
            const auto middle = entries.begin() + std::min(begin + run, end);
            std::merge(entries.begin() + begin, middle, middle, entries.begin() + end,
                merged.begin() + begin);
        });
        std::swap(entries, merged);
    }
    return !progress.stopRequested();
}

/// Replaces the values by their ranks, from 0; ties share their mean rank.
bool toRanks(std::vector<double>& values, const Progress& progress)
{
    std::vector<Entry> entries(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        entries[i] = {values[i], static_cast<std::uint32_t>(i)};
    if (!sortEntries(entries, progress))
        return false;
    for (std::size_t i = 0; i < entries.size();) {
        std::size_t j = i;
        while (j < entries.size() && entries[j].first == entries[i].first)
            ++j;
        for (std::size_t t = i; t < j; ++t)
            values[entries[t].second] = static_cast<double>(i + j - 1) / 2;
        i = j;
    }
    return true;
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

std::vector<std::pair<PointId, PointId>> comparedPairs(Index n, Random& random)
{
    std::vector<std::pair<PointId, PointId>> pairs;
    if (n <= kAllPairsUpTo) {
        pairs.reserve(static_cast<std::size_t>(n * (n - 1) / 2));
        for (PointId i = 0; i < n; ++i) {
            for (PointId j = i + 1; j < n; ++j)
                pairs.emplace_back(i, j);
        }
        return pairs;
    }
    pairs.reserve(static_cast<std::size_t>(kPairs));
    while (static_cast<Index>(pairs.size()) < kPairs) {
        const auto i = static_cast<PointId>(random.below(static_cast<std::uint64_t>(n)));
        const auto j = static_cast<PointId>(random.below(static_cast<std::uint64_t>(n)));
        if (i != j)
            pairs.emplace_back(i, j);
    }
    return pairs;
}

} // namespace

Result<double> rankCorrelation(
    std::vector<double> a, std::vector<double> b, const Progress& progress)
{
    if (!toRanks(a, progress) || !toRanks(b, progress))
        return stoppedError();
    return correlation(a, b);
}

Result<double> distanceCorrelation(
    const ComparedSpace& full, const ComparedSpace& map, Random& random, const Progress& progress)
{
    const auto pairs = comparedPairs(full.size(), random);
    std::vector<double> high(pairs.size());
    std::vector<double> low(pairs.size());
    const Index perBlock = std::clamp<Index>(kValuesPerBlock / full.dimensions(), 1, 8192);
    parallelBlocks(static_cast<Index>(pairs.size()), perBlock, [&](Index, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        for (Index p = begin; p < end; ++p) {
            const auto [i, j] = pairs[static_cast<std::size_t>(p)];
            high[static_cast<std::size_t>(p)] = full.value(i, j);
            low[static_cast<std::size_t>(p)] = map.value(i, j);
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    return rankCorrelation(std::move(high), std::move(low), progress);
}

} // namespace embedscope
