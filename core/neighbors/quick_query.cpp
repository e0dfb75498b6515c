#include "core/neighbors/quick_query.h"

#include "core/base/parallel.h"
#include "core/neighbors/candidate_pool.h"
#include "core/neighbors/exact_values.h"
#include "core/neighbors/query_kernels.h"
#include "core/neighbors/scan_kernels.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

namespace embedscope {

namespace {

constexpr Index kValuesPerBlock = Index{1} << 21; ///< 8 MB of rows: well under a millisecond.
constexpr Index kRowsPerChunk = 256; ///< Whose scores stay in the first cache.
constexpr Index kSpare = 16; ///< Candidates beyond k and the query itself.
/// Squared lengths between which products neither overflow nor lose digits.
constexpr float kSmallestSquare = 1e-30F;
constexpr float kLargestSquare = 1e30F;
constexpr double kUnit = 0x1.0p-24; ///< Largest relative rounding of a float32.

struct Candidate
{
    float score;
    PointId id;
};

/// One query: what its blocks of rows share.
class QuickQuery
{
public:
    QuickQuery(const Dataset& dataset, PointId query, Index k, Metric metric, const PointSet* among)
        : m_dataset(dataset)
        , m_among(among)
        , m_query(dataset.vectors().row(query, m_room))
        , m_id(query)
        , m_k(k)
        , m_metric(metric)
        , m_blockRows(std::max<Index>(kRowsPerChunk, kValuesPerBlock / dataset.dimensions()))
        , m_pool(blockCount(dataset.size(), m_blockRows), k + 1 + kSpare)
        , m_largest(m_pool.sizes.size())
    {
    }

    std::optional<std::vector<std::uint64_t>> run(const Progress& progress)
    {
        parallelBlocks(m_dataset.size(), m_blockRows, [&](Index block, Index begin, Index end) {
            if (!progress.stopRequested() && !m_isBeyondRange.load(std::memory_order_relaxed))
                scoreBlock(block, begin, end);
        });
        if (progress.stopRequested() || m_isBeyondRange)
            return std::nullopt;
        return best();
    }

private:
    void scoreBlock(Index block, Index begin, Index end)
    {
        const Index d = m_dataset.dimensions();
        float scores[kRowsPerChunk];
        float squares[kRowsPerChunk];
        RowRoom room;
        for (Index from = begin; from < end; from += kRowsPerChunk) {
            const Index count = std::min(kRowsPerChunk, end - from);
            scoreRows(m_metric, m_dataset.vectors().rows(from, from + count, room), count, d,
                m_query, scores, squares);
            if (hasOddRows(scores, squares, count) && !mendOddRows(from, count, scores, squares)) {
                m_isBeyondRange = true;
                return;
            }
            if (m_metric == Metric::Dot) {
                float& largest = m_largest[static_cast<std::size_t>(block)];
                for (Index i = 0; i < count; ++i) {
                    if (squares[i] <= kLargestSquare)
                        largest = std::max(largest, squares[i]);
                }
            }
            takeOutStrangers(from, count, scores);
            appendAbove(scores, count, static_cast<PointId>(from), m_pool, block);
        }
    }

    void takeOutStrangers(Index from, Index count, float* scores) const
    {
        for (Index i = 0; m_among != nullptr && i < count; ++i) {
            if (!m_among->contains(static_cast<PointId>(from + i)))
                scores[i] = -std::numeric_limits<float>::infinity();
        }
    }

    bool isOdd(float score, float square) const
    {
        if (isSimilarity(m_metric))
            return !(square >= kSmallestSquare && square <= kLargestSquare);
        return !(score >= -kLargestSquare);
    }

    bool hasOddRows(const float* scores, const float* squares, Index count) const
    {
        int odd = 0;
        if (isSimilarity(m_metric)) {
            for (Index i = 0; i < count; ++i)
                odd |= squares[i] >= kSmallestSquare && squares[i] <= kLargestSquare ? 0 : 1;
        } else {
            for (Index i = 0; i < count; ++i)
                odd |= scores[i] >= -kLargestSquare ? 0 : 1;
        }
        return odd != 0;
    }

    /// Takes rows out that cannot be neighbours. False where float32 cannot rank one that can.
    bool mendOddRows(Index from, Index count, float* scores, const float* squares) const
    {
        for (Index i = 0; i < count; ++i) {
            if (!isOdd(scores[i], squares[i]))
                continue;
            const auto id = static_cast<PointId>(from + i);
            const bool isUsable = m_dataset.isUsable(id);
            if (isUsable && !(isSimilarity(m_metric) && m_dataset.vectors().isZeroRow(id)))
                return false;
            if (!isUsable || m_metric == Metric::Cosine)
                scores[i] = -std::numeric_limits<float>::infinity();
        }
        return true;
    }

