#include "core/neighbors/row_search.h"

#include <algorithm>

namespace embedscope {

RowSearch::RowSearch(MatrixView points, const SearchSpace& space, Index k)
    : m_points(points)
    , m_space(space)
    , m_k(k)
    , m_exact(points, space.metric())
{
}

void RowSearch::run(const float* query, PointId self, CandidatePool& pool, Index list, PointId* ids,
    float* values, const Progress& progress)
{
    const bool similarity = isSimilarity(m_space.metric());
    cutList(pool, list, pool.wanted + pool.wanted / 16);
    const std::span<const PointId> candidates(
        pool.idsOf(list), pool.sizes[static_cast<std::size_t>(list)]);
    m_exact.setQuery(query);
    m_values.resize(std::max(m_values.size(), candidates.size()));
    m_exact.find(candidates, m_values.data());
    m_keys.clear();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i] != self)
            m_keys.push_back(nearnessKey(m_values[i], candidates[i], similarity));
    }
    const auto k = static_cast<std::size_t>(m_k);
    std::sort(m_keys.begin(), m_keys.end());
    const float threshold = pool.thresholds[static_cast<std::size_t>(list)];
    // Rows without direction are all equally far.
    const bool isLost = m_space.metric() == Metric::Cosine && m_exact.queryLength() == 0;
    if (m_keys.size() < k || isLost
        || !m_space.isCertain(
            m_space.lengthOf(query), valueOfKey(m_keys[k - 1], similarity), threshold)) {
        searchAll(self, progress);
        if (progress.stopRequested())
            return;
    }
    for (std::size_t i = 0; i < k; ++i) {
        ids[i] = idOfKey(m_keys[i]);
        values[i] = valueOfKey(m_keys[i], similarity);
    }
}

void RowSearch::searchAll(PointId self, const Progress& progress)
{
    const bool similarity = isSimilarity(m_space.metric());
    const auto k = static_cast<std::size_t>(m_k);
    const Index n = m_points.rows();
    const Index step = std::max<Index>(1, (Index{1} << 18) / m_points.columns());
    m_keys.clear();
    m_values.resize(std::max(m_values.size(), static_cast<std::size_t>(std::min(step, n))));
    std::uint64_t limit = ~std::uint64_t{0};
    for (Index begin = 0; begin < n && !progress.stopRequested(); begin += step) {
        const Index count = std::min(step, n - begin);
        m_exact.find(static_cast<PointId>(begin), count, m_values.data());
        for (Index i = 0; i < count; ++i) {
            const auto id = static_cast<PointId>(begin + i);
            const std::uint64_t key
                = nearnessKey(m_values[static_cast<std::size_t>(i)], id, similarity);
            if (key < limit && id != self)
                m_keys.push_back(key);
            if (m_keys.size() >= 2 * k + 256) {
                std::nth_element(m_keys.begin(), m_keys.begin() + m_k - 1, m_keys.end());
                m_keys.resize(k);
                limit = m_keys.back();
            }
        }
    }
    std::sort(m_keys.begin(), m_keys.end());
}

} // namespace embedscope
