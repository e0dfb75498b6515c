#include "core/projection/tsne/affinities.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 256;
constexpr int kMaxSteps = 200;
constexpr double kTolerance = 1e-7; ///< On the entropy, in nats.
/// Smaller probabilities say nothing and would only slow the processor down as denormals.
constexpr float kSmallest = 1e-30F;

/// The neighbours the other way round: for each point, who counts it among its own.
struct Transposed
{
    std::vector<Index> starts;
    std::vector<PointId> ids; ///< Ascending within a row.
    std::vector<float> values;
};

Transposed transposed(
    const NeighborTable& neighbors, Index k, const std::vector<float>& conditional)
{
    const Index n = neighbors.size();
    Transposed result;
    result.starts.assign(static_cast<std::size_t>(n) + 1, 0);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < k; ++j)
            ++result.starts[neighbors.idsOf(i)[j] + 1];
    }
    std::partial_sum(result.starts.begin(), result.starts.end(), result.starts.begin());
    std::vector<Index> next(result.starts.begin(), result.starts.end() - 1);
    result.ids.resize(conditional.size());
    result.values.resize(conditional.size());
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < k; ++j) {
            const auto to = static_cast<std::size_t>(next[neighbors.idsOf(i)[j]]++);
            result.ids[to] = static_cast<PointId>(i);
            result.values[to] = conditional[static_cast<std::size_t>(i * k + j)];
        }
    }
    return result;
}

using Entry = std::pair<PointId, float>;

/// One row of P + P^T, not yet divided: own neighbours and those that have it as theirs, merged.
void mergeRow(std::vector<Entry>& own, const Transposed& back, Index i, std::vector<Entry>& merged)
{
    std::sort(own.begin(), own.end());
    merged.clear();
    auto from = own.begin();
    for (Index at = back.starts[static_cast<std::size_t>(i)];
         at < back.starts[static_cast<std::size_t>(i + 1)]; ++at) {
        const PointId id = back.ids[static_cast<std::size_t>(at)];
        float value = back.values[static_cast<std::size_t>(at)];
        for (; from != own.end() && from->first < id; ++from)
            merged.push_back(*from);
        if (from != own.end() && from->first == id)
            value += (from++)->second;
        merged.emplace_back(id, value);
    }
    merged.insert(merged.end(), from, own.end());
}

Index padded(Index count)
{
    return (count + Affinities::kPadding - 1) / Affinities::kPadding * Affinities::kPadding;
}

} // namespace

double conditionalProbabilities(
    std::span<const float> distances, double perplexity, std::span<double> probabilities)
{
    const std::size_t k = distances.size();
    const double nearest = *std::min_element(distances.begin(), distances.end());
    const double farthest = *std::max_element(distances.begin(), distances.end());
    // Differences of squares around the nearest: no overflow, and the largest weight is 1.
    const double unit = farthest > 0 ? 1 / farthest : 0;
    const auto excess = [&](std::size_t j) {
        const double r = distances[j] * unit;
        return r * r - nearest * unit * nearest * unit;
    };
    double mean = 0;
    for (std::size_t j = 0; j < k; ++j)
        mean += excess(j) / static_cast<double>(k);
    const double wanted = std::log(perplexity);
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    double beta = mean > 0 ? 1 / mean : 1;
    double entropy = 0;
    for (int step = 0; step < kMaxSteps; ++step) {
        double sum = 0;
        double first = 0;
        double second = 0;
        for (std::size_t j = 0; j < k; ++j) {
            const double e = excess(j);
            const double weight = std::exp(-beta * e);
            probabilities[j] = weight;
            sum += weight;
            first += weight * e;
            second += weight * e * e;
        }
        first /= sum;
        second /= sum;
        entropy = std::log(sum) + beta * first;
        for (std::size_t j = 0; j < k; ++j)
            probabilities[j] /= sum;
        const double gap = entropy - wanted;
        if (std::abs(gap) < kTolerance || beta > 1e300)
            break;
        (gap > 0 ? low : high) = beta;
        // d entropy / d beta = -beta variance.
        const double slope = -beta * (second - first * first);
        double next = slope < 0 ? beta - gap / slope : 0;
        if (!(next > low && next < high))
            next = std::isinf(high) ? 2 * beta : (low + high) / 2;
        beta = next;
    }
    return std::exp(entropy);
}

Result<Affinities> findAffinities(
    const NeighborTable& neighbors, Index k, double perplexity, const Progress& progress)
{
    const Index n = neighbors.size();
    progress.report("Weighing neighbours", 0);
    std::vector<float> conditional(static_cast<std::size_t>(n * k));
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        std::vector<double> row(static_cast<std::size_t>(k));
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            conditionalProbabilities(
                {neighbors.valuesOf(i), static_cast<std::size_t>(k)}, perplexity, row);
            std::copy(row.begin(), row.end(), conditional.begin() + i * k);
        }
    });
    if (progress.stopRequested())
        return stoppedError();

    progress.report("Weighing neighbours", 0.6);
    const Transposed back = transposed(neighbors, k, conditional);
    const auto ownEntries = [&](Index i, std::vector<Entry>& own) {
        own.clear();
        for (Index j = 0; j < k; ++j)
            own.emplace_back(
                neighbors.idsOf(i)[j], conditional[static_cast<std::size_t>(i * k + j)]);
    };
    // Merged twice, to count and to write: cheaper than keeping the rows apart meanwhile.
    Affinities result;
    result.starts.assign(static_cast<std::size_t>(n) + 1, 0);
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        std::vector<Entry> own;
        std::vector<Entry> merged;
        for (Index i = begin; i < end; ++i) {
            ownEntries(i, own);
            mergeRow(own, back, i, merged);
            result.starts[static_cast<std::size_t>(i) + 1]
                = padded(static_cast<Index>(merged.size()));
        }
    });
    std::partial_sum(result.starts.begin(), result.starts.end(), result.starts.begin());
    result.ids.resize(static_cast<std::size_t>(result.starts.back()));
    result.values.resize(result.ids.size());
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, kRowsPerBlock)));
    const float share = 1 / (2 * static_cast<float>(n));
    parallelBlocks(n, kRowsPerBlock, [&](Index block, Index begin, Index end) {
        std::vector<Entry> own;
        std::vector<Entry> merged;
        double sum = 0;
        for (Index i = begin; i < end; ++i) {
            ownEntries(i, own);
            mergeRow(own, back, i, merged);
            merged.resize(static_cast<std::size_t>(padded(static_cast<Index>(merged.size()))),
                {static_cast<PointId>(i), 0.0F});
            auto at = static_cast<std::size_t>(result.starts[static_cast<std::size_t>(i)]);
            for (const auto& [id, value] : merged) {
                const float p = value * share > kSmallest ? value * share : 0;
                if (p > 0)
                    sum += static_cast<double>(p) * std::log(static_cast<double>(p));
                result.ids[at] = id;
                result.values[at++] = p;
            }
        }
        sums[static_cast<std::size_t>(block)] = sum;
    });
    result.sumPLogP = std::accumulate(sums.begin(), sums.end(), 0.0);
    progress.report("Weighing neighbours", 1);
    return result;
}

} // namespace embedscope
