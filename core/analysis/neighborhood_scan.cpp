#include "core/analysis/neighborhood_scan.h"

#include "core/analysis/scan_kernels.h"
#include "core/base/blas.h"
#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

using Measure = ComparedSpace::Measure;

constexpr Index kRowsPerTask = 64;
constexpr Index kMostRowsAtOnce = 1024;
constexpr Index kColumnsPerStep = 1024; ///< Values of 64 rows: 256 kB.
constexpr Index kMostColumnsAtOnce = 4096;
constexpr Index kValuesAtOnce = Index{1} << 20; ///< 4 MB of prepared rows.
constexpr Index kSpare = 16; ///< Candidates beyond those asked for.
/// Undecided values of one row; more, and it is compared with all others in double.
constexpr Index kMostUndecided = 8192;
constexpr Index kExactPerCheck = Index{1} << 18; ///< Values between two looks for a stop.

/// Half a unit in the last place of float32, relative.
constexpr double kRounding = 0x1.0p-24;
/// What may be lost to underflow, in units where the largest value is about 1.
constexpr double kUnderflow = 1e-36;

/// A row by its exact value: nearer first, ties by smaller id.
struct Ranked
{
    double value;
    PointId id;
    bool operator<(const Ranked& other) const
    {
        return value != other.value ? value < other.value : id < other.id;
    }
};

/// The candidates of one row: the smallest approximate values seen so far.
class Candidates
{
public:
    explicit Candidates(Index wanted)
        : m_wanted(wanted)
        , m_values(static_cast<std::size_t>(2 * wanted + kColumnsPerStep))
        , m_ids(m_values.size())
    {
    }

    void clear()
    {
        m_size = 0;
        m_threshold = std::numeric_limits<float>::infinity();
    }

    void add(const ScanValues& scan)
    {
        m_size += scanBelow(scan, m_threshold, m_values.data() + m_size, m_ids.data() + m_size);
        if (m_size >= 2 * m_wanted)
            shrink();
    }

    /// After the last add(): the ids of the wanted smallest. All others were >= threshold().
    const std::vector<PointId>& finish()
    {
        if (m_size > m_wanted)
            shrink();
        m_ids.resize(static_cast<std::size_t>(m_size));
        return m_ids;
    }
    float threshold() const { return m_threshold; }
    void reuse() { m_ids.resize(m_values.size()); }

private:
    void shrink()
    {
        // Pairs by hand: the two arrays stay apart for the kernel.
        m_order.resize(static_cast<std::size_t>(m_size));
        for (std::size_t i = 0; i < m_order.size(); ++i)
            m_order[i] = {m_values[i], m_ids[i]};
        std::nth_element(m_order.begin(), m_order.begin() + m_wanted - 1, m_order.end());
        m_threshold = m_order[static_cast<std::size_t>(m_wanted) - 1].first;
        m_size = m_wanted;
        for (std::size_t i = 0; i < static_cast<std::size_t>(m_wanted); ++i) {
            m_values[i] = m_order[i].first;
            m_ids[i] = m_order[i].second;
        }
    }

    Index m_wanted;
    Index m_size = 0;
    float m_threshold = std::numeric_limits<float>::infinity();
    std::vector<float> m_values;
    std::vector<PointId> m_ids;
    std::vector<std::pair<float, PointId>> m_order;
};

/// What is known of one row while the others pass by.
struct RowState
{
    explicit RowState(Index wanted)
        : candidates(wanted)
    {
    }

    PointId row = 0;
    double square = 0; ///< Of the prepared row.
    double length = 0;
    double absolute = 0; ///< Sum of the prepared row's absolute values.
    Candidates candidates;
    std::vector<Ranked> probes; ///< Farthest first.
    std::vector<Index> places; ///< Of those probes among the request's.
    std::vector<float> lows; ///< Approximate values below are nearer than the probe for certain,
    std::vector<float> highs; ///< from here on they are not.
    std::vector<std::uint32_t> below;
    Index undecided = 0; ///< Above kMostUndecided they are no longer counted.
    std::vector<float> undecidedValues;
    std::vector<PointId> undecidedIds;
};

