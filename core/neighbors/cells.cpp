#include "core/neighbors/cells.h"

#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kSamplePerCell = 50;
constexpr int kRounds = 6;
constexpr Index kMostOfCellSize = 4;

/// The nearest centre of each row.
/// place(i, row)   writes row i, d values.
template <typename Place>
std::vector<PointId> nearestCenters(
    Index rows, const SearchSpace& centers, const Place& place, const Progress& progress)
{
    std::vector<PointId> nearest(static_cast<std::size_t>(rows));
    const Index d = centers.dimensions();
    parallelBlocks(rows, kPanel, [&](Index, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        CandidatePool pool(kPanel, 1);
        std::vector<PointId> lists(static_cast<std::size_t>(kPanel));
        std::iota(lists.begin(), lists.end(), PointId{0});
        std::vector<float> row(static_cast<std::size_t>(d));
        std::vector<float> panel(static_cast<std::size_t>(d * kPanel));
        for (Index i = begin; i < end; ++i) {
            place(i, row.data());
            centers.placeRow(row.data(), panel.data() + i - begin, kPanel);
        }
        PanelScan scan;
        scan.d = d;
        scan.queries = panel.data();
        scan.lists = lists.data();
        scan.points = centers.panel(0);
        scan.biases = centers.biases();
        scan.panels = centers.panels();
        scanPanels(scan, pool);
        for (Index i = 0; i < end - begin; ++i) {
            cutList(pool, i, 1);
            nearest[static_cast<std::size_t>(begin + i)] = *pool.idsOf(i);
        }
    });
    return nearest;
}

/// Lloyd's k-means on a sample; centres that lose all their rows stay where they are.
Result<Matrix> findCenters(MatrixView sample, Index count, Random& random, const Progress& progress)
{
    const Index d = sample.columns();
    EMBEDSCOPE_TRY_ASSIGN(Matrix centers, Matrix::allocate(count, d));
    const std::vector<PointId> first = random.sample(sample.rows(), count);
    for (Index c = 0; c < count; ++c)
        std::copy_n(sample.row(first[static_cast<std::size_t>(c)]), d, centers.row(c));
    for (int round = 0; round < kRounds; ++round) {
        progress.report("Parting points into cells", static_cast<double>(round) / kRounds);
        EMBEDSCOPE_TRY_ASSIGN(const SearchSpace space,
            SearchSpace::make(centers, MatrixView(), Metric::Euclidean, progress));
        const std::vector<PointId> nearest = nearestCenters(
            sample.rows(), space, [&](Index i, float* row) { std::copy_n(sample.row(i), d, row); },
            progress);
        if (progress.stopRequested())
            return stoppedError();
        // The rows of each centre, in order, so that sums do not depend on threads.
        std::vector<Index> starts(static_cast<std::size_t>(count + 1));
        for (const PointId c : nearest)
            ++starts[c + 1];
        std::partial_sum(starts.begin(), starts.end(), starts.begin());
        std::vector<PointId> members(nearest.size());
        std::vector<Index> next(starts.begin(), starts.end() - 1);
        for (std::size_t i = 0; i < nearest.size(); ++i)
            members[static_cast<std::size_t>(next[nearest[i]]++)] = static_cast<PointId>(i);
        parallelBlocks(count, 16, [&](Index, Index begin, Index end) {
            std::vector<double> sum(static_cast<std::size_t>(d));
            for (Index c = begin; c < end && !progress.stopRequested(); ++c) {
                const Index from = starts[static_cast<std::size_t>(c)];
                const Index to = starts[static_cast<std::size_t>(c + 1)];
                std::fill(sum.begin(), sum.end(), 0.0);
                for (Index m = from; m < to; ++m) {
                    const float* row = sample.row(members[static_cast<std::size_t>(m)]);
                    for (Index j = 0; j < d; ++j)
                        sum[static_cast<std::size_t>(j)] += static_cast<double>(row[j]);
                }
                for (Index j = 0; j < d && from < to; ++j) {
                    centers(c, j) = static_cast<float>(
                        sum[static_cast<std::size_t>(j)] / static_cast<double>(to - from));
                }
            }
        });
    }
    return centers;
}

} // namespace

Result<Cells> makeCells(
    MatrixView points, Metric metric, Index cellSize, std::uint64_t seed, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    Cells cells;
    cells.space = SearchSpace::measure(points, MatrixView(), metric, progress);
    Random random(seed);
    const Index wanted = std::max<Index>(1, n / cellSize);
    const std::vector<PointId> chosen = random.sample(n, wanted * kSamplePerCell);
    EMBEDSCOPE_TRY_ASSIGN(Matrix sample, Matrix::allocate(static_cast<Index>(chosen.size()), d));
    for (std::size_t i = 0; i < chosen.size(); ++i)
        cells.space.placeRow(points.row(chosen[i]), sample.row(static_cast<Index>(i)), 1);
    EMBEDSCOPE_TRY_ASSIGN(
        const Matrix centers, findCenters(sample, wanted, random, progress.part(0, 0.5)));
    sample = Matrix();
    EMBEDSCOPE_TRY_ASSIGN(const SearchSpace centerSpace,
        SearchSpace::make(centers, MatrixView(), Metric::Euclidean, progress));
    const std::vector<PointId> nearest = nearestCenters(
        n, centerSpace, [&](Index i, float* row) { cells.space.placeRow(points.row(i), row, 1); },
        progress);
    if (progress.stopRequested())
        return stoppedError();
    progress.report("Parting points into cells", 0.9);

    std::vector<Index> counts(static_cast<std::size_t>(wanted));
    for (const PointId c : nearest)
        ++counts[c];
    // Where too many points share a centre, they share it as several cells.
    const Index most = kMostOfCellSize * cellSize;
    std::vector<Index> firstCell(static_cast<std::size_t>(wanted));
    std::vector<PointId> centerOf;
    cells.firstPanel.push_back(0);
    for (Index c = 0; c < wanted; ++c) {
        firstCell[static_cast<std::size_t>(c)] = static_cast<Index>(centerOf.size());
        for (Index left = counts[static_cast<std::size_t>(c)]; left > 0; left -= most) {
            const Index size = std::min(left, most);
            centerOf.push_back(static_cast<PointId>(c));
            cells.sizes.push_back(size);
            cells.firstPanel.push_back(cells.firstPanel.back() + (size + kPanel - 1) / kPanel);
        }
    }
    cells.order.assign(static_cast<std::size_t>(cells.firstPanel.back() * kPanel), kNoPoint);
    std::vector<Index> seen(static_cast<std::size_t>(wanted));
    for (Index i = 0; i < n; ++i) {
        const PointId c = nearest[static_cast<std::size_t>(i)];
        const Index at = seen[c]++;
        const Index cell = firstCell[c] + at / most;
        const Index place = cells.firstPanel[static_cast<std::size_t>(cell)] * kPanel + at % most;
        cells.order[static_cast<std::size_t>(place)] = static_cast<PointId>(i);
    }
    EMBEDSCOPE_TRY_ASSIGN(cells.centers, Matrix::allocate(cells.count(), d));
    for (Index c = 0; c < cells.count(); ++c)
        std::copy_n(centers.row(centerOf[static_cast<std::size_t>(c)]), d, cells.centers.row(c));
    EMBEDSCOPE_TRY(cells.space.arrange(points, cells.order, progress));
    return cells;
}

} // namespace embedscope
