#include "core/base/blas.h"
#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/neighbors/candidate_kernels.h"
#include "core/neighbors/exact.h"
#include "core/neighbors/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

namespace embedscope {

// Two passes. First, inner products by blocked float32 matrix products give approximate squared
// distances |y|^2 - 2 x.y, of which a few more than k candidates are kept. Then the candidates'
// distances are taken anew, in double, from the differences. A bound on the rounding of the first
// pass tells whether a point that was not kept could belong to the k; where it could (ties by the
// dozen, mostly), that one row is searched in full. So the result is exact.

namespace {

constexpr Index kColumnsPerTile = 1024;
constexpr Index kRowsPerBlock = 1024;
constexpr Index kSpare = 16; ///< Candidates beyond k and the point itself.

/// The rows around their mean and of moderate size, so that products cancel little and fit float32.
struct Centred
{
    Matrix rows;
    std::vector<float> squares; ///< |row|^2
    double scale = 1;
};

Result<Centred> centredRows(MatrixView points, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const Index blockRows = std::max(kRowsPerBlock, (n + 255) / 256);
    const Index blocks = blockCount(n, blockRows);
    std::vector<double> sums(static_cast<std::size_t>(blocks * d));
    std::vector<float> largest(static_cast<std::size_t>(blocks));
    parallelBlocks(n, blockRows, [&](Index block, Index begin, Index end) {
        double* sum = sums.data() + block * d;
        float& most = largest[static_cast<std::size_t>(block)];
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            for (Index j = 0; j < d; ++j) {
                sum[j] += static_cast<double>(points(i, j));
                most = std::max(most, std::abs(points(i, j)));
            }
        }
    });
    std::vector<double> mean(static_cast<std::size_t>(d));
    for (Index at = 0; at < blocks * d; ++at)
        mean[static_cast<std::size_t>(at % d)]
            += sums[static_cast<std::size_t>(at)] / static_cast<double>(n);
    const float most = *std::max_element(largest.begin(), largest.end());

    Centred centred;
    centred.scale = most > 0 ? std::ldexp(1.0, -std::ilogb(most)) : 1;
    EMBEDSCOPE_TRY_ASSIGN(centred.rows, Matrix::allocate(n, d));
    centred.squares.resize(static_cast<std::size_t>(n));
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            float* row = centred.rows.row(i);
            double square = 0;
            for (Index j = 0; j < d; ++j) {
                row[j] = static_cast<float>(
                    (points(i, j) - mean[static_cast<std::size_t>(j)]) * centred.scale);
                square += static_cast<double>(row[j]) * row[j];
            }
            centred.squares[static_cast<std::size_t>(i)] = static_cast<float>(square);
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    return centred;
}

/// The candidates of one row: the smallest approximate values seen so far.
class Candidates
{
public:
    explicit Candidates(Index wanted)
        : m_wanted(wanted)
        , m_values(static_cast<std::size_t>(2 * wanted + kColumnsPerTile))
        , m_ids(m_values.size())
    {
    }

    void add(const float* products, const float* squares, Index count, PointId first)
    {
        m_size += selectBelow(products, squares, count, m_threshold, first,
            m_values.data() + m_size, m_ids.data() + m_size);
        if (m_size >= 2 * m_wanted)
            shrink();
    }

    /// After the last add(): keeps the wanted smallest. Everything else seen was >= threshold().
    void finish()
    {
        if (m_size > m_wanted)
            shrink();
    }
    float threshold() const { return m_threshold; }
    const PointId* begin() const { return m_ids.data(); }
    const PointId* end() const { return m_ids.data() + m_size; }

private:
    void shrink()
    {
        m_order.resize(static_cast<std::size_t>(m_size));
        for (std::size_t i = 0; i < m_order.size(); ++i)
            m_order[i] = {m_values[i], m_ids[i]};
        std::nth_element(m_order.begin(), m_order.begin() + m_wanted - 1, m_order.end());
        m_size = m_wanted;
        for (std::size_t i = 0; i < static_cast<std::size_t>(m_size); ++i)
            std::tie(m_values[i], m_ids[i]) = m_order[i];
        m_threshold = m_order[static_cast<std::size_t>(m_wanted - 1)].first;
    }

    Index m_wanted;
    Index m_size = 0;
    float m_threshold = std::numeric_limits<float>::infinity();
    std::vector<float> m_values;
    std::vector<PointId> m_ids;
    std::vector<std::pair<float, PointId>> m_order;
};

/// The exact part: distances of one row in double, and the k nearest of them.
class RowSearch
{
public:
    RowSearch(MatrixView points, const Centred& centred, Index k)
        : m_points(points)
        , m_centred(centred)
        , m_k(k)
        , m_query(static_cast<std::size_t>(points.columns()))
    {
    }

