#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/neighbors/block_pairs.h"
#include "core/neighbors/exact.h"
#include "core/neighbors/row_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

// Two passes. First, float32 scores by blocked products, of which each row keeps a few more than k
// candidates. Then the candidates' values are taken anew in double (RowSearch), which makes the
// result exact. Of a table against itself each product is used for both of its rows; as blocks of
// rows meet in a fixed order, each list is filled in the same order whatever the number of threads.

namespace {

constexpr Index kSpare = 16; ///< Candidates beyond k and the point itself.
constexpr double kTermsPerBlock = 1.0e8; ///< Products that take about 2 ms.
constexpr Index kPanelsPerTile = 16; ///< Panels that stay in the second cache at usual widths.
constexpr Index kRowsPerFinish = 64;
/// Lists of all rows at once may take this much; above that, blocks of rows go one after the other.
constexpr double kMostListBytes = 1.0e9;

constexpr std::string_view kStage = "Finding neighbours";

Result<NeighborTable> emptyTable(Index rows, Index k, Metric metric)
{
    NeighborTable table;
    table.k = k;
    table.metric = metric;
    table.ids.resize(static_cast<std::size_t>(rows * k));
    table.values.resize(static_cast<std::size_t>(rows * k));
    return table;
}

/// Fills the lists of queries [begin, end) of `queries`, which is list 0 of the pool and on.
class Sweep
{
public:
    Sweep(MatrixView queries, const SearchSpace& space, Index wanted, Index most)
        : m_queries(queries)
        , m_space(space)
        , m_pool(most, wanted)
        , m_lists(static_cast<std::size_t>(most))
        , m_panels(static_cast<std::size_t>(most * space.dimensions()))
    {
        std::iota(m_lists.begin(), m_lists.end(), PointId{0});
        // Points of a segment: a panel of queries crosses it in a few milliseconds.
        const double panels = kTermsPerBlock
            / (static_cast<double>(kPanel) * kPanel * static_cast<double>(space.dimensions()));
        m_segment = std::clamp<Index>(static_cast<Index>(panels), 1, space.panels());
    }

    CandidatePool& pool() { return m_pool; }

