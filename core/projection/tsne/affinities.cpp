#include "core/projection/tsne/affinities.h"

#include "core/base/parallel.h"
#include "core/projection/tsne/perplexity.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 256;
constexpr Index kMostChunks = 16; ///< Each counts for all points.
/// Smaller probabilities say nothing and would only slow the processor down as denormals.
constexpr float kSmallest = 1e-30F;

/// The neighbours the other way round: for each point, who counts it among its own.
struct Transposed
{
    std::vector<Index> starts;
    PlainVector<PointId> ids; ///< Ascending within a row.
    PlainVector<float> values;
};

/// Each chunk of rows counts and then places its own entries, behind those of the chunks before it,
/// so that the result is the same for any number of threads. Left unfinished where it was stopped.
Transposed transposed(const NeighborTable& neighbors, Index k,
    const PlainVector<float>& conditional, const Progress& progress)
{
    const Index n = neighbors.size();
    const Index chunkRows = std::max(kRowsPerBlock, (n + kMostChunks - 1) / kMostChunks);
    const Index chunks = blockCount(n, chunkRows);
    PlainVector<std::uint32_t> next(static_cast<std::size_t>(chunks * n));
    const auto forEachEntry = [&](Index chunk, Index begin, Index end, auto&& visit) {
        std::uint32_t* counts = next.data() + chunk * n;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const PointId* ids = neighbors.idsOf(i);
            for (Index j = 0; j < k; ++j)
                visit(i, j, ids[j], counts[ids[j]]);
        }
    };
    parallelBlocks(n, chunkRows, [&](Index chunk, Index begin, Index end) {
        std::fill_n(next.data() + chunk * n, n, 0U);
        forEachEntry(
            chunk, begin, end, [](Index, Index, PointId, std::uint32_t& count) { ++count; });
    });
    Transposed result;
    result.starts.assign(static_cast<std::size_t>(n) + 1, 0);
    for (Index i = 0; i < n; ++i) {
        std::uint32_t before = 0;
        for (Index chunk = 0; chunk < chunks; ++chunk) {
            std::uint32_t& count = next[static_cast<std::size_t>(chunk * n + i)];
            before += std::exchange(count, before);
        }
        result.starts[static_cast<std::size_t>(i) + 1]
            = result.starts[static_cast<std::size_t>(i)] + before;
    }
    result.ids.resize(conditional.size());
    result.values.resize(conditional.size());
    parallelBlocks(n, chunkRows, [&](Index chunk, Index begin, Index end) {
        forEachEntry(chunk, begin, end, [&](Index i, Index j, PointId id, std::uint32_t& count) {
            const auto to
                = static_cast<std::size_t>(result.starts[id]) + static_cast<std::size_t>(count++);
            result.ids[to] = static_cast<PointId>(i);
            result.values[to] = conditional[static_cast<std::size_t>(i * k + j)];
        });
    });
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

/// Probabilities of one row's neighbours, the mean over all perplexities, groups taken into
/// account.
class RowProbabilities
{
public:
    RowProbabilities(Index k, const AffinityOptions& options)
        : m_options(options)
        , m_excess(static_cast<std::size_t>(k))
        , m_single(m_excess.size())
        , m_mean(m_excess.size())
    {
    }

    const std::vector<double>& find(const NeighborTable& neighbors, Index row)
    {
        const std::size_t k = m_excess.size();
        excessOf({neighbors.valuesOf(row), k}, neighbors.metric, m_excess);
        std::fill(m_mean.begin(), m_mean.end(), 0.0);
        for (const double perplexity : m_options.perplexities) {
            conditionalProbabilities(m_excess, perplexity, m_single);
            for (std::size_t j = 0; j < k; ++j)
                m_mean[j] += m_single[j] / static_cast<double>(m_options.perplexities.size());
        }
        if (!m_options.groups.empty())
            weaken(neighbors.idsOf(row), m_options.groups[static_cast<std::size_t>(row)]);
        return m_mean;
    }

private:
    void weaken(const PointId* ids, std::int32_t own)
    {
        double sum = 0;
        for (std::size_t j = 0; j < m_mean.size(); ++j) {
            const std::int32_t other = m_options.groups[ids[j]];
            if (own >= 0 && other >= 0 && own != other)
                m_mean[j] *= 1 - m_options.groupWeight;
            sum += m_mean[j];
        }
        // Where all neighbours are of other groups and count for nothing, the row is left to those
        // that have it as a neighbour.
        for (double& probability : m_mean)
            probability = sum > 0 ? probability / sum : 0;
    }

    const AffinityOptions& m_options;
    std::vector<double> m_excess;
    std::vector<double> m_single;
    std::vector<double> m_mean;
};

} // namespace

Result<Affinities> findAffinities(const NeighborTable& neighbors, Index k,
    const AffinityOptions& options, const Progress& progress)
{
    const Index n = neighbors.size();
    progress.report("Weighing neighbours", 0);
    PlainVector<float> conditional(static_cast<std::size_t>(n * k));
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        RowProbabilities probabilities(k, options);
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const auto& row = probabilities.find(neighbors, i);
            std::copy(row.begin(), row.end(), conditional.begin() + i * k);
        }
    });
    if (progress.stopRequested())
        return stoppedError();

    progress.report("Weighing neighbours", 0.6);
    const Transposed back = transposed(neighbors, k, conditional, progress);
    if (progress.stopRequested())
        return stoppedError();
    progress.report("Weighing neighbours", 0.75);
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
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            ownEntries(i, own);
            mergeRow(own, back, i, merged);
            result.starts[static_cast<std::size_t>(i) + 1]
                = padded(static_cast<Index>(merged.size()));
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    std::partial_sum(result.starts.begin(), result.starts.end(), result.starts.begin());
    progress.report("Weighing neighbours", 0.85);
    result.ids.resize(static_cast<std::size_t>(result.starts.back()));
    result.values.resize(result.ids.size());
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, kRowsPerBlock)));
    const float share = 1 / (2 * static_cast<float>(n));
    parallelBlocks(n, kRowsPerBlock, [&](Index block, Index begin, Index end) {
        std::vector<Entry> own;
        std::vector<Entry> merged;
        double sum = 0;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
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
    if (progress.stopRequested())
        return stoppedError();
    result.sumPLogP = std::accumulate(sums.begin(), sums.end(), 0.0);
    progress.report("Weighing neighbours", 1);
    return result;
}

} // namespace embedscope
