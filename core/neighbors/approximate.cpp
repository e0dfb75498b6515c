#include "core/neighbors/approximate.h"

#include "core/base/parallel.h"
#include "core/neighbors/cell_search.h"
#include "core/neighbors/cell_tuning.h"
#include "core/neighbors/exact.h"
#include "core/neighbors/exact_values.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr double kTargetRecall = 0.99;
constexpr double kTunedRecall = 0.994; ///< A little more, for what a sample cannot tell.
constexpr float kWidening = 1.25F; ///< Of the fraction, where the measured recall is short.
constexpr int kMostAttempts = 4;
constexpr Index kTunedRows = 1000; ///< Of the sample; the others measure.
constexpr Index kMeasuredRows = 1000;
constexpr Index kCellSize = 384;
constexpr Index kNearCells = 255; ///< At least; with the own cell, a whole number of panels.
constexpr Index kFewestCellsPerPass = 16; ///< Between two reports; more of large tables.
constexpr Index kSpare = 4; ///< Candidates beyond k and the point itself.
/// Comparing all pairs takes half of them; above this share of all points the cells do not pay.
constexpr double kWorthwhileShare = 0.4;

constexpr std::string_view kStage = "Finding neighbours";

/// Turns lists of places into rows of the table.
class TableWriter
{
public:
    TableWriter(MatrixView points, const Cells& cells, NeighborTable& table)
        : m_points(points)
        , m_cells(cells)
        , m_table(table)
        , m_exact(points, table.metric)
    {
    }

    void write(PointId row, CandidatePool& pool, Index list)
    {
        const bool similarity = isSimilarity(m_table.metric);
        cutList(pool, list, pool.wanted);
        m_ids.clear();
        for (Index a = 0; a < pool.sizes[static_cast<std::size_t>(list)]; ++a) {
            const PointId id = m_cells.order[pool.idsOf(list)[a]];
            if (id != row)
                m_ids.push_back(id);
        }
        m_values.resize(m_ids.size());
        m_exact.setQuery(m_points.row(row));
        m_exact.find(m_ids, m_values.data());
        m_keys.clear();
        for (std::size_t a = 0; a < m_ids.size(); ++a)
            m_keys.push_back(nearnessKey(m_values[a], m_ids[a], similarity));
        std::sort(m_keys.begin(), m_keys.end());
        const Index k = m_table.k;
        for (Index a = 0; a < k; ++a) {
            const std::uint64_t key = m_keys[static_cast<std::size_t>(a)];
            m_table.ids[static_cast<std::size_t>(row * k + a)] = idOfKey(key);
            m_table.values[static_cast<std::size_t>(row * k + a)] = valueOfKey(key, similarity);
        }
    }

private:
    MatrixView m_points;
    const Cells& m_cells;
    NeighborTable& m_table;
    ExactValues m_exact;
    std::vector<PointId> m_ids;
    std::vector<float> m_values;
    std::vector<std::uint64_t> m_keys;
};

/// False where a stop was asked for.
bool searchCells(MatrixView points, const Cells& cells, const NeighborTable& nearCells,
    float fraction, NeighborTable& table, const Progress& progress)
{
    const Index wanted = std::min(points.rows(), table.k + 1 + kSpare);
    const Index cellsPerPass = std::max(kFewestCellsPerPass, cells.count() / 64);
    for (Index pass = 0; pass < cells.count(); pass += cellsPerPass) {
        progress.report(kStage, static_cast<double>(pass) / static_cast<double>(cells.count()));
        const Index end = std::min(cells.count(), pass + cellsPerPass);
        parallelBlocks(end - pass, 1, [&](Index block, Index, Index) {
            if (progress.stopRequested())
                return;
            const Index cell = pass + block;
            CandidatePool pool(cells.sizes[static_cast<std::size_t>(cell)] + 1, wanted);
            CellSearch(cells, nearCells, fraction).run(cell, pool, progress);
            TableWriter writer(points, cells, table);
            const Index first = cells.firstPanel[static_cast<std::size_t>(cell)] * kPanel;
            for (Index i = 0; i < cells.sizes[static_cast<std::size_t>(cell)]; ++i) {
                if (progress.stopRequested())
                    return;
                writer.write(cells.order[static_cast<std::size_t>(first + i)], pool, i);
            }
        });
        if (progress.stopRequested())
            return false;
    }
    return true;
}

} // namespace

Result<NeighborTable> approximateNeighborTable(
    MatrixView points, const GraphRequest& request, const Progress& progress)
{
    const Index n = points.rows();
    const Index k = request.k;
    const auto exactly
        = [&] { return exactNeighborTable(points, k, request.metric, progress.part(0.2, 1)); };
    if (n < 8 * kCellSize || k > n / 8)
        return exactly();
    EMBEDSCOPE_TRY_ASSIGN(const Cells cells,
        makeCells(points, request.metric, kCellSize, request.seed, progress.part(0, 0.1)));
    if (cells.count() < 2)
        return exactly();
    EMBEDSCOPE_TRY_ASSIGN(const RecallSample sample,
        drawRecallSample(points, k, request.metric, kTunedRows + kMeasuredRows, request.seed + 1,
            progress.part(0.1, 0.18)));
    EMBEDSCOPE_TRY_ASSIGN(CellEffort effort,
        tuneCellSearch(
            points, cells, sample, kTunedRows, kTunedRecall, kNearCells, progress.part(0.18, 0.2)));
    if (effort.pointsPerRow > kWorthwhileShare * static_cast<double>(n))
        return exactly();

    NeighborTable table;
    table.k = k;
    table.metric = request.metric;
    table.isExact = false;
    table.ids.resize(static_cast<std::size_t>(n * k));
    table.values.resize(static_cast<std::size_t>(n * k));
    const auto rows = static_cast<Index>(sample.rows.size());
    table.recallSample = rows - kTunedRows;
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
        const double begin = attempt == 0 ? 0.2 : 1;
        if (!searchCells(
                points, cells, effort.nearCells, effort.fraction, table, progress.part(begin, 1)))
            return stoppedError();
        table.recall = measureRecall(table, sample, kTunedRows, rows);
        if (table.recall >= kTargetRecall)
            break;
        effort.fraction *= kWidening;
    }
    progress.report(kStage, 1);
    return table;
}

} // namespace embedscope
