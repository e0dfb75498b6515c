#include "core/base/blas.h"
#include "core/base/parallel.h"
#include "core/projection/pca/narrow_scores.h"
#include "core/projection/pca/pca.h"
#include "core/projection/pca/scatter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 1024;
constexpr Index kRowsPerProduct = 64; ///< Of a narrow product: they stay in the nearest cache.
/// Values of all axes together up to which they stay in the cache of one processor.
constexpr Index kNarrow = Index{1} << 17;
/// Rows whose mean lies further from the origin than this many times their spread are centred
/// before the product; nearer, the mean's own score is subtracted behind it, which costs a digit at
/// most and saves a pass.
constexpr double kFarMean = 10;

bool isMeanNear(const PrincipalComponents& components)
{
    double squares = 0;
    for (const double value : components.mean)
        squares += value * value;
    return components.scale == 1 && squares <= kFarMean * components.totalVariance;
}

/// How scores become coordinates.
struct Finish
{
    std::vector<float> offsets; ///< What the mean itself scores; zeros where rows were centred.
    std::vector<double> factors; ///< Empty where all are 1.

    void apply(float* scores, Index rows) const
    {
        constexpr double limit = std::numeric_limits<float>::max();
        const auto columns = static_cast<Index>(offsets.size());
        for (Index i = 0; i < rows; ++i, scores += columns) {
            for (Index c = 0; c < columns; ++c)
                scores[c] -= offsets[static_cast<std::size_t>(c)];
            for (Index c = 0; c < columns && !factors.empty(); ++c) {
                const double value = scores[c] * factors[static_cast<std::size_t>(c)];
                scores[c] = static_cast<float>(std::clamp(value, -limit, limit));
            }
        }
    }
};

} // namespace

Result<Matrix> componentScores(const PrincipalComponents& components, VectorsView points,
    std::span<const Index> which, const Progress& progress, bool isWhitened)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const auto columns = static_cast<Index>(which.size());
    const bool isNear = isMeanNear(components);
    const double unscale = 1 / static_cast<double>(components.scale);
    EMBEDSCOPE_TRY_ASSIGN(Matrix axes, Matrix::allocate(columns, d));
    Finish finish;
    finish.offsets.assign(which.size(), 0);
    if (isWhitened || unscale != 1)
        finish.factors.assign(which.size(), unscale);
    for (Index c = 0; c < columns; ++c) {
        const Index component = which[static_cast<std::size_t>(c)];
        if (component >= components.count()) {
            std::fill_n(axes.row(c), d, 0.0F);
            continue;
        }
        std::copy_n(components.axes.row(component), d, axes.row(c));
        const double deviation = components.deviations[static_cast<std::size_t>(component)];
        if (isWhitened && deviation > 0)
            finish.factors[static_cast<std::size_t>(c)] /= deviation;
        double offset = 0;
        for (Index j = 0; j < d && isNear; ++j)
            offset += components.mean[static_cast<std::size_t>(j)] * axes(c, j);
        finish.offsets[static_cast<std::size_t>(c)] = static_cast<float>(offset);
    }

    EMBEDSCOPE_TRY_ASSIGN(Matrix scores, Matrix::allocate(n, columns));
    const bool isNarrow = columns * d <= kNarrow;
    const NarrowAxes narrow(axes.data(), isNarrow ? columns : 0, d);
    const Centring centring(components.mean, components.scale);
    const Index rows = std::clamp<Index>((Index{1} << 18) / d, 1, kRowsPerBlock);
    parallelBlocks(n, rows, [&](Index, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        RowRoom room;
        const float* block = nullptr;
        std::vector<float> centred;
        if (!isNear) {
            centred.resize(static_cast<std::size_t>((end - begin) * d));
            centring.apply(points, begin, end, 0, d, centred.data());
            block = centred.data();
        } else {
            block = points.rows(begin, end, room);
        }
        for (Index at = begin; isNarrow && at < end; at += kRowsPerProduct) {
            narrow.multiply(
                block + (at - begin) * d, std::min(kRowsPerProduct, end - at), scores.row(at));
        }
        if (!isNarrow) {
            multiplyTransposed(
                end - begin, columns, d, block, d, axes.data(), d, scores.row(begin), columns);
        }
        finish.apply(scores.row(begin), end - begin);
    });
    if (progress.stopRequested())
        return stoppedError();
    return scores;
}

} // namespace embedscope
