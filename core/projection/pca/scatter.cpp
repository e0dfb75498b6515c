#include "core/projection/pca/scatter.h"

#include "core/base/blas.h"
#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/projection/pca/column_products.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

namespace embedscope {

namespace {

constexpr Index kRowsPerStep = 256; ///< Rows whose products are summed in float32.
constexpr Index kStripe = 64; ///< Rows of the scatter matrix that one task sums.
/// Up to here a task sums a scatter matrix of its own: they are small.
constexpr Index kNarrow = 256;
constexpr Index kSampleRows = 1024;
constexpr Index kColumnsPerStep = 1024;

/// Values outside [1 / kComfortable, kComfortable] are scaled: their squares leave float32.
constexpr float kComfortable = 1e12F;

float scaleFor(float largest)
{
    if (largest > kComfortable || (largest > 0 && largest < 1 / kComfortable))
        return std::ldexp(1.0F, std::clamp(-std::ilogb(largest), -126, 126));
    return 1;
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

/// The mean of rows spread evenly over the table.
Centring centringOfSample(VectorsView points)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const Index count = std::min(n, kSampleRows);
    std::vector<double> mean(static_cast<std::size_t>(d));
    float largest = 0;
    RowRoom room;
    for (Index s = 0; s < count; ++s) {
        const float* row = points.row(s * n / count, room);
        for (Index j = 0; j < d; ++j) {
            mean[static_cast<std::size_t>(j)] += static_cast<double>(row[j]);
            largest = std::max(largest, std::abs(row[j]));
        }
    }
    for (double& value : mean)
        value /= static_cast<double>(count);
    return Centring(std::move(mean), scaleFor(largest));
}

/// Sums over all rows, shifted and scaled, with a column of ones behind the last.
struct ShiftedSums
{
    Index width = 0; ///< Of a row of `products`.
    std::vector<double> products;
    float largest = 0; ///< Magnitude of any value.
};

Result<ShiftedSums> sumShifted(VectorsView points, const Centring& shift, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    ShiftedSums sums;
    sums.width = paddedWidth(d + 1);
    // Narrow: several sums side by side keep the processors busy. Wide: rows of one sum do.
    const bool isNarrow = sums.width <= kNarrow;
    const Index blocks = isNarrow ? 32 : 8;
    const Index stripes = isNarrow ? 1 : blockCount(sums.width, kStripe);
    const Index copies = isNarrow ? std::min(blocks, blockCount(n, kRowsPerStep)) : 1;
    EMBEDSCOPE_TRY_ASSIGN(sums.products, zeroSquare(sums.width, copies));
    const Index blockSize = kRowsPerStep * sums.width;
    EMBEDSCOPE_TRY_ASSIGN(Matrix packed, Matrix::allocate(isNarrow ? copies : blocks, blockSize));
    std::vector<float> largest(static_cast<std::size_t>(blocks));

    // Narrow tables take several steps in a task, so that tasks are worth their while.
    const Index steps = isNarrow ? std::clamp<Index>(n / (kRowsPerStep * blocks * 8), 1, 16) : 1;
    const Index rowsPerPass = blocks * kRowsPerStep * steps;
    for (Index pass = 0; pass < n; pass += rowsPerPass) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report(
            "Finding principal components", static_cast<double>(pass) / static_cast<double>(n));
        const Index rows = std::min(n - pass, rowsPerPass);
        parallelBlocks(rows, kRowsPerStep * steps, [&](Index block, Index begin, Index end) {
            if (progress.stopRequested())
                return;
            float& most = largest[static_cast<std::size_t>(block)];
            RowRoom room;
            for (Index at = begin; at < end; at += kRowsPerStep) {
                const Index count = std::min(kRowsPerStep, end - at);
                most = std::max(most,
                    packShifted(points.rows(pass + at, pass + at + count, room), d, count, d,
                        shift.roundedMean.data(), shift.scale, true, packed.row(block)));
                if (isNarrow) {
                    addColumnProducts(packed.row(block), count, sums.width, 0, sums.width,
                        sums.products.data() + block * sums.width * sums.width);
                }
            }
        });
        if (isNarrow)
            continue;
        // The first stripes are the longest: they start first.
        parallelBlocks(stripes, 1, [&](Index stripe, Index, Index) {
            if (progress.stopRequested())
                return;
            for (Index block = 0; block * kRowsPerStep < rows; ++block) {
                addColumnProducts(packed.row(block),
                    std::min(kRowsPerStep, rows - block * kRowsPerStep), sums.width,
                    stripe * kStripe, std::min(sums.width, (stripe + 1) * kStripe),
                    sums.products.data());
            }
        });
    }
    if (progress.stopRequested())
        return stoppedError();
    const Index size = sums.width * sums.width;
    for (Index copy = 1; copy < copies; ++copy) {
        for (Index i = 0; i < size; ++i)
            sums.products[static_cast<std::size_t>(i)]
                += sums.products[static_cast<std::size_t>(copy * size + i)];
    }
    sums.largest = *std::max_element(largest.begin(), largest.end());
    return sums;
}

/// The products of rows centred exactly, from those of rows that were shifted by `shift`. False
/// where so little is left of them that rounding may have eaten it.
bool correct(const ShiftedSums& sums, Index n, Index d, const Centring& shift, bool isCentred,
    Moments& moments)
{
    std::vector<double> rest(static_cast<std::size_t>(d));
    std::vector<double> mean(static_cast<std::size_t>(d));
    for (Index j = 0; isCentred && j < d; ++j) {
        const auto at = static_cast<std::size_t>(j);
        rest[at]
            = sums.products[static_cast<std::size_t>(j * sums.width + d)] / static_cast<double>(n);
        mean[at] = shift.roundedMean[at] + rest[at] / shift.scale;
    }
    bool isSound = true;
    moments.products.resize(static_cast<std::size_t>(d * d));
    for (Index i = 0; i < d; ++i) {
        const double* from = sums.products.data() + i * sums.width;
        double* to = moments.products.data() + i * d;
        const double factor = static_cast<double>(n) * rest[static_cast<std::size_t>(i)];
        for (Index j = i; j < d; ++j)
            to[j] = from[j] - factor * rest[static_cast<std::size_t>(j)];
        to[i] = std::max(to[i], 0.0);
        isSound = isSound && factor * rest[static_cast<std::size_t>(i)] <= 100 * to[i];
    }
    mirror(moments.products, d);
    moments.centring = Centring(std::move(mean), shift.scale);
    return isSound;
}

} // namespace

