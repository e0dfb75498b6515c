#include "core/projection/pca/pca.h"

#include "core/base/parallel.h"
#include "core/projection/pca/scatter.h"
#include "core/projection/pca/table_operator.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

/// Up to here a square matrix of the smaller side is made: later, products with it are cheaper.
constexpr Index kLargestSquare = 2000;
/// Up to here LAPACK, which cannot be stopped, is done in less than 50 ms.
constexpr Index kLargestDirect = 800;
constexpr Index kColumnsPerBlock = 512;
/// Below this share of the largest eigenvalue a direction is rounding noise.
constexpr double kNegligible = 1e-12;
/// What float32 products over blocks leave uncertain of the largest eigenvalue.
constexpr double kSquareNoise = 1e-8;
constexpr double kKrylovNoise = 2e-6;

PcaRoute routeFor(Index n, Index d)
{
    if (std::min(n, d) > kLargestSquare)
        return PcaRoute::Krylov;
    return n < d ? PcaRoute::Gram : PcaRoute::Covariance;
}

/// Largest loading positive, so that a run can be compared with another.
void fixSign(float* axis, Index d)
{
    const float* largest = std::max_element(
        axis, axis + d, [](float a, float b) { return std::abs(a) < std::abs(b); });
    if (*largest < 0)
        std::transform(axis, axis + d, axis, [](float v) { return -v; });
}

void toUnitLength(float* axis, Index d)
{
    double squares = 0;
    for (Index j = 0; j < d; ++j)
        squares += static_cast<double>(axis[j]) * axis[j];
    const double factor = squares > 0 ? 1 / std::sqrt(squares) : 0;
    for (Index j = 0; j < d; ++j)
        axis[j] = static_cast<float>(axis[j] * factor);
}

/// Axes from eigenvectors u of the inner products X X^T: X^T u, brought to unit length.
void axesFromGram(VectorsView points, const Centring& centring, const Eigenpairs& pairs,
    Matrix& axes, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const std::vector<float> vectors(pairs.vectors.begin(), pairs.vectors.end());
    parallelBlocks(d, kColumnsPerBlock, [&](Index, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        std::vector<float> block(static_cast<std::size_t>(n * (end - begin)));
        centring.apply(points, 0, n, begin, end, block.data());
        multiply(axes.rows(), end - begin, n, vectors.data(), n, block.data(), end - begin,
            axes.data() + begin, d);
    });
    for (Index c = 0; c < axes.rows(); ++c)
        toUnitLength(axes.row(c), d);
}

/// Eigenpairs of a matrix that stands in memory, which is destroyed.
Result<Eigenpairs> eigenpairsOf(
    std::vector<double>& square, Index m, Index count, const Progress& progress)
{
    if (m > kLargestDirect && count * 3 < m)
        return leadingEigenpairs(m, count, kSquareNoise, denseOperator(square, m), progress);
    Eigenpairs pairs = largestEigenpairs(square, m, count);
    if (pairs.values.empty()) {
        return Error{
            ErrorCode::Malformed, "the eigenvalues of the table could not be found", {}, {}, {}};
    }
    return pairs;
}

/// The sum of all eigenvalues of the scatter matrix.
double sumOfSquares(VectorsView points, const Centring& centring, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    constexpr Index kRows = 64;
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, kRows)));
    parallelBlocks(n, kRows, [&](Index block, Index begin, Index end) {
        std::vector<float> row(static_cast<std::size_t>(d));
        double sum = 0;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            centring.apply(points, i, i + 1, 0, d, row.data());
            for (const float value : row)
                sum += static_cast<double>(value) * value;
        }
        sums[static_cast<std::size_t>(block)] = sum;
    });
    double sum = 0;
    for (const double part : sums)
        sum += part;
    return sum;
}

/// What a route finds: axes not yet signed, eigenvalues of the scatter matrix, and their whole sum.
struct Spectrum
{
    Centring centring;
    std::vector<double> values; ///< Empty where the trace is 0.
    double trace = 0;
};

Result<Spectrum> throughMatrix(
    VectorsView points, bool useGram, bool isCentred, Matrix& axes, const Progress& progress)
{
    const Index m = useGram ? points.rows() : points.columns();
    EMBEDSCOPE_TRY_ASSIGN(Moments moments,
        useGram ? innerProducts(points, isCentred, progress.part(0, 0.7))
                : scatterMatrix(points, isCentred, progress.part(0, 0.7)));
    Spectrum spectrum;
    spectrum.centring = std::move(moments.centring);
    for (Index i = 0; i < m; ++i)
        spectrum.trace += moments.products[static_cast<std::size_t>(i * m + i)];
    if (!(spectrum.trace > 0))
        return spectrum;
    if (progress.stopRequested())
        return stoppedError();
    EMBEDSCOPE_TRY_ASSIGN(
        Eigenpairs pairs, eigenpairsOf(moments.products, m, axes.rows(), progress.part(0.7, 0.9)));
    if (useGram)
        axesFromGram(points, spectrum.centring, pairs, axes, progress);
    else
        std::transform(pairs.vectors.begin(), pairs.vectors.end(), axes.data(),
            [](double v) { return static_cast<float>(v); });
    spectrum.values = std::move(pairs.values);
    return spectrum;
}