class Scan
{
public:
    Scan(const ComparedSpace& space, const ScanRequest& request, const Progress& progress)
        : m_space(space)
        , m_request(request)
        , m_progress(progress)
        , m_n(space.size())
        , m_d(space.dimensions())
        , m_wanted(std::min(request.neighbors + kSpare, m_n))
    {
        const Index m = static_cast<Index>(request.rows.size());
        m_answer.neighbors.resize(static_cast<std::size_t>(m * request.neighbors));
        m_answer.ranks.resize(static_cast<std::size_t>(m * request.probes));
        const Index byMemory = 4 * kValuesAtOnce / m_d / kRowsPerTask * kRowsPerTask;
        m_rowsAtOnce = std::clamp(byMemory, kRowsPerTask, kMostRowsAtOnce);
        m_columnsAtOnce = std::clamp<Index>(kValuesAtOnce / m_d, 64, kMostColumnsAtOnce);
    }

    Result<ScanAnswer> run()
    {
        const Index m = static_cast<Index>(m_request.rows.size());
        m_states.assign(static_cast<std::size_t>(std::min(m, m_rowsAtOnce)), RowState(m_wanted));
        m_queries.resize(m_states.size() * static_cast<std::size_t>(m_d));
        m_tile.resize(static_cast<std::size_t>(m_columnsAtOnce * m_d));
        for (Index begin = 0; begin < m; begin += m_rowsAtOnce) {
            const Index count = std::min(m_rowsAtOnce, m - begin);
            prepare(begin, count);
            for (Index column = 0; column < m_n && !m_progress.stopRequested();
                 column += m_columnsAtOnce) {
                compareWith(count, column, std::min(column + m_columnsAtOnce, m_n));
                m_progress.report("Comparing neighbourhoods",
                    (static_cast<double>(begin)
                        + static_cast<double>(count) * static_cast<double>(column)
                            / static_cast<double>(m_n))
                        / static_cast<double>(m));
            }
            if (m_progress.stopRequested())
                return stoppedError();
            conclude(begin, count);
        }
        if (m_progress.stopRequested())
            return stoppedError();
        m_progress.report("Comparing neighbourhoods", 1);
        return std::move(m_answer);
    }

private:
    /// By how much an approximate value may be off, near an exact value (in prepared units).
    double bound(const RowState& state, double value) const
    {
        const double sums = std::max(
            std::min(static_cast<double>(m_d), 1024.0), 8 * std::sqrt(static_cast<double>(m_d)));
        switch (m_space.measure()) {
        case Measure::Plane:
            return 8 * kRounding * value + kUnderflow;
        case Measure::Manhattan:
            return 2 * kRounding * (2 * state.absolute + (sums + 6) * value) + kUnderflow;
        case Measure::Dot:
            return kRounding * ((2 * sums + 16) * state.length * m_space.longest()) + kUnderflow;
        case Measure::Square:
            break;
        }
        // Rows about as near as `value` are no longer than this; longer ones are farther by more
        // than their rounding.
        const double reach = 1.1 * (state.length + std::sqrt(std::max(0.0, value)));
        return kRounding
            * ((2 * sums + 16) * state.length * reach + 8 * (state.square + reach * reach))
            + kUnderflow;
    }

    /// An exact value as the approximate ones count it.
    double approximate(const RowState& state, double value) const
    {
        const double scaled = value * m_space.unit();
        return m_space.measure() == Measure::Square ? scaled - state.square : scaled;
    }

    double boundAt(const RowState& state, double value) const
    {
        const double scaled = value * m_space.unit();
        return bound(state, scaled) + 2 * kRounding * std::abs(approximate(state, value));
    }

    void prepare(Index begin, Index count)
    {
        parallelBlocks(count, 16, [&](Index, Index first, Index last) {
            for (Index q = first; q < last && !m_progress.stopRequested(); ++q)
                prepareState(begin + q, q);
        });
    }

    void prepareState(Index at, Index q)
    {
        RowState& state = m_states[static_cast<std::size_t>(q)];
        float* query = m_queries.data() + q * m_d;
        state.row = m_request.rows[static_cast<std::size_t>(at)];
        m_space.prepareRow(state.row, query);
        state.square = pairDot(query, query, m_d);
        state.length = std::sqrt(state.square);
        state.absolute = 0;
        for (Index j = 0; j < m_d; ++j)
            state.absolute += static_cast<double>(std::abs(query[j]));
        state.candidates.clear();
        state.candidates.reuse();
        state.undecided = 0;

        const auto probes = static_cast<std::size_t>(m_request.probes);
        std::vector<std::pair<Ranked, Index>> order(probes);
        for (std::size_t p = 0; p < probes; ++p) {
            const PointId id = m_request.probeIds[static_cast<std::size_t>(at) * probes + p];
            order[p] = {{m_space.value(state.row, id), id}, static_cast<Index>(p)};
        }
        std::sort(order.begin(), order.end(),
            [](const auto& a, const auto& b) { return b.first < a.first; });
        state.probes.resize(probes);
        state.places.resize(probes);
        state.lows.resize(probes);
        state.highs.resize(probes);
        state.below.assign(probes, 0);
        for (std::size_t p = 0; p < probes; ++p) {
            state.probes[p] = order[p].first;
            state.places[p] = order[p].second;
            const double value = order[p].first.value;
            const double middle = approximate(state, value);
            const double reach = boundAt(state, value);
            state.lows[p] = static_cast<float>(middle - reach);
            state.highs[p] = static_cast<float>(middle + reach);
        }
    }

