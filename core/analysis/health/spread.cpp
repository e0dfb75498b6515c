#include "core/analysis/health/spread.h"

#include "core/analysis/health/square_products.h"
#include "core/analysis/scan_kernels.h"
#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

/// The usable rows, or those of them that are not zero.
std::vector<PointId> rowsOf(const Dataset& dataset, const TableScan& scan, bool withZeros)
{
    std::vector<PointId> rows;
    rows.reserve(static_cast<std::size_t>(withZeros ? scan.usable : scan.directed));
    auto zero = scan.zeroRows.begin();
    for (PointId id = 0; id < dataset.size(); ++id) {
        const bool isZero = zero != scan.zeroRows.end() && *zero == id;
        zero += isZero ? 1 : 0;
        if (dataset.isUsable(id) && (withZeros || !isZero))
            rows.push_back(id);
    }
    return rows;
}

std::vector<std::pair<PointId, PointId>> pairsOf(
    const std::vector<PointId>& rows, const HealthOptions& options)
{
    const auto m = static_cast<Index>(rows.size());
    std::vector<std::pair<PointId, PointId>> pairs;
    if (m < 2)
        return pairs;
    if (m - 1 <= 2 * options.cosinePairs / m) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (std::size_t j = i + 1; j < rows.size(); ++j)
                pairs.emplace_back(rows[i], rows[j]);
        }
        return pairs;
    }
    Random random(options.seed);
    for (Index p = 0; p < options.cosinePairs; ++p) {
        const auto first = random.below(static_cast<std::uint64_t>(m));
        auto second = random.below(static_cast<std::uint64_t>(m) - 1);
        second += second >= first ? 1 : 0;
        pairs.emplace_back(rows[first], rows[second]);
    }
    return pairs;
}