    void run(PointId row, const Candidates& candidates, PointId* ids, float* distances)
    {
        const float* values = m_points.row(row);
        std::copy_n(values, m_query.size(), m_query.begin());
        m_found.clear();
        for (const PointId id : candidates) {
            if (id != row)
                m_found.push_back({distance(id), id});
        }
        const auto kth = m_found.begin() + m_k - 1;
        std::nth_element(m_found.begin(), kth, m_found.end());
        if (!isCertain(row, kth->first, candidates.threshold()))
            searchAll(row);
        std::partial_sort(m_found.begin(), m_found.begin() + m_k, m_found.end());
        for (Index i = 0; i < m_k; ++i) {
            distances[i] = m_found[static_cast<std::size_t>(i)].first;
            ids[i] = m_found[static_cast<std::size_t>(i)].second;
        }
    }

private:
    float distance(PointId id)
    {
        double square = 0;
        rowSquaredDistances(m_points.row(id), 1, m_points.columns(), m_query.data(), &square);
        return rounded(square);
    }

    static float rounded(double square)
    {
        constexpr double limit = std::numeric_limits<float>::max();
        return static_cast<float>(std::min(std::sqrt(square), limit));
    }

    /// True where no point whose approximate value was >= threshold can be as near as the k-th.
    bool isCertain(PointId row, float kthDistance, float threshold) const
    {
        if (threshold == std::numeric_limits<float>::infinity())
            return true; // Every point was a candidate.
        constexpr double unit = 0x1.0p-24;
        const double square = m_centred.squares[row];
        const double x = std::sqrt(square);
        const double kth = (1 + 4 * unit) * kthDistance * m_centred.scale;
        // A point that near is no longer than this.
        const double y = x + kth;
        const double d = static_cast<double>(m_points.columns());
        // Sums of d rounded products, the rounding of both rows, and of the last two operations.
        const double error = unit * (2 * (d + 2) * x * y + 8 * (square + y * y));
        return threshold + square > kth * kth + error;
    }

    void searchAll(PointId row)
    {
        const Index n = m_points.rows();
        m_squares.resize(static_cast<std::size_t>(n));
        rowSquaredDistances(
            m_points.data(), n, m_points.columns(), m_query.data(), m_squares.data());
        m_found.clear();
        for (PointId id = 0; id < static_cast<PointId>(n); ++id) {
            if (id != row)
                m_found.push_back({rounded(m_squares[id]), id});
        }
        std::nth_element(m_found.begin(), m_found.begin() + m_k - 1, m_found.end());
    }

    MatrixView m_points;
    const Centred& m_centred;
    Index m_k;
    std::vector<double> m_query;
    std::vector<double> m_squares;
    std::vector<std::pair<float, PointId>> m_found; ///< Distance first, so that ties go by id.
};

} // namespace

Result<NeighborTable> exactNeighborTable(MatrixView points, Index k, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    if (k < 1 || k >= n) {
        return Error{ErrorCode::InvalidArgument,
            "the number of neighbours must be from 1 to " + std::to_string(n - 1) + ", not "
                + std::to_string(k),
            {}, {}, {}};
    }
    progress.report("Finding neighbours", 0);
    EMBEDSCOPE_TRY_ASSIGN(const Centred centred, centredRows(points, progress));

    NeighborTable table;
    table.k = k;
    table.ids.resize(static_cast<std::size_t>(n * k));
    table.values.resize(static_cast<std::size_t>(n * k));
    const Index wanted = std::min(n, k + 1 + kSpare);
    // About 2^27 multiplications a block, a few milliseconds.
    const Index blockRows
        = std::clamp<Index>((Index{1} << 27) / (n * std::max<Index>(d, 32)), 8, 128);
    // Passes of a few dozen blocks, so that progress is reported from one thread.
    const Index rowsPerPass = 32 * blockRows;
    for (Index pass = 0; pass < n; pass += rowsPerPass) {
        progress.report("Finding neighbours", static_cast<double>(pass) / static_cast<double>(n));
        const Index rows = std::min(rowsPerPass, n - pass);
        parallelBlocks(rows, blockRows, [&](Index, Index blockBegin, Index blockEnd) {
            const Index begin = pass + blockBegin;
            const Index count = blockEnd - blockBegin;
            std::vector<Candidates> candidates(static_cast<std::size_t>(count), Candidates(wanted));
            std::vector<float> products(static_cast<std::size_t>(count * kColumnsPerTile));
            for (Index tile = 0; tile < n; tile += kColumnsPerTile) {
                if (progress.stopRequested())
                    return;
                const Index width = std::min(kColumnsPerTile, n - tile);
                multiplyTransposed(count, width, d, centred.rows.row(begin), d,
                    centred.rows.row(tile), d, products.data(), width);
                for (Index i = 0; i < count; ++i) {
                    candidates[static_cast<std::size_t>(i)].add(products.data() + i * width,
                        centred.squares.data() + tile, width, static_cast<PointId>(tile));
                }
            }
            RowSearch search(points, centred, k);
            for (Index i = 0; i < count && !progress.stopRequested(); ++i) {
                candidates[static_cast<std::size_t>(i)].finish();
                search.run(static_cast<PointId>(begin + i), candidates[static_cast<std::size_t>(i)],
                    table.ids.data() + (begin + i) * k, table.values.data() + (begin + i) * k);
            }
        });
        if (progress.stopRequested())
            return stoppedError();
    }
    progress.report("Finding neighbours", 1);
    return table;
}

} // namespace embedscope
