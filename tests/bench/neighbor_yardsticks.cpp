#include "tests/bench/neighbor_yardsticks.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

// Debian's header of hnswlib cannot be included twice, so it stands here alone; its vector
// instructions are those that this file is compiled for.
#if defined(EMBEDSCOPE_HAS_HNSWLIB)
#include <hnswlib/hnswlib.h>
#endif
#if defined(EMBEDSCOPE_HAS_FAISS)
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#endif

namespace embedscope {

#if defined(EMBEDSCOPE_HAS_HNSWLIB)

std::vector<float> hnswlibValues(MatrixView points, Index k)
{
    constexpr std::size_t kLinks = 16;
    constexpr std::size_t kBreadth = 100;
    const Index n = points.rows();
    hnswlib::L2Space space(static_cast<std::size_t>(points.columns()));
    hnswlib::HierarchicalNSW<float> index(&space, static_cast<std::size_t>(n), kLinks, kBreadth);
    index.addPoint(points.row(0), 0);
    parallelBlocks(n - 1, 64, [&](Index, Index begin, Index end) {
        for (Index i = begin + 1; i <= end; ++i)
            index.addPoint(points.row(i), static_cast<std::size_t>(i));
    });
    index.setEf(static_cast<std::size_t>(std::max<Index>(k + 1, 60)));
    std::vector<float> values(static_cast<std::size_t>(n * k));
    parallelBlocks(n, 64, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            auto found = index.searchKnn(points.row(i), static_cast<std::size_t>(k + 1));
            std::vector<float> squares;
            for (; !found.empty(); found.pop()) {
                if (found.top().second != static_cast<std::size_t>(i))
                    squares.push_back(found.top().first);
            }
            std::reverse(squares.begin(), squares.end());
            squares.resize(static_cast<std::size_t>(k), HUGE_VALF);
            for (Index a = 0; a < k; ++a)
                values[static_cast<std::size_t>(i * k + a)]
                    = std::sqrt(squares[static_cast<std::size_t>(a)]);
        }
    });
    return values;
}

#else

std::vector<float> hnswlibValues(MatrixView, Index)
{
    return {};
}

#endif

#if defined(EMBEDSCOPE_HAS_FAISS)

std::vector<float> faissValues(MatrixView points, Index k)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const auto lists = static_cast<Index>(std::sqrt(static_cast<double>(n)));
    faiss::IndexFlatL2 coarse(d);
    faiss::IndexIVFFlat index(
        &coarse, static_cast<std::size_t>(d), static_cast<std::size_t>(lists), faiss::METRIC_L2);
    index.train(std::min(n, 64 * lists), points.data());
    index.add(n, points.data());
    index.nprobe = 16;
    std::vector<float> squares(static_cast<std::size_t>(n * (k + 1)));
    std::vector<faiss::Index::idx_t> ids(squares.size());
    index.search(n, points.data(), k + 1, squares.data(), ids.data());
    std::vector<float> values(static_cast<std::size_t>(n * k), HUGE_VALF);
    for (Index i = 0; i < n; ++i) {
        Index written = 0;
        for (Index a = 0; a <= k && written < k; ++a) {
            const auto at = static_cast<std::size_t>(i * (k + 1) + a);
            if (ids[at] >= 0 && ids[at] != i)
                values[static_cast<std::size_t>(i * k + written++)] = std::sqrt(squares[at]);
        }
    }
    return values;
}

#else

std::vector<float> faissValues(MatrixView, Index)
{
    return {};
}

#endif

double sumOfAll(MatrixView points)
{
    constexpr Index kRowsPerBlock = 8192;
    const Index d = points.columns();
    std::vector<double> sums(static_cast<std::size_t>(blockCount(points.rows(), kRowsPerBlock)));
    parallelBlocks(points.rows(), kRowsPerBlock, [&](Index block, Index begin, Index end) {
        constexpr Index kLanes = 64; // So many sums that the compiler takes vectors.
        float parts[kLanes] = {};
        const float* values = points.row(begin);
        const Index count = (end - begin) * d;
        Index i = 0;
        for (; i + kLanes <= count; i += kLanes) {
            for (Index lane = 0; lane < kLanes; ++lane)
                parts[lane] += values[i + lane];
        }
        for (; i < count; ++i)
            parts[0] += values[i];
        sums[static_cast<std::size_t>(block)] = std::accumulate(parts, parts + kLanes, 0.0);
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

} // namespace embedscope