Centring::Centring(std::vector<double> ofRows, float factor)
    : mean(std::move(ofRows))
    , scale(factor)
    , roundedMean(mean.begin(), mean.end())
{
}

void Centring::apply(VectorsView points, Index rowBegin, Index rowEnd, Index columnBegin,
    Index columnEnd, float* out) const
{
    const Index width = columnEnd - columnBegin;
    const float* centre = roundedMean.data() + columnBegin;
    RowRoom room;
    for (Index i = rowBegin; i < rowEnd; ++i, out += width) {
        const float* row = points.part(i, columnBegin, columnEnd, room);
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

Result<Centring> findCentring(VectorsView points, const Progress& progress)
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
        RowRoom room;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const float* row = points.row(i, room);
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
    return Centring(std::move(mean), scaleFor(*std::max_element(largest.begin(), largest.end())));
}

Result<Moments> scatterMatrix(VectorsView points, bool isCentred, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    Centring shift = centringOfSample(points);
    if (!isCentred)
        shift = Centring(std::vector<double>(static_cast<std::size_t>(d)), shift.scale);
    Moments moments;
    EMBEDSCOPE_TRY_ASSIGN(ShiftedSums sums, sumShifted(points, shift, progress.part(0, 0.5)));
    const float scale = scaleFor(sums.largest);
    if (scale == shift.scale && correct(sums, n, d, shift, isCentred, moments))
        return moments;
    if (isCentred) {
        EMBEDSCOPE_TRY_ASSIGN(shift, findCentring(points, progress.part(0.5, 0.6)));
    } else {
        shift.scale = scale;
    }
    EMBEDSCOPE_TRY_ASSIGN(sums, sumShifted(points, shift, progress.part(0.6, 1)));
    correct(sums, n, d, shift, isCentred, moments);
    return moments;
}

Result<Moments> innerProducts(VectorsView points, bool isCentred, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    Moments moments;
    EMBEDSCOPE_TRY_ASSIGN(moments.centring, findCentring(points, progress.part(0, 0.1)));
    if (!isCentred) {
        moments.centring
            = Centring(std::vector<double>(static_cast<std::size_t>(d)), moments.centring.scale);
    }
    EMBEDSCOPE_TRY_ASSIGN(moments.products, zeroSquare(n, 1));
    EMBEDSCOPE_TRY_ASSIGN(Matrix centred, Matrix::allocate(n, std::min(d, kColumnsPerStep)));
    const Index tile = n > 512 ? 128 : 64;
    std::vector<std::pair<Index, Index>> tiles;
    for (Index i = 0; i < n; i += tile) {
        for (Index j = i; j < n; j += tile)
            tiles.emplace_back(i, j);
    }
    for (Index begin = 0; begin < d; begin += kColumnsPerStep) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report("Finding principal components",
            0.1 + 0.9 * static_cast<double>(begin) / static_cast<double>(d));
        const Index width = std::min(d - begin, kColumnsPerStep);
        parallelBlocks(n, tile, [&](Index, Index rowBegin, Index rowEnd) {
            moments.centring.apply(
                points, rowBegin, rowEnd, begin, begin + width, centred.data() + rowBegin * width);
        });
        parallelBlocks(static_cast<Index>(tiles.size()), 1, [&](Index item, Index, Index) {
            if (progress.stopRequested())
                return;
            const auto [i, j] = tiles[static_cast<std::size_t>(item)];
            const Index rows = std::min(tile, n - i);
            const Index columns = std::min(tile, n - j);
            std::vector<float> sums(static_cast<std::size_t>(rows * columns));
            multiplyTransposed(rows, columns, width, centred.data() + i * width, width,
                centred.data() + j * width, width, sums.data(), columns);
            for (Index r = 0; r < rows; ++r) {
                double* to = moments.products.data() + (i + r) * n + j;
                for (Index c = 0; c < columns; ++c)
                    to[c] += static_cast<double>(sums[static_cast<std::size_t>(r * columns + c)]);
            }
        });
    }
    if (progress.stopRequested())
        return stoppedError();
    mirror(moments.products, n);
    return moments;
}

} // namespace embedscope