Status measureCosines(const Dataset& dataset, const TableScan& scan, const HealthOptions& options,
    HealthReport& report, const Progress& progress)
{
    if (scan.directed < 2)
        return {};
    double square = 0;
    for (const double value : scan.direction)
        square += value * value;
    const auto m = static_cast<double>(scan.directed);
    report.meanCosine = std::clamp((square - m) / (m * (m - 1)), -1.0, 1.0);

    const auto pairs = pairsOf(rowsOf(dataset, scan, false), options);
    std::vector<double> cosines(pairs.size());
    const VectorsView vectors = dataset.vectors();
    const Index d = vectors.columns();
    const Index block = std::max<Index>(1, (Index{1} << 20U) / d);
    parallelBlocks(static_cast<Index>(pairs.size()), block, [&](Index, Index begin, Index end) {
        RowRoom roomOfX;
        RowRoom roomOfY;
        for (Index p = begin; p < end && !progress.stopRequested(); ++p) {
            const auto [a, b] = pairs[static_cast<std::size_t>(p)];
            const float* const x = vectors.row(a, roomOfX);
            const float* const y = vectors.row(b, roomOfY);
            cosines[static_cast<std::size_t>(p)]
                = pairDot(x, y, d) / std::sqrt(pairDot(x, x, d)) / std::sqrt(pairDot(y, y, d));
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    double mean = 0;
    for (const double value : cosines)
        mean += value / static_cast<double>(cosines.size());
    double variance = 0;
    for (const double value : cosines)
        variance += (value - mean) * (value - mean) / static_cast<double>(cosines.size());
    report.cosineSpread = std::sqrt(variance);
    report.cosinePairs = static_cast<Index>(pairs.size());
    return {};
}

/// How many rows the effective dimension is estimated from, for n rows of d dimensions.
Index sampleSize(Index n, Index d, const HealthOptions& options)
{
    constexpr double kFewest = 256;
    // m rows take m d min(m, d) multiplications.
    const auto width = static_cast<double>(d);
    double most = options.effectiveWork / (width * width);
    if (most < width)
        most = std::sqrt(options.effectiveWork / width);
    most = std::min(std::max(most, kFewest), static_cast<double>(options.effectiveRows));
    return std::min(n, static_cast<Index>(most));
}

Status measureDimension(const Dataset& dataset, const TableScan& scan, double trace,
    const HealthOptions& options, HealthReport& report, const Progress& progress)
{
    const auto rows = rowsOf(dataset, scan, true);
    const auto n = static_cast<Index>(rows.size());
    const Index d = dataset.dimensions();
    const Index m = sampleSize(n, d, options);
    const std::vector<PointId> chosen = Random(options.seed + 1).sample(n, m);
    // About the mean, and such that the mean square of their lengths is 1: no square overflows.
    EMBEDSCOPE_TRY_ASSIGN(Matrix points, Matrix::allocate(m, d));
    const double scale = 1 / std::sqrt(trace);
    std::vector<double> fourth(static_cast<std::size_t>(m));
    const Index block = std::max<Index>(1, (Index{1} << 20U) / d);
    parallelBlocks(m, block, [&](Index, Index begin, Index end) {
        RowRoom room;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const float* const from
                = dataset.vectors().row(rows[chosen[static_cast<std::size_t>(i)]], room);
            float* const to = points.row(i);
            for (Index j = 0; j < d; ++j) {
                to[j] = static_cast<float>(
                    (static_cast<double>(from[j]) - scan.mean[static_cast<std::size_t>(j)])
                    * scale);
            }
            const double square = pairDot(to, to, d);
            fourth[static_cast<std::size_t>(i)] = square * square;
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    const auto all = sumOfSquaredProducts(points, progress);
    if (!all)
        return stoppedError();
    double own = 0; // Pairs of a row with itself.
    for (const double value : fourth)
        own += value;
    const auto count = static_cast<double>(m);
    const auto total = static_cast<double>(n);
    double squares = *all / (total * total);
    if (m < n) {
        squares = (total - 1) / total * std::max(0.0, *all - own) / (count * (count - 1))
            + own / count / total;
    }
    if (squares > 0) {
        report.effectiveDimension
            = std::clamp(1 / squares, 1.0, static_cast<double>(std::min(d, n)));
        report.effectiveRows = m;
    }
    return {};
}

/// A dimension with so many times its share, and at least this share of all, drowns the others.
constexpr double kDominantTimes = 10;
constexpr double kDominantShare = 0.1;
/// In tables of fewer dimensions a large share says nothing.
constexpr Index kFewDimensions = 16;

void sortDimensions(const TableScan& scan, double trace, HealthReport& report)
{
    const auto d = static_cast<Index>(scan.variance.size());
    report.varianceShares.assign(scan.variance.size(), 0);
    for (Index j = 0; j < d; ++j) {
        const auto at = static_cast<std::size_t>(j);
        const double share = trace > 0 ? scan.variance[at] / trace : 0;
        report.varianceShares[at] = share;
        if (scan.variance[at] == 0 && scan.usable > 1)
            (scan.mean[at] == 0 ? report.deadDimensions : report.constantDimensions).push_back(j);
        if (d >= kFewDimensions && share >= kDominantShare
            && share >= kDominantTimes / static_cast<double>(d))
            report.dominantDimensions.push_back(j);
    }
}

} // namespace

Status measureSpread(const Dataset& dataset, const TableScan& scan, const HealthOptions& options,
    HealthReport& report, const Progress& progress)
{
    progress.report("Measuring directions", 0);
    EMBEDSCOPE_TRY(measureCosines(dataset, scan, options, report, progress));
    double trace = 0;
    for (const double variance : scan.variance)
        trace += variance;
    sortDimensions(scan, trace, report);
    progress.report("Measuring the effective dimension", 0.3);
    if (trace > 0)
        EMBEDSCOPE_TRY(measureDimension(dataset, scan, trace, options, report, progress));
    return {};
}

} // namespace embedscope
