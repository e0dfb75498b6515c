#include "core/analysis/faithfulness.h"

#include "core/analysis/compared_space.h"
#include "core/analysis/scan_kernels.h"
#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace embedscope {

namespace {

constexpr Index kValuesPerBlock = Index{1} << 18;
constexpr Index kMapRowsPerBlock = Index{1} << 15;

Error misuse(std::string detail)
{
    return Error{ErrorCode::InvalidArgument, std::move(detail), {}, {}, {}};
}

/// A row by its exact value: nearer first, ties by smaller id.
struct Ranked
{
    double value = 0;
    PointId id = kNoPoint;
    bool operator<(const Ranked& other) const
    {
        return value != other.value ? value < other.value : id < other.id;
    }
};

struct OneScan
{
    std::vector<Ranked> nearest; ///< The k nearest, nearest first.
    std::vector<Index> ranks; ///< Of the probes.
};

/// One pass over the rows [0, n): the k nearest, and the ranks of the probes (ascending).
/// valueOf(row) is called for rows that count(row) lets pass.
template <typename Counts, typename ValueOf>
Result<OneScan> scanAll(Index n, Index perBlock, Index k, const std::vector<Ranked>& probes,
    const Counts& counts, const ValueOf& valueOf, const Progress& progress)
{
    const auto blocks = static_cast<std::size_t>(blockCount(n, perBlock));
    std::vector<std::vector<Ranked>> found(blocks);
    std::vector<std::vector<Index>> before(blocks);
    parallelBlocks(n, perBlock, [&](Index block, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        auto& own = found[static_cast<std::size_t>(block)];
        auto& steps = before[static_cast<std::size_t>(block)];
        steps.assign(probes.size() + 1, 0);
        for (Index i = begin; i < end; ++i) {
            if (!counts(static_cast<PointId>(i)))
                continue;
            const Ranked row{valueOf(static_cast<PointId>(i)), static_cast<PointId>(i)};
            if (!probes.empty() && row < probes.back())
                ++steps[static_cast<std::size_t>(
                    std::upper_bound(probes.begin(), probes.end(), row) - probes.begin())];
            if (static_cast<Index>(own.size()) < k) {
                own.push_back(row);
                std::push_heap(own.begin(), own.end());
            } else if (k > 0 && row < own.front()) {
                std::pop_heap(own.begin(), own.end());
                own.back() = row;
                std::push_heap(own.begin(), own.end());
            }
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    OneScan scan;
    for (const auto& own : found)
        scan.nearest.insert(scan.nearest.end(), own.begin(), own.end());
    const auto wanted = std::min(k, static_cast<Index>(scan.nearest.size()));
    std::partial_sort(scan.nearest.begin(), scan.nearest.begin() + wanted, scan.nearest.end());
    scan.nearest.resize(static_cast<std::size_t>(wanted));
    // A row that stands before probe p stands before all later ones too; the probe itself was
    // counted where the next begins.
    Index rows = 0;
    for (std::size_t p = 0; p < probes.size(); ++p) {
        for (const auto& steps : before)
            rows += steps[p];
        scan.ranks.push_back(rows + 1);
    }
    return scan;
}

/// The full space seen from one row. Smaller values are nearer.
class FullView
{
public:
    static Result<FullView> make(const Dataset& dataset, const Layout& layout, PointId row,
        const std::vector<PointId>& shared, const Progress& progress)
    {
        FullView view;
        const auto metric = metricFromId(layout.recipe.metric);
        if (!metric)
            return misuse("the recipe names a metric that is not known, \""
                + printable(layout.recipe.metric) + '"');
        view.m_table = dataset.vectors();
        view.m_row = row;
        view.m_metric = *metric;
        view.m_isUnit = *metric == Metric::Cosine || layout.recipe.normalization == "unit";
        RowRoom room;
        const auto own = view.m_table.rowSpan(row, room);
        view.m_own.assign(own.begin(), own.end());
        view.m_square = pairDot(view.m_own.data(), view.m_own.data(), view.m_table.columns());
        if (*metric == Metric::Dot && layout.recipe.normalization == "center") {
            EMBEDSCOPE_TRY_ASSIGN(
                view.m_centred, ComparedSpace::full(dataset, layout.recipe, shared, progress));
            view.m_shared = &shared;
        }
        return view;
    }

    Metric metric() const { return m_metric; }

    double valueOf(PointId other) const
    {
        if (m_centred)
            return m_centred->value(placeOf(m_row), placeOf(other));
        const Index d = m_table.columns();
        RowRoom room;
        const float* const own = m_own.data();
        const float* const row = m_table.row(other, room);
        if (m_metric == Metric::Dot)
            return -pairDot(own, row, d) * (m_isUnit ? inverseLengths(row) : 1);
        if (m_metric == Metric::Manhattan) {
            return m_isUnit
                ? pairManhattan(own, inverse(m_square), row, inverse(pairDot(row, row, d)), d)
                : pairManhattan(own, 1, row, 1, d);
        }
        if (!m_isUnit)
            return pairSquare(own, 1, row, 1, d);
        // |x - y|^2 of rows of unit length; rows of zeros stay zeros.
        const double square = pairDot(row, row, d);
        const double lengths = (m_square > 0 ? 1 : 0) + (square > 0 ? 1 : 0);
        return lengths - 2 * pairDot(own, row, d) * inverse(m_square) * inverse(square);
    }

    /// The value as the metric is told.
    float shown(PointId other, double value) const
    {
        switch (m_metric) {
        case Metric::Cosine: {
            RowRoom room;
            const float* const row = m_table.row(other, room);
            return static_cast<float>(
                pairDot(m_own.data(), row, m_table.columns()) * inverseLengths(row));
        }
        case Metric::Dot:
            return static_cast<float>(-value);
        case Metric::Manhattan:
            return static_cast<float>(value);
        case Metric::Euclidean:
            break;
        }
        return static_cast<float>(std::sqrt(std::max(0.0, value)));
    }

private:
    static double inverse(double square) { return square > 0 ? 1 / std::sqrt(square) : 0; }
    double inverseLengths(const float* row) const
    {
        return inverse(m_square) * inverse(pairDot(row, row, m_table.columns()));
    }
    PointId placeOf(PointId row) const
    {
        return static_cast<PointId>(
            std::lower_bound(m_shared->begin(), m_shared->end(), row) - m_shared->begin());
    }

    VectorsView m_table;
    std::vector<float> m_own; ///< The row itself.
    PointId m_row = 0;
    Metric m_metric = Metric::Euclidean;
    bool m_isUnit = false;
    double m_square = 0; ///< Of the row itself.
    std::optional<ComparedSpace> m_centred; ///< Where the mean matters.
    const std::vector<PointId>* m_shared = nullptr;
};

bool isPlaced(MatrixView positions, PointId row)
{
    for (Index a = 0; a < positions.columns(); ++a) {
        if (!std::isfinite(positions(row, a)))
            return false;
    }
    return true;
}

double mapSquare(MatrixView positions, PointId a, PointId b)
{
    double sum = 0;
    for (Index axis = 0; axis < positions.columns(); ++axis) {
        const double step = static_cast<double>(positions(a, axis)) - positions(b, axis);
        sum += step * step;
    }
    return sum;
}

/// The rows with their values by another measure, in the order of that.
template <typename ValueOf>
std::vector<Ranked> seenBy(const std::vector<Ranked>& rows, const ValueOf& valueOf)
{
    std::vector<Ranked> seen;
    for (const Ranked& row : rows)
        seen.push_back({valueOf(row.id), row.id});
    std::sort(seen.begin(), seen.end());
    return seen;
}

Index rankIn(const std::vector<Ranked>& probes, const std::vector<Index>& ranks, PointId id)
{
    const auto found = std::find_if(
        probes.begin(), probes.end(), [id](const Ranked& probe) { return probe.id == id; });
    return ranks[static_cast<std::size_t>(found - probes.begin())];
}

} // namespace

Index PointFaithfulness::keptCount() const
{
    return std::count_if(trueNeighbors.begin(), trueNeighbors.end(),
        [this](const JudgedNeighbor& neighbor) { return !isTorn(neighbor); });
}

Result<PointFaithfulness> examinePoint(
    const Dataset& dataset, const Layout& layout, PointId row, Index k, const Progress& progress)
{
    const Index n = dataset.size();
    if (layout.size() != n) {
        return misuse("the layout has " + formatCount(layout.size()) + " rows and the table "
            + formatCount(n));
    }
    if (row >= n) {
        return misuse(
            "there is no row " + formatCount(row) + "; the last is row " + formatCount(n - 1));
    }
    if (k < 1)
        return misuse("the number of neighbours must be 1 or more, not " + std::to_string(k));
    PointFaithfulness result;
    result.row = row;
    const MatrixView positions = layout.positions;
    if (!dataset.isUsable(row) || !isPlaced(positions, row)) {
        result.metric = metricFromId(layout.recipe.metric).value_or(Metric::Euclidean);
        return result;
    }
    const bool needsMean = layout.recipe.metric == "dot" && layout.recipe.normalization == "center";
    const std::vector<PointId> shared
        = needsMean ? ComparedSpace::sharedRows(dataset, layout) : std::vector<PointId>();
    EMBEDSCOPE_TRY_ASSIGN(
        const FullView full, FullView::make(dataset, layout, row, shared, progress));
    result.metric = full.metric();

    const auto counts
        = [&](PointId id) { return id != row && dataset.isUsable(id) && isPlaced(positions, id); };
    const auto onMap = [&](PointId id) { return mapSquare(positions, row, id); };
    const auto inFull = [&](PointId id) { return full.valueOf(id); };
    const Index perBlock = std::max<Index>(1, kValuesPerBlock / dataset.dimensions());
    EMBEDSCOPE_TRY_ASSIGN(
        const OneScan shown, scanAll(n, kMapRowsPerBlock, k, {}, counts, onMap, progress));
    const std::vector<Ranked> shownInFull = seenBy(shown.nearest, inFull);
    EMBEDSCOPE_TRY_ASSIGN(
        const OneScan truth, scanAll(n, perBlock, k, shownInFull, counts, inFull, progress));
    const std::vector<Ranked> truthOnMap = seenBy(truth.nearest, onMap);
    EMBEDSCOPE_TRY_ASSIGN(
        const OneScan torn, scanAll(n, kMapRowsPerBlock, 0, truthOnMap, counts, onMap, progress));

    result.k = static_cast<Index>(truth.nearest.size());
    for (std::size_t i = 0; i < truth.nearest.size(); ++i) {
        const auto [value, id] = truth.nearest[i];
        result.trueNeighbors.push_back(
            {id, full.shown(id, value), static_cast<float>(std::sqrt(onMap(id))),
                static_cast<Index>(i) + 1, rankIn(truthOnMap, torn.ranks, id)});
    }
    for (std::size_t i = 0; i < shown.nearest.size(); ++i) {
        const auto [square, id] = shown.nearest[i];
        result.mapNeighbors.push_back(
            {id, full.shown(id, inFull(id)), static_cast<float>(std::sqrt(square)),
                rankIn(shownInFull, truth.ranks, id), static_cast<Index>(i) + 1});
    }
    return result;
}

} // namespace embedscope
