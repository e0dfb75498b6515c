#include "core/projection/umap/fuzzy_graph.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 256;
constexpr Index kRowsBetweenLooks = 1 << 15; ///< In serial loops over rows: a few milliseconds.
constexpr int kMaxSteps = 100;
constexpr double kTolerance = 1e-6; ///< On the sum of weights.
constexpr double kSmallestScale = 1e-3; ///< Of the mean distance.

/// The neighbours the other way round: for each point, who counts it among its own.
struct Reverse
{
    std::vector<Index> starts;
    std::vector<PointId> ids; ///< Ascending within a row.
    std::vector<float> weights;
};

Result<Reverse> reversed(const NeighborTable& neighbors, Index k, const std::vector<float>& weights,
    const Progress& progress)
{
    const Index n = neighbors.size();
    Reverse reverse;
    reverse.starts.assign(static_cast<std::size_t>(n) + 1, 0);
    for (Index i = 0; i < n; ++i) {
        if (i % kRowsBetweenLooks == 0 && progress.stopRequested())
            return stoppedError();
        for (Index j = 0; j < k; ++j)
            ++reverse.starts[neighbors.idsOf(i)[j] + 1];
    }
    std::partial_sum(reverse.starts.begin(), reverse.starts.end(), reverse.starts.begin());
    std::vector<Index> next(reverse.starts.begin(), reverse.starts.end() - 1);
    reverse.ids.resize(weights.size());
    reverse.weights.resize(weights.size());
    for (Index i = 0; i < n; ++i) {
        if (i % kRowsBetweenLooks == 0 && progress.stopRequested())
            return stoppedError();
        for (Index j = 0; j < k; ++j) {
            const auto to = static_cast<std::size_t>(next[neighbors.idsOf(i)[j]]++);
            reverse.ids[to] = static_cast<PointId>(i);
            reverse.weights[to] = weights[static_cast<std::size_t>(i * k + j)];
        }
    }
    return reverse;
}

using Entry = std::pair<PointId, float>;

/// Joins the two directions of each pair: p + q - p q, p q, or a mixture (McInnes 2018, section
/// 3.1).
class Joiner
{
public:
    Joiner(const NeighborTable& neighbors, Index k, const std::vector<float>& weights,
        const Reverse& reverse, const FuzzyOptions& options)
        : m_neighbors(neighbors)
        , m_k(k)
        , m_weights(weights)
        , m_reverse(reverse)
        , m_mix(static_cast<float>(options.setMix))
        , m_smallest(static_cast<float>(options.smallest))
    {
    }

    /// The entries of row i, ascending.
    const std::vector<Entry>& row(Index i)
    {
        m_own.clear();
        for (Index j = 0; j < m_k; ++j) {
            m_own.emplace_back(
                m_neighbors.idsOf(i)[j], m_weights[static_cast<std::size_t>(i * m_k + j)]);
        }
        std::sort(m_own.begin(), m_own.end());
        m_joined.clear();
        auto own = m_own.cbegin();
        for (Index at = m_reverse.starts[static_cast<std::size_t>(i)];
             at < m_reverse.starts[static_cast<std::size_t>(i) + 1]; ++at) {
            const PointId id = m_reverse.ids[static_cast<std::size_t>(at)];
            for (; own != m_own.cend() && own->first < id; ++own)
                add(own->first, own->second, 0);
            float there = 0;
            if (own != m_own.cend() && own->first == id)
                there = (own++)->second;
            add(id, there, m_reverse.weights[static_cast<std::size_t>(at)]);
        }
        for (; own != m_own.cend(); ++own)
            add(own->first, own->second, 0);
        return m_joined;
    }

private:
    void add(PointId id, float there, float back)
    {
        // In an order that does not depend on which end looks: both rows hold the same bits.
        const float both = there * back;
        const float either = std::max(there, back) + (std::min(there, back) - both);
        const float weight = std::min(1.0F, m_mix * either + (1 - m_mix) * both);
        if (weight > 0 && weight >= m_smallest)
            m_joined.emplace_back(id, weight);
    }

    const NeighborTable& m_neighbors;
    Index m_k;
    const std::vector<float>& m_weights;
    const Reverse& m_reverse;
    float m_mix;
    float m_smallest;
    std::vector<Entry> m_own;
    std::vector<Entry> m_joined;
};

void makeRoom(FuzzyGraph& graph)
{
    std::partial_sum(graph.starts.begin(), graph.starts.end(), graph.starts.begin());
    const auto size = static_cast<std::size_t>(graph.starts.back() + FuzzyGraph::kPadding);
    graph.ids.assign(size, 0);
    graph.weights.assign(size, 0.0F);
}

} // namespace

void fuzzyDistances(
    const NeighborTable& neighbors, Index row, bool areUnit, std::span<float> distances)
{
    const float* values = neighbors.valuesOf(row);
    for (std::size_t j = 0; j < distances.size(); ++j) {
        if (isSimilarity(neighbors.metric))
            distances[j] = std::max(0.0F, values[0] - values[j]);
        else
            distances[j] = areUnit ? values[j] * values[j] / 2 : values[j];
    }
}