    /// Every row at work with the columns [begin, end).
    void compareWith(Index count, Index begin, Index end)
    {
        const Index columns = end - begin;
        const bool isPlane = m_space.measure() == Measure::Plane;
        const Index perBlock = std::max<Index>(1, (Index{1} << 16) / m_d);
        parallelBlocks(columns, perBlock, [&](Index, Index first, Index last) {
            if (m_progress.stopRequested())
                return;
            if (!isPlane) {
                m_space.prepareRows(begin + first, begin + last, m_tile.data() + first * m_d);
                return;
            }
            // Axis by axis, as planeSquares() reads them.
            std::vector<float> row(static_cast<std::size_t>(m_d));
            for (Index i = first; i < last; ++i) {
                m_space.prepareRow(static_cast<PointId>(begin + i), row.data());
                for (Index a = 0; a < m_d; ++a)
                    m_tile[static_cast<std::size_t>(a * m_columnsAtOnce + i)]
                        = row[static_cast<std::size_t>(a)];
            }
        });
        parallelBlocks(count, kRowsPerTask, [&](Index, Index first, Index last) {
            std::vector<float> products(static_cast<std::size_t>(kRowsPerTask * kColumnsPerStep));
            for (Index step = 0; step < columns; step += kColumnsPerStep) {
                if (m_progress.stopRequested())
                    return;
                takeStep(
                    first, last, begin, step, std::min(step + kColumnsPerStep, columns), products);
            }
        });
    }

    void takeStep(Index first, Index last, Index begin, Index step, Index stepEnd,
        std::vector<float>& products)
    {
        const Index width = stepEnd - step;
        const Measure measure = m_space.measure();
        const float* const queries = m_queries.data() + first * m_d;
        const float* const tile = m_tile.data() + step * m_d;
        if (measure == Measure::Square || measure == Measure::Dot) {
            multiplyTransposed(last - first, width, m_d, queries, m_d, tile, m_d, products.data(),
                kColumnsPerStep);
        }
        ScanValues scan;
        scan.count = width;
        scan.first = static_cast<PointId>(begin + step);
        scan.factor = measure == Measure::Square ? -2.0F : measure == Measure::Dot ? -1.0F : 1.0F;
        if (measure == Measure::Square)
            scan.base = m_space.squares().data() + begin + step;
        for (Index q = first; q < last; ++q) {
            RowState& state = m_states[static_cast<std::size_t>(q)];
            float* const values = products.data() + (q - first) * kColumnsPerStep;
            const float* const query = m_queries.data() + q * m_d;
            if (measure == Measure::Plane) {
                planeSquares(query, m_tile.data() + step, m_columnsAtOnce, m_d, width, values);
            } else if (measure == Measure::Manhattan) {
                manhattanSums(query, tile, m_d, width, values);
            }
            // The row itself is as far away as can be.
            const Index self = static_cast<Index>(state.row) - begin - step;
            if (self >= 0 && self < width) {
                values[self] = scan.factor < 0 ? -std::numeric_limits<float>::infinity()
                                               : std::numeric_limits<float>::infinity();
            }
            scan.products = values;
            take(state, scan);
        }
    }

    void take(RowState& state, const ScanValues& scan)
    {
        if (m_request.neighbors > 0)
            state.candidates.add(scan);
        if (m_request.probes == 0 || state.undecided > kMostUndecided)
            return;
        const auto needed = static_cast<std::size_t>(state.undecided + scan.count);
        if (state.undecidedValues.size() < needed) {
            state.undecidedValues.resize(needed);
            state.undecidedIds.resize(needed);
        }
        state.undecided += scanRanks(scan, state.lows.data(), state.highs.data(), m_request.probes,
            state.below.data(), scan.count, state.undecidedValues.data() + state.undecided,
            state.undecidedIds.data() + state.undecided);
    }