Result<Spectrum> throughProducts(
    VectorsView points, bool isCentred, Matrix& axes, const Progress& progress)
{
    const Index d = points.columns();
    Spectrum spectrum;
    EMBEDSCOPE_TRY_ASSIGN(spectrum.centring, findCentring(points, progress.part(0, 0.05)));
    if (!isCentred) {
        spectrum.centring
            = Centring(std::vector<double>(static_cast<std::size_t>(d)), spectrum.centring.scale);
    }
    spectrum.trace = sumOfSquares(points, spectrum.centring, progress);
    if (progress.stopRequested())
        return stoppedError();
    if (!(spectrum.trace > 0))
        return spectrum;
    EMBEDSCOPE_TRY_ASSIGN(Eigenpairs pairs,
        leadingEigenpairs(d, axes.rows(), kKrylovNoise,
            scatterOperator(points, spectrum.centring, progress), progress.part(0.1, 1)));
    std::transform(pairs.vectors.begin(), pairs.vectors.end(), axes.data(),
        [](double v) { return static_cast<float>(v); });
    spectrum.values = std::move(pairs.values);
    return spectrum;
}

} // namespace

Result<PrincipalComponents> principalComponents(
    VectorsView points, Index count, const PcaSettings& settings, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    PrincipalComponents result;
    result.isCentred = settings.isCentred;
    EMBEDSCOPE_TRY_ASSIGN(result.axes, Matrix::allocate(count, d));
    std::fill_n(result.axes.data(), result.axes.size(), 0.0F);
    result.ratios.assign(static_cast<std::size_t>(count), 0);
    result.deviations.assign(static_cast<std::size_t>(count), 0);

    progress.report("Finding principal components", 0);
    const PcaRoute route = settings.route == PcaRoute::Automatic ? routeFor(n, d) : settings.route;
    auto found = route == PcaRoute::Krylov
        ? throughProducts(points, settings.isCentred, result.axes, progress)
        : throughMatrix(points, route == PcaRoute::Gram, settings.isCentred, result.axes, progress);
    EMBEDSCOPE_TRY_ASSIGN(Spectrum spectrum, std::move(found));
    if (progress.stopRequested())
        return stoppedError();
    result.mean = std::move(spectrum.centring.mean);
    result.scale = spectrum.centring.scale;
    if (spectrum.values.empty())
        return result; // All rows are equal: no direction has any variance.

    // Sums of squares to variances, in the units of the points.
    const double divisor = static_cast<double>(settings.isCentred ? std::max<Index>(n - 1, 1) : n);
    const double unscale = 1 / static_cast<double>(result.scale);
    result.totalVariance = spectrum.trace * unscale * unscale / divisor;
    for (Index c = 0; c < count; ++c) {
        const auto at = static_cast<std::size_t>(c);
        const double value = spectrum.values[at];
        // Centred rows span one direction fewer than there are rows.
        if (value <= kNegligible * spectrum.values.front() || (settings.isCentred && c >= n - 1)) {
            std::fill_n(result.axes.row(c), d, 0.0F);
            continue;
        }
        result.ratios[at] = value / spectrum.trace;
        result.deviations[at] = std::sqrt(value / divisor) * unscale;
        fixSign(result.axes.row(c), d);
    }
    progress.report("Finding principal components", 1);
    return result;
}

Result<PrincipalComponents> principalComponents(
    VectorsView points, Index count, const Progress& progress)
{
    return principalComponents(points, count, PcaSettings(), progress);
}

double estimateComponentSeconds(Index n, Index d, Index count)
{
    const auto values = static_cast<double>(n) * static_cast<double>(d);
    const auto smaller = static_cast<double>(std::min(n, d));
    const auto wanted = static_cast<double>(count);
    const double scores = values * wanted * 1.4e-11;
    if (routeFor(n, d) == PcaRoute::Krylov)
        return 0.01 + scores + values * (wanted + 8) * 2e-10;
    const double eigen = smaller * smaller * (smaller > kLargestDirect ? 2e-7 : 3e-7);
    return 0.001 + scores + eigen + values * smaller * (n < d ? 1e-11 : 0.8e-11);
}

} // namespace embedscope
