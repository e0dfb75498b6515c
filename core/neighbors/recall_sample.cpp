#include "core/neighbors/recall_sample.h"

#include "core/base/random.h"
#include "core/neighbors/exact.h"

#include <algorithm>

namespace embedscope {

Result<RecallSample> drawRecallSample(MatrixView points, Index k, Metric metric, Index count,
    std::uint64_t seed, const Progress& progress)
{
    const Index d = points.columns();
    RecallSample sample;
    Random random(seed);
    sample.rows = random.sample(points.rows(), count);
    random.shuffle(sample.rows);
    const auto rows = static_cast<Index>(sample.rows.size());
    EMBEDSCOPE_TRY_ASSIGN(Matrix queries, Matrix::allocate(rows, d));
    for (Index i = 0; i < rows; ++i)
        std::copy_n(points.row(sample.rows[static_cast<std::size_t>(i)]), d, queries.row(i));
    EMBEDSCOPE_TRY_ASSIGN(
        const NeighborTable found, neighborsAmong(queries, points, k + 1, metric, progress));
    sample.neighbors.k = k;
    sample.neighbors.metric = metric;
    for (Index i = 0; i < rows; ++i) {
        // Among rows that are all equally near the row itself may be missing; then the last goes.
        Index written = 0;
        for (Index a = 0; written < k; ++a) {
            if (found.idsOf(i)[a] == sample.rows[static_cast<std::size_t>(i)])
                continue;
            sample.neighbors.ids.push_back(found.idsOf(i)[a]);
            sample.neighbors.values.push_back(found.valuesOf(i)[a]);
            ++written;
        }
    }
    return sample;
}

double measureRecall(const NeighborTable& table, const RecallSample& sample, Index begin, Index end)
{
    const bool similarity = isSimilarity(table.metric);
    Index hits = 0;
    for (Index i = begin; i < end; ++i) {
        const float kth = sample.neighbors.valuesOf(i)[table.k - 1];
        const float* values = table.valuesOf(sample.rows[static_cast<std::size_t>(i)]);
        for (Index a = 0; a < table.k; ++a)
            hits += (similarity ? values[a] >= kth : values[a] <= kth) ? 1 : 0;
    }
    return static_cast<double>(hits)
        / static_cast<double>(std::max<Index>(1, (end - begin) * table.k));
}

} // namespace embedscope