FuzzyGraph emptyGraph(Index n)
{
    FuzzyGraph graph;
    graph.starts.assign(static_cast<std::size_t>(n) + 1, 0);
    makeRoom(graph);
    return graph;
}

SmoothScale smoothScale(
    std::span<const float> distances, double target, double localConnectivity, bool countsZero)
{
    const std::size_t k = distances.size();
    double mean = 0;
    for (const float distance : distances)
        mean += distance / static_cast<double>(k);
    std::size_t zeros = 0;
    while (!countsZero && zeros < k && distances[zeros] <= 0)
        ++zeros;
    SmoothScale found;
    const auto whole = static_cast<std::size_t>(localConnectivity);
    const double part = localConnectivity - static_cast<double>(whole);
    // The distance to the given one of those that are not zero; to the last where there are fewer.
    const auto distanceTo = [&](std::size_t which) -> double {
        return which == 0 || zeros == k ? 0 : distances[std::min(k, zeros + which) - 1];
    };
    found.nearest = distanceTo(whole) + part * (distanceTo(whole + 1) - distanceTo(whole));

    // The sum of weights falls with beta = 1 / scale and is convex, so that Newton's method from
    // below rises to the root and never passes it.
    double beta = 0;
    for (int step = 0; step < kMaxSteps; ++step) {
        double sum = 0;
        double slope = 0;
        for (const float distance : distances) {
            const double excess = distance - found.nearest;
            const double weight = excess > 0 ? std::exp(-excess * beta) : 1;
            sum += weight;
            slope += excess > 0 ? excess * weight : 0;
        }
        // Too many neighbours weigh 1 however small the scale, or too few neighbours are there.
        if (slope <= 0 || sum - target <= kTolerance)
            break;
        beta += (sum - target) / slope;
    }
    found.scale = std::max(1 / beta, kSmallestScale * mean);
    return found;
}

Result<FuzzyGraph> fuzzyGraph(
    const NeighborTable& neighbors, Index k, const FuzzyOptions& options, const Progress& progress)
{
    const Index n = neighbors.size();
    const double target = std::log2(options.neighbors);
    progress.report("Weighing neighbours", 0);
    std::vector<float> weights(static_cast<std::size_t>(n * k));
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        std::vector<float> distances(static_cast<std::size_t>(k));
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            fuzzyDistances(neighbors, i, options.distancesAreUnit, distances);
            const SmoothScale smooth = smoothScale(
                distances, target, options.localConnectivity, isSimilarity(neighbors.metric));
            for (Index j = 0; j < k; ++j) {
                const double excess = distances[static_cast<std::size_t>(j)] - smooth.nearest;
                weights[static_cast<std::size_t>(i * k + j)]
                    = excess > 0 ? static_cast<float>(std::exp(-excess / smooth.scale)) : 1.0F;
            }
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    progress.report("Weighing neighbours", 0.5);
    EMBEDSCOPE_TRY_ASSIGN(const Reverse reverse, reversed(neighbors, k, weights, progress));

    progress.report("Weighing neighbours", 0.7);
    // Joined twice, to count and to write: cheaper than keeping the rows apart meanwhile.
    FuzzyGraph graph;
    graph.starts.assign(static_cast<std::size_t>(n) + 1, 0);
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        Joiner joiner(neighbors, k, weights, reverse, options);
        for (Index i = begin; i < end && !progress.stopRequested(); ++i)
            graph.starts[static_cast<std::size_t>(i) + 1]
                = static_cast<Index>(joiner.row(i).size());
    });
    if (progress.stopRequested())
        return stoppedError();
    makeRoom(graph);
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        Joiner joiner(neighbors, k, weights, reverse, options);
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            auto at = static_cast<std::size_t>(graph.begin(i));
            for (const auto& [id, weight] : joiner.row(i)) {
                graph.ids[at] = id;
                graph.weights[at++] = weight;
            }
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    progress.report("Weighing neighbours", 1);
    return graph;
}

bool pruneGraph(FuzzyGraph& graph, float smallest, const Progress& progress)
{
    const Index n = graph.size();
    Index to = 0;
    Index from = 0;
    for (Index i = 0; i < n; ++i) {
        if (i % kRowsBetweenLooks == 0 && progress.stopRequested())
            return false;
        const Index end = graph.end(i);
        for (; from < end; ++from) {
            const float weight = graph.weights[static_cast<std::size_t>(from)];
            if (weight < smallest)
                continue;
            graph.ids[static_cast<std::size_t>(to)] = graph.ids[static_cast<std::size_t>(from)];
            graph.weights[static_cast<std::size_t>(to++)] = weight;
        }
        graph.starts[static_cast<std::size_t>(i) + 1] = to;
    }
    const auto size = static_cast<std::size_t>(to + FuzzyGraph::kPadding);
    graph.ids.resize(size);
    graph.weights.resize(size);
    std::fill(graph.ids.begin() + to, graph.ids.end(), PointId{0});
    std::fill(graph.weights.begin() + to, graph.weights.end(), 0.0F);
    return true;
}

float largestWeight(const FuzzyGraph& graph)
{
    return *std::max_element(graph.weights.begin(), graph.weights.end());
}

} // namespace embedscope
