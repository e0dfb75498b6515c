#include "core/projection/pca/scatter.h"

#include "core/base/blas.h"
#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

namespace embedscope {

namespace {

constexpr Index kRowsPerStep = 1024; ///< Rows whose products are summed in float32.
constexpr Index kTile = 256; ///< Columns of a tile of the scatter matrix.
constexpr Index kGramTile = 64;
constexpr Index kColumnsPerStep = 2048;

/// Values outside [1 / kComfortable, kComfortable] are scaled: their squares leave float32.
constexpr float kComfortable = 1e12F;

std::vector<std::pair<Index, Index>> upperTiles(Index tiles)
{
    std::vector<std::pair<Index, Index>> pairs;
    for (Index i = 0; i < tiles; ++i) {
        for (Index j = i; j < tiles; ++j)
            pairs.emplace_back(i, j);
    }
    return pairs;
}

Result<std::vector<double>> zeroSquare(Index m, Index copies)
{
    try {
        return std::vector<double>(static_cast<std::size_t>(copies * m * m));
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory,
            "principal components of this table need a matrix of "
                + formatBytes(static_cast<std::uint64_t>(m * m) * sizeof(double))
                + ", which is more than there is memory for",
            {}, {}, {}};
    }
}

void mirror(std::vector<double>& square, Index m)
{
    for (Index i = 0; i < m; ++i) {
        for (Index j = i + 1; j < m; ++j)
            square[static_cast<std::size_t>(j * m + i)]
                = square[static_cast<std::size_t>(i * m + j)];
    }
}

void add(const std::vector<float>& tile, Index rows, Index columns, double* sum, Index stride)
{
    for (Index i = 0; i < rows; ++i) {
        const float* from = tile.data() + i * columns;
        double* to = sum + i * stride;
        for (Index j = 0; j < columns; ++j)
            to[j] += static_cast<double>(from[j]);
    }
}

} // namespace

Centring::Centring(std::vector<double> ofRows, float factor)
    : mean(std::move(ofRows))
    , scale(factor)
    , roundedMean(mean.begin(), mean.end())
{
}

void Centring::apply(MatrixView points, Index rowBegin, Index rowEnd, Index columnBegin,
    Index columnEnd, float* out) const
{
    const Index width = columnEnd - columnBegin;
    const float* centre = roundedMean.data() + columnBegin;
    for (Index i = rowBegin; i < rowEnd; ++i, out += width) {
        const float* row = points.row(i) + columnBegin;
        // Scaled before the difference: of two huge values of opposite sign it could overflow.
        if (scale == 1) {
            for (Index j = 0; j < width; ++j)
                out[j] = row[j] - centre[j];
        } else {
            for (Index j = 0; j < width; ++j)
                out[j] = row[j] * scale - centre[j] * scale;
        }
    }
}

Result<Centring> findCentring(MatrixView points, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const Index blockRows = std::max<Index>({kRowsPerStep, (n + 255) / 256, 1});
    const Index blocks = blockCount(n, blockRows);
    std::vector<double> sums(static_cast<std::size_t>(blocks * d));
    std::vector<float> largest(static_cast<std::size_t>(blocks));
    parallelBlocks(n, blockRows, [&](Index block, Index begin, Index end) {
        double* sum = sums.data() + block * d;
        float most = 0;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const float* row = points.row(i);
            for (Index j = 0; j < d; ++j)
                sum[j] += static_cast<double>(row[j]);
            for (Index j = 0; j < d; ++j)
                most = std::max(most, std::abs(row[j]));
        }
        largest[static_cast<std::size_t>(block)] = most;
    });
    if (progress.stopRequested())
        return stoppedError();
    std::vector<double> mean(static_cast<std::size_t>(d));
    for (Index block = 0; block < blocks; ++block) {
        for (Index j = 0; j < d; ++j)
            mean[static_cast<std::size_t>(j)] += sums[static_cast<std::size_t>(block * d + j)];
    }
    for (double& value : mean)
        value /= static_cast<double>(n);
    const float most = *std::max_element(largest.begin(), largest.end());
    float scale = 1;
    if (most > kComfortable || (most > 0 && most < 1 / kComfortable))
        scale = std::ldexp(1.0F, std::clamp(-std::ilogb(most), -126, 126));
    return Centring(std::move(mean), scale);
}

