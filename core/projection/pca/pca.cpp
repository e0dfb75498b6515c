#include "core/projection/pca/pca.h"

#include "core/base/blas.h"
#include "core/base/parallel.h"
#include "core/projection/pca/scatter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 1024;
constexpr Index kColumnsPerBlock = 1024;
/// Below this share of the largest eigenvalue a direction is rounding noise.
constexpr double kNegligible = 1e-12;

/// Largest loading positive, so that a run can be compared with another.
void fixSign(float* axis, Index d)
{
    const float* largest = std::max_element(
        axis, axis + d, [](float a, float b) { return std::abs(a) < std::abs(b); });
    if (*largest < 0)
        std::transform(axis, axis + d, axis, [](float v) { return -v; });
}

/// Axes from eigenvectors of the covariance matrix: the vectors themselves.
void axesFromCovariance(const Eigenpairs& pairs, Matrix& axes)
{
    for (Index i = 0; i < axes.size(); ++i)
        axes.data()[i] = static_cast<float>(pairs.vectors[static_cast<std::size_t>(i)]);
}

/// Axes from eigenvectors u of the inner products X X^T: X^T u, brought to unit length.
void axesFromGram(const Eigenpairs& pairs, const Matrix& centred, Matrix& axes)
{
    const Index n = centred.rows();
    const Index d = centred.columns();
    const std::vector<float> vectors(pairs.vectors.begin(), pairs.vectors.end());
    parallelBlocks(d, kColumnsPerBlock, [&](Index, Index begin, Index end) {
        multiply(axes.rows(), end - begin, n, vectors.data(), n, centred.data() + begin, d,
            axes.data() + begin, d);
    });
    for (Index c = 0; c < axes.rows(); ++c) {
        double squares = 0;
        for (Index j = 0; j < d; ++j)
            squares += static_cast<double>(axes(c, j)) * axes(c, j);
        const double factor = squares > 0 ? 1 / std::sqrt(squares) : 0;
        for (Index j = 0; j < d; ++j)
            axes(c, j) = static_cast<float>(axes(c, j) * factor);
    }
}

} // namespace

Result<PrincipalComponents> principalComponents(
    MatrixView points, Index count, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const bool useGram = n < d;
    PrincipalComponents result;
    EMBEDSCOPE_TRY_ASSIGN(result.axes, Matrix::allocate(count, d));
    std::fill_n(result.axes.data(), result.axes.size(), 0.0F);
    result.ratios.assign(static_cast<std::size_t>(count), 0);

    progress.report("Finding principal components", 0);
    EMBEDSCOPE_TRY_ASSIGN(Centring centring, findCentring(points, progress));
    result.scale = centring.scale;
    Matrix centred;
    std::vector<double> products;
    if (useGram) {
        EMBEDSCOPE_TRY_ASSIGN(centred, Matrix::allocate(n, d));
        parallelBlocks(n, 16, [&](Index, Index begin, Index end) {
            centring.apply(points, begin, end, 0, d, centred.row(begin));
        });
        EMBEDSCOPE_TRY_ASSIGN(products, innerProducts(centred, progress.part(0.1, 0.7)));
    } else {
        EMBEDSCOPE_TRY_ASSIGN(products, scatterMatrix(points, centring, progress.part(0.1, 0.7)));
    }
    result.mean = std::move(centring.mean);

    const Index m = useGram ? n : d;
    double trace = 0;
    for (Index i = 0; i < m; ++i)
        trace += products[static_cast<std::size_t>(i * m + i)];
    if (!(trace > 0))
        return result; // All rows are equal: no direction has any variance.
    if (progress.stopRequested())
        return stoppedError();
    const Eigenpairs pairs = largestEigenpairs(products, m, count);
    if (pairs.values.empty()) {
        return Error{
            ErrorCode::Malformed, "the eigenvalues of the table could not be found", {}, {}, {}};
    }
    if (useGram)
        axesFromGram(pairs, centred, result.axes);
    else
        axesFromCovariance(pairs, result.axes);
    for (Index c = 0; c < count; ++c) {
        const double value = pairs.values[static_cast<std::size_t>(c)];
        // Centred rows span one direction fewer than there are rows.
        if (value <= kNegligible * pairs.values.front() || c >= n - 1) {
            std::fill_n(result.axes.row(c), d, 0.0F);
            continue;
        }
        result.ratios[static_cast<std::size_t>(c)] = value / trace;
        fixSign(result.axes.row(c), d);
    }
    progress.report("Finding principal components", 1);
    return result;
}

Result<Matrix> componentScores(const PrincipalComponents& components, MatrixView points,
    std::span<const Index> which, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const Index columns = static_cast<Index>(which.size());
    EMBEDSCOPE_TRY_ASSIGN(Matrix axes, Matrix::allocate(columns, d));
    for (Index c = 0; c < columns; ++c) {
        const Index component = which[static_cast<std::size_t>(c)];
        if (component < components.count())
            std::copy_n(components.axes.row(component), d, axes.row(c));
        else
            std::fill_n(axes.row(c), d, 0.0F);
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix scores, Matrix::allocate(n, columns));
    const Centring centring(components.mean, components.scale);
    const double unscale = 1 / static_cast<double>(components.scale);
    const Index rows = std::clamp<Index>((Index{1} << 18) / d, 1, kRowsPerBlock);
    parallelBlocks(n, rows, [&](Index, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        std::vector<float> block(static_cast<std::size_t>((end - begin) * d));
        centring.apply(points, begin, end, 0, d, block.data());
        multiplyTransposed(
            end - begin, columns, d, block.data(), d, axes.data(), d, scores.row(begin), columns);
        if (unscale != 1) {
            constexpr double limit = std::numeric_limits<float>::max();
            for (float* s = scores.row(begin); s != scores.row(begin) + (end - begin) * columns;
                 ++s)
                *s = static_cast<float>(std::clamp(*s * unscale, -limit, limit));
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    return scores;
}

} // namespace embedscope