    void run(Index begin, Index end, const Progress& progress)
    {
        const Index count = end - begin;
        const Index panels = (count + kPanel - 1) / kPanel;
        const Index d = m_space.dimensions();
        m_pool.clear();
        std::fill(m_pool.thresholds.begin() + count, m_pool.thresholds.end(),
            std::numeric_limits<float>::infinity());
        parallelBlocks(panels, 1, [&](Index panel, Index, Index) {
            float* values = m_panels.data() + panel * kPanel * d;
            std::fill_n(values, kPanel * d, 0.0F);
            for (Index i = panel * kPanel; i < std::min(count, (panel + 1) * kPanel); ++i)
                m_space.placeRow(m_queries.row(begin + i), values + i - panel * kPanel, kPanel);
        });
        for (Index from = 0; from < m_space.panels(); from += m_segment) {
            const Index to = std::min(from + m_segment, m_space.panels());
            parallelBlocks(panels, 1, [&](Index panel, Index, Index) {
                PanelScan scan;
                scan.kind = m_space.kind();
                scan.d = d;
                scan.queries = m_panels.data() + panel * kPanel * d;
                scan.lists = m_lists.data() + panel * kPanel;
                for (Index tile = from; tile < to && !progress.stopRequested();
                     tile += kPanelsPerTile) {
                    scan.points = m_space.panel(tile);
                    scan.biases = m_space.biases() + tile * kPanel;
                    scan.panels = std::min(kPanelsPerTile, to - tile);
                    scan.firstPoint = static_cast<PointId>(tile * kPanel);
                    scanPanels(scan, m_pool);
                }
            });
            if (progress.stopRequested())
                return;
        }
    }

private:
    MatrixView m_queries;
    const SearchSpace& m_space;
    CandidatePool m_pool;
    std::vector<PointId> m_lists;
    std::vector<float> m_panels;
    Index m_segment = 1;
};

/// Neighbours of each query, blocks of queries one after the other.
/// isSelf   queries and points are one table, and a point is left out of its own list.
Result<NeighborTable> sweepRows(MatrixView queries, MatrixView points, const SearchSpace& space,
    Index k, bool isSelf, const Progress& progress)
{
    constexpr Index kRowsPerPass = 64 * kPanel;
    const Index rows = queries.rows();
    EMBEDSCOPE_TRY_ASSIGN(NeighborTable table, emptyTable(rows, k, space.metric()));
    Sweep sweep(queries, space, std::min(points.rows(), k + 1 + kSpare),
        std::min(kRowsPerPass, (rows + kPanel - 1) / kPanel * kPanel));
    for (Index pass = 0; pass < rows; pass += kRowsPerPass) {
        progress.report(kStage, static_cast<double>(pass) / static_cast<double>(rows));
        const Index end = std::min(rows, pass + kRowsPerPass);
        sweep.run(pass, end, progress);
        parallelBlocks(end - pass, kRowsPerFinish, [&](Index, Index from, Index to) {
            RowSearch search(points, space, k);
            for (Index i = from; i < to && !progress.stopRequested(); ++i) {
                const Index row = pass + i;
                search.run(queries.row(row), isSelf ? static_cast<PointId>(row) : kNoPoint,
                    sweep.pool(), i, table.ids.data() + row * k, table.values.data() + row * k,
                    progress);
            }
        });
        if (progress.stopRequested())
            return stoppedError();
    }
    progress.report(kStage, 1);
    return table;
}

/// Panels of a block, so that a pair of blocks takes a few milliseconds and there are many pairs.
Index panelsPerBlock(const SearchSpace& space)
{
    const double rows = std::sqrt(kTermsPerBlock / static_cast<double>(space.dimensions()));
    const Index most = std::clamp<Index>(static_cast<Index>(rows) / kPanel, 1, 32);
    return std::clamp<Index>(space.panels() / 24, 1, most);
}

/// Every product once, used for both rows.
class Tournament
{
public:
    Tournament(const SearchSpace& space, CandidatePool& pool, const Progress& progress)
        : m_space(space)
        , m_pool(pool)
        , m_progress(progress)
        , m_panels(panelsPerBlock(space))
        , m_lists(pool.sizes.size())
    {
        std::iota(m_lists.begin(), m_lists.end(), PointId{0});
    }

    void run()
    {
        const Index blocks = (m_space.panels() + m_panels - 1) / m_panels;
        parallelBlocks(blocks, 1, [&](Index block, Index, Index) { within(block); });
        const Index rounds = tournamentRounds(blocks);
        for (Index round = 0; round < rounds && !m_progress.stopRequested(); ++round) {
            m_progress.report(kStage, static_cast<double>(round) / static_cast<double>(rounds));
            const auto pairs = tournamentRound(blocks, round);
            parallelBlocks(static_cast<Index>(pairs.size()), 1, [&](Index pair, Index, Index) {
                const auto [a, b] = pairs[static_cast<std::size_t>(pair)];
                for (Index q = firstOf(a); q < lastOf(a); ++q)
                    bothWays(q, firstOf(b), lastOf(b));
            });
        }
    }

private:
    Index firstOf(Index block) const { return block * m_panels; }
    Index lastOf(Index block) const { return std::min((block + 1) * m_panels, m_space.panels()); }

    PanelScan scanOf(Index query, Index from, Index to) const
    {
        PanelScan scan;
        scan.kind = m_space.kind();
        scan.d = m_space.dimensions();
        scan.queries = m_space.panel(query);
        scan.lists = m_lists.data() + query * kPanel;
        scan.points = m_space.panel(from);
        scan.biases = m_space.biases() + from * kPanel;
        scan.panels = to - from;
        scan.firstPoint = static_cast<PointId>(from * kPanel);
        return scan;
    }