    void conclude(Index begin, Index count)
    {
        parallelBlocks(count, 4, [&](Index, Index first, Index last) {
            std::vector<Ranked> found;
            for (Index q = first; q < last && !m_progress.stopRequested(); ++q) {
                RowState& state = m_states[static_cast<std::size_t>(q)];
                if (!decideNeighbors(state, begin + q, found) || !decideRanks(state, begin + q))
                    compareInDouble(state, begin + q, found);
            }
        });
    }

    /// False where the candidates may lack one of the nearest.
    bool decideNeighbors(RowState& state, Index at, std::vector<Ranked>& found)
    {
        const Index k = m_request.neighbors;
        if (k == 0)
            return true;
        found.clear();
        for (const PointId id : state.candidates.finish()) {
            if (id != state.row)
                found.push_back({m_space.value(state.row, id), id});
        }
        if (static_cast<Index>(found.size()) < k)
            return false;
        std::partial_sort(found.begin(), found.begin() + k, found.end());
        const double last = found[static_cast<std::size_t>(k) - 1].value;
        if (!(approximate(state, last) + boundAt(state, last)
                < static_cast<double>(state.candidates.threshold())))
            return false;
        for (Index i = 0; i < k; ++i)
            m_answer.neighbors[static_cast<std::size_t>(at * k + i)]
                = found[static_cast<std::size_t>(i)].id;
        return true;
    }

    bool decideRanks(RowState& state, Index at)
    {
        if (state.undecided > kMostUndecided)
            return false;
        for (Index u = 0; u < state.undecided; ++u) {
            const float rough = state.undecidedValues[static_cast<std::size_t>(u)];
            const PointId id = state.undecidedIds[static_cast<std::size_t>(u)];
            const Ranked own{m_space.value(state.row, id), id};
            for (std::size_t p = 0; p < state.probes.size(); ++p) {
                if (rough >= state.lows[p] && rough < state.highs[p])
                    state.below[p] += own < state.probes[p] ? 1 : 0;
            }
        }
        writeRanks(state, at);
        return true;
    }

    void writeRanks(const RowState& state, Index at)
    {
        for (std::size_t p = 0; p < state.probes.size(); ++p) {
            m_answer.ranks[static_cast<std::size_t>(at * m_request.probes + state.places[p])]
                = state.below[p] + 1;
        }
    }

    void compareInDouble(RowState& state, Index at, std::vector<Ranked>& found)
    {
        const Index k = m_request.neighbors;
        const Index perCheck = std::max<Index>(1, kExactPerCheck / m_d);
        found.clear();
        std::fill(state.below.begin(), state.below.end(), 0U);
        for (Index i = 0; i < m_n; ++i) {
            if (i % perCheck == 0 && m_progress.stopRequested())
                return;
            const auto id = static_cast<PointId>(i);
            if (id == state.row)
                continue;
            const Ranked own{m_space.value(state.row, id), id};
            for (std::size_t p = 0; p < state.probes.size() && own < state.probes[p]; ++p)
                ++state.below[p];
            if (k == 0)
                continue;
            // A heap with the farthest of the k on top.
            if (static_cast<Index>(found.size()) < k) {
                found.push_back(own);
                std::push_heap(found.begin(), found.end());
            } else if (own < found.front()) {
                std::pop_heap(found.begin(), found.end());
                found.back() = own;
                std::push_heap(found.begin(), found.end());
            }
        }
        std::sort_heap(found.begin(), found.end());
        for (std::size_t i = 0; i < found.size(); ++i)
            m_answer.neighbors[static_cast<std::size_t>(at * k) + i] = found[i].id;
        writeRanks(state, at);
    }

    const ComparedSpace& m_space;
    const ScanRequest& m_request;
    const Progress& m_progress;
    const Index m_n;
    const Index m_d;
    const Index m_wanted;
    Index m_rowsAtOnce = 0;
    Index m_columnsAtOnce = 0;
    std::vector<RowState> m_states;
    std::vector<float> m_queries;
    std::vector<float> m_tile; ///< Prepared rows of the columns at work.
    ScanAnswer m_answer;
};

} // namespace

Result<ScanAnswer> scanNeighborhoods(
    const ComparedSpace& space, const ScanRequest& request, const Progress& progress)
{
    return Scan(space, request, progress).run();
}

} // namespace embedscope