Result<std::vector<double>> scatterMatrix(
    MatrixView points, const Centring& centring, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const auto tiles = upperTiles(blockCount(d, kTile));
    const Index tileCount = static_cast<Index>(tiles.size());
    // Several sums side by side keep the processors busy where the matrix is but a tile or two.
    const Index groups
        = std::clamp<Index>(32 / tileCount, 1, std::max<Index>(1, blockCount(n, kRowsPerStep)));
    EMBEDSCOPE_TRY_ASSIGN(auto sums, zeroSquare(d, groups));

    const Index rowsPerPass = groups * kRowsPerStep;
    for (Index pass = 0; pass < n; pass += rowsPerPass) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report(
            "Finding principal components", static_cast<double>(pass) / static_cast<double>(n));
        parallelBlocks(groups * tileCount, 1, [&](Index item, Index, Index) {
            const Index group = item / tileCount;
            const auto [ti, tj] = tiles[static_cast<std::size_t>(item % tileCount)];
            const Index begin = std::min(n, pass + group * kRowsPerStep);
            const Index end = std::min(n, begin + kRowsPerStep);
            if (begin == end)
                return;
            const Index iBegin = ti * kTile;
            const Index jBegin = tj * kTile;
            const Index iEnd = std::min(d, iBegin + kTile);
            const Index jEnd = std::min(d, jBegin + kTile);
            const Index iWidth = iEnd - iBegin;
            const Index jWidth = jEnd - jBegin;
            std::vector<float> left(static_cast<std::size_t>((end - begin) * iWidth));
            std::vector<float> tile(static_cast<std::size_t>(iWidth * jWidth));
            centring.apply(points, begin, end, iBegin, iEnd, left.data());
            if (ti == tj) {
                gram(iWidth, end - begin, left.data(), iWidth, tile.data(), iWidth);
            } else {
                std::vector<float> right(static_cast<std::size_t>((end - begin) * jWidth));
                centring.apply(points, begin, end, jBegin, jEnd, right.data());
                transposedMultiply(iWidth, jWidth, end - begin, left.data(), iWidth, right.data(),
                    jWidth, tile.data(), jWidth);
            }
            add(tile, iWidth, jWidth, sums.data() + group * d * d + iBegin * d + jBegin, d);
        });
    }
    for (Index group = 1; group < groups; ++group) {
        for (Index i = 0; i < d * d; ++i)
            sums[static_cast<std::size_t>(i)] += sums[static_cast<std::size_t>(group * d * d + i)];
    }
    sums.resize(static_cast<std::size_t>(d * d));
    mirror(sums, d);
    return sums;
}

Result<std::vector<double>> innerProducts(MatrixView centred, const Progress& progress)
{
    const Index n = centred.rows();
    const Index d = centred.columns();
    const auto tiles = upperTiles(blockCount(n, kGramTile));
    EMBEDSCOPE_TRY_ASSIGN(auto products, zeroSquare(n, 1));
    parallelBlocks(static_cast<Index>(tiles.size()), 1, [&](Index item, Index, Index) {
        const auto [ti, tj] = tiles[static_cast<std::size_t>(item)];
        const Index iBegin = ti * kGramTile;
        const Index jBegin = tj * kGramTile;
        const Index iCount = std::min(n, iBegin + kGramTile) - iBegin;
        const Index jCount = std::min(n, jBegin + kGramTile) - jBegin;
        std::vector<float> tile(static_cast<std::size_t>(iCount * jCount));
        for (Index begin = 0; begin < d && !progress.stopRequested(); begin += kColumnsPerStep) {
            const Index width = std::min(d, begin + kColumnsPerStep) - begin;
            multiplyTransposed(iCount, jCount, width, centred.row(iBegin) + begin, d,
                centred.row(jBegin) + begin, d, tile.data(), jCount);
            add(tile, iCount, jCount, products.data() + iBegin * n + jBegin, n);
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    mirror(products, n);
    return products;
}

} // namespace embedscope