    void bothWays(Index query, Index from, Index to)
    {
        if (from < to && !m_progress.stopRequested()) {
            scanPanelsBothWays(scanOf(query, from, to), m_space.biases() + query * kPanel, m_pool);
        }
    }

    void within(Index block)
    {
        for (Index q = firstOf(block); q < lastOf(block); ++q) {
            if (!m_progress.stopRequested())
                scanPanels(scanOf(q, q, q + 1), m_pool);
            bothWays(q, q + 1, lastOf(block));
        }
    }

    const SearchSpace& m_space;
    CandidatePool& m_pool;
    const Progress& m_progress;
    Index m_panels;
    std::vector<PointId> m_lists; ///< 0, 1, 2, …
};

Error wrongK(Index most, Index k)
{
    return Error{ErrorCode::InvalidArgument,
        "the number of neighbours must be from 1 to " + std::to_string(most) + ", not "
            + std::to_string(k),
        {}, {}, {}};
}

} // namespace

Result<NeighborTable> exactNeighborTable(
    MatrixView points, Index k, Metric metric, const Progress& progress)
{
    const Index n = points.rows();
    if (k < 1 || k >= n)
        return wrongK(n - 1, k);
    progress.report(kStage, 0);
    EMBEDSCOPE_TRY_ASSIGN(
        const SearchSpace space, SearchSpace::make(points, MatrixView(), metric, progress));
    const Index wanted = std::min(n, k + 1 + kSpare);
    const Index lists = space.panels() * kPanel;
    if (static_cast<double>(lists) * static_cast<double>(2 * wanted + 2 * CandidatePool::kSlack) * 8
        > kMostListBytes)
        return sweepRows(points, points, space, k, true, progress);

    EMBEDSCOPE_TRY_ASSIGN(NeighborTable table, emptyTable(n, k, metric));
    CandidatePool pool(lists, wanted);
    std::fill(
        pool.thresholds.begin() + n, pool.thresholds.end(), std::numeric_limits<float>::infinity());
    Tournament(space, pool, progress.part(0, 0.8)).run();
    if (progress.stopRequested())
        return stoppedError();
    const Index rowsPerPass = std::max(kRowsPerFinish * 8, (n + 31) / 32);
    for (Index pass = 0; pass < n && !progress.stopRequested(); pass += rowsPerPass) {
        progress.report(kStage, 0.8 + 0.2 * static_cast<double>(pass) / static_cast<double>(n));
        const Index count = std::min(rowsPerPass, n - pass);
        parallelBlocks(count, kRowsPerFinish, [&](Index, Index from, Index to) {
            RowSearch search(points, space, k);
            for (Index i = pass + from; i < pass + to && !progress.stopRequested(); ++i) {
                search.run(points.row(i), static_cast<PointId>(i), pool, i,
                    table.ids.data() + i * k, table.values.data() + i * k, progress);
            }
        });
    }
    if (progress.stopRequested())
        return stoppedError();
    progress.report(kStage, 1);
    return table;
}

Result<NeighborTable> neighborsAmong(
    MatrixView queries, MatrixView points, Index k, Metric metric, const Progress& progress)
{
    const Index n = points.rows();
    if (k < 1 || k > n)
        return wrongK(n, k);
    if (queries.columns() != points.columns()) {
        return Error{ErrorCode::InvalidArgument,
            "the rows have " + formatCount(queries.columns()) + " dimensions, the points "
                + formatCount(points.columns()),
            {}, {}, {}};
    }
    progress.report(kStage, 0);
    EMBEDSCOPE_TRY_ASSIGN(
        const SearchSpace space, SearchSpace::make(points, queries, metric, progress));
    return sweepRows(queries, points, space, k, false, progress);
}

} // namespace embedscope
