#include "core/projection/pca/table_operator.h"

#include "core/base/parallel.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr Index kRowsPerPass = 512; ///< Rows whose products are summed in float32.
constexpr Index kRowsPerTask = 64;
constexpr Index kColumnsPerTask = 512;

/// One block of vectors through the matrix.
class Product
{
public:
    Product(VectorsView points, const Centring& centring, Index count, const double* x, double* y)
        : m_points(points)
        , m_centring(centring)
        , m_count(count)
        , m_x(x, x + count * points.columns())
        , m_y(y)
        , m_scores(static_cast<std::size_t>(kRowsPerPass * count))
    {
        std::fill_n(y, count * points.columns(), 0);
    }

    void run(const Progress& progress)
    {
        const Index n = m_points.rows();
        for (Index begin = 0; begin < n && !progress.stopRequested(); begin += kRowsPerPass) {
            const Index rows = std::min(kRowsPerPass, n - begin);
            parallelBlocks(rows, kRowsPerTask, [&](Index, Index from, Index to) {
                if (!progress.stopRequested())
                    score(begin, from, to);
            });
            parallelBlocks(m_points.columns(), kColumnsPerTask, [&](Index, Index from, Index to) {
                if (!progress.stopRequested())
                    spread(begin, rows, from, to);
            });
        }
    }

private:
    /// Scores of rows along all vectors: X x^T.
    void score(Index begin, Index from, Index to)
    {
        const Index d = m_points.columns();
        std::vector<float> block(static_cast<std::size_t>((to - from) * d));
        m_centring.apply(m_points, begin + from, begin + to, 0, d, block.data());
        multiplyTransposed(to - from, m_count, d, block.data(), d, m_x.data(), d,
            m_scores.data() + from * m_count, m_count);
    }

    /// Adds the rows, weighted by their scores, in some columns.
    void spread(Index begin, Index rows, Index from, Index to)
    {
        const Index width = to - from;
        std::vector<float> block(static_cast<std::size_t>(rows * width));
        m_centring.apply(m_points, begin, begin + rows, from, to, block.data());
        std::vector<float> sums(static_cast<std::size_t>(m_count * width));
        transposedMultiply(m_count, width, rows, m_scores.data(), m_count, block.data(), width,
            sums.data(), width);
        for (Index c = 0; c < m_count; ++c) {
            const float* part = sums.data() + c * width;
            double* to64 = m_y + c * m_points.columns() + from;
            for (Index j = 0; j < width; ++j)
                to64[j] += static_cast<double>(part[j]);
        }
    }

    VectorsView m_points;
    const Centring& m_centring;
    Index m_count;
    std::vector<float> m_x;
    double* m_y;
    std::vector<float> m_scores; ///< A row of m_count for each row of the pass.
};

} // namespace

SymmetricOperator scatterOperator(
    VectorsView points, const Centring& centring, const Progress& progress)
{
    return [points, &centring, &progress](Index count, const double* x, double* y) {
        Product(points, centring, count, x, y).run(progress);
    };
}

SymmetricOperator denseOperator(const std::vector<double>& matrix, Index m)
{
    return [&matrix, m](Index count, const double* x, double* y) {
        constexpr Index kChunk = 128;
        parallelBlocks(m, kChunk, [&](Index, Index begin, Index end) {
            multiply(count, end - begin, m, x, m, matrix.data() + begin, m, y + begin, m);
        });
    };
}

} // namespace embedscope