    std::optional<std::vector<std::uint64_t>> best()
    {
        std::vector<Candidate> all;
        float dropped = -std::numeric_limits<float>::infinity();
        for (Index block = 0; block < static_cast<Index>(m_pool.sizes.size()); ++block) {
            const auto at = static_cast<std::size_t>(block);
            cutList(m_pool, block, m_pool.wanted);
            for (Index i = 0; i < static_cast<Index>(m_pool.sizes[at]); ++i)
                all.push_back({m_pool.valuesOf(block)[i], m_pool.idsOf(block)[i]});
            dropped = std::max(dropped, m_pool.thresholds[at]);
        }
        const auto wanted = static_cast<std::size_t>(m_pool.wanted);
        if (all.size() > wanted) {
            const auto last = all.begin() + m_pool.wanted;
            std::nth_element(all.begin(), last, all.end(),
                [](Candidate a, Candidate b) { return a.score > b.score; });
            dropped = std::max(dropped, last->score);
            all.resize(wanted);
        }
        std::vector<PointId> ids;
        for (const Candidate& candidate : all) {
            if (candidate.id != m_id)
                ids.push_back(candidate.id);
        }
        ExactValues exact(m_dataset.vectors(), m_metric);
        exact.setQuery(m_query);
        std::vector<float> values(ids.size());
        exact.find(ids, values.data());
        const bool similarity = isSimilarity(m_metric);
        std::vector<std::uint64_t> keys;
        for (std::size_t i = 0; i < ids.size(); ++i)
            keys.push_back(nearnessKey(values[i], ids[i], similarity));
        std::sort(keys.begin(), keys.end());
        const bool isComplete = dropped == -std::numeric_limits<float>::infinity();
        const auto k = static_cast<std::size_t>(m_k);
        if (!isComplete
            && (keys.size() < k
                || !isCertain(exact.queryLength(), valueOfKey(keys[k - 1], similarity), dropped)))
            return std::nullopt;
        keys.resize(std::min(keys.size(), k));
        return keys;
    }

    /// True where no row whose score was <= dropped can be as near as the k-th, even by a tie.
    bool isCertain(double length, double kth, double dropped) const
    {
        const double rounding = kUnit * roundingSteps(m_dataset.dimensions());
        const double underflow = 0x1.0p-140 * (static_cast<double>(m_dataset.dimensions()) + 8);
        const double least = kth - 4 * kUnit * std::abs(kth) - 0x1.0p-148;
        switch (m_metric) {
        case Metric::Cosine:
            return least * length > dropped + 3 * rounding * length + underflow;
        case Metric::Dot: {
            const double longest
                = std::sqrt(*std::max_element(m_largest.begin(), m_largest.end()) * (1 + rounding));
            return least > dropped + rounding * length * longest + underflow;
        }
        case Metric::Euclidean: {
            const double most = kth * (1 + 4 * kUnit);
            return -dropped * (1 - rounding) - underflow > most * most;
        }
        case Metric::Manhattan:
            break;
        }
        return -dropped * (1 - rounding) - underflow > kth * (1 + 4 * kUnit);
    }

    const Dataset& m_dataset;
    const PointSet* m_among;
    RowRoom m_room; ///< Of the query.
    const float* m_query;
    PointId m_id;
    Index m_k;
    Metric m_metric;
    Index m_blockRows;
    CandidatePool m_pool; ///< A list for each block.
    std::vector<float> m_largest; ///< Squared length of each block's longest row; for dot product.
    std::atomic<bool> m_isBeyondRange{false};
};

} // namespace

std::optional<std::vector<std::uint64_t>> quickNeighbors(const Dataset& dataset, PointId query,
    Index k, Metric metric, const PointSet* among, const Progress& progress)
{
    // Where nearly all rows are asked for, there is nothing to leave out.
    if (k > dataset.size() / 8)
        return std::nullopt;
    if (isSimilarity(metric)) {
        double square = 0;
        RowRoom room;
        for (const float value : dataset.vectors().rowSpan(query, room))
            square += static_cast<double>(value) * value;
        if (!(square >= kSmallestSquare && square <= kLargestSquare))
            return std::nullopt;
    }
    return QuickQuery(dataset, query, k, metric, among).run(progress);
}

} // namespace embedscope
