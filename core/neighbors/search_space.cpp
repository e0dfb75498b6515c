#include "core/neighbors/search_space.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 1024;
constexpr double kUnit = 0x1.0p-24; ///< Largest relative rounding of a float32.

struct Extent
{
    std::vector<double> mean;
    float most = 0; ///< Largest absolute value.
};

Extent extentOf(MatrixView points, const Progress& progress)
{
    const Index n = points.rows();
    const Index d = points.columns();
    const Index blockRows = std::max(kRowsPerBlock, (n + 255) / 256);
    const Index blocks = blockCount(n, blockRows);
    std::vector<double> sums(static_cast<std::size_t>(blocks * d));
    std::vector<float> largest(static_cast<std::size_t>(blocks));
    parallelBlocks(n, blockRows, [&](Index block, Index begin, Index end) {
        double* sum = sums.data() + block * d;
        float most = 0;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const float* row = points.row(i);
            for (Index j = 0; j < d; ++j) {
                sum[j] += static_cast<double>(row[j]);
                most = std::max(most, std::abs(row[j]));
            }
        }
        largest[static_cast<std::size_t>(block)] = most;
    });
    Extent extent;
    extent.mean.resize(static_cast<std::size_t>(d));
    for (Index at = 0; at < blocks * d; ++at)
        extent.mean[static_cast<std::size_t>(at % d)]
            += sums[static_cast<std::size_t>(at)] / static_cast<double>(n);
    for (const float most : largest)
        extent.most = std::max(extent.most, most);
    return extent;
}

} // namespace

Result<SearchSpace> SearchSpace::make(
    MatrixView points, MatrixView queries, Metric metric, const Progress& progress)
{
    SearchSpace space = measure(points, queries, metric, progress);
    std::vector<PointId> order(static_cast<std::size_t>(points.rows()));
    std::iota(order.begin(), order.end(), PointId{0});
    EMBEDSCOPE_TRY(space.arrange(points, order, progress));
    return space;
}

SearchSpace SearchSpace::measure(
    MatrixView points, MatrixView queries, Metric metric, const Progress& progress)
{
    SearchSpace space;
    space.m_metric = metric;
    space.m_dimensions = points.columns();
    space.m_mean.assign(static_cast<std::size_t>(points.columns()), 0.0);
    if (metric == Metric::Cosine)
        return space;
    Extent extent = extentOf(points, progress);
    if (!queries.isEmpty())
        extent.most = std::max(extent.most, extentOf(queries, progress).most);
    if (extent.most > 0)
        space.m_scale = std::ldexp(1.0, -std::ilogb(extent.most));
    if (metric == Metric::Euclidean)
        space.m_mean = std::move(extent.mean);
    return space;
}

Status SearchSpace::arrange(
    MatrixView points, std::span<const PointId> order, const Progress& progress)
{
    const auto places = static_cast<Index>(order.size());
    const Index count = (places + kPanel - 1) / kPanel;
    EMBEDSCOPE_TRY_ASSIGN(m_panels, Matrix::allocate(count * m_dimensions, kPanel));
    m_biases.assign(
        static_cast<std::size_t>(count * kPanel), -std::numeric_limits<float>::infinity());
    std::vector<double> longest(static_cast<std::size_t>(blockCount(count, kPanel)));
    parallelBlocks(count, kPanel, [&](Index block, Index begin, Index end) {
        for (Index p = begin; p < end && !progress.stopRequested(); ++p) {
            float* panel = m_panels.row(p * m_dimensions);
            std::fill_n(panel, kPanel * m_dimensions, 0.0F);
            for (Index i = p * kPanel; i < std::min((p + 1) * kPanel, places); ++i) {
                const PointId id = order[static_cast<std::size_t>(i)];
                if (id == kNoPoint)
                    continue;
                m_biases[static_cast<std::size_t>(i)]
                    = placeRow(points.row(id), panel + i - p * kPanel, kPanel);
                if (m_metric == Metric::Dot) {
                    double& most = longest[static_cast<std::size_t>(block)];
                    most = std::max(most, lengthOf(points.row(id)));
                }
            }
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    m_longest = *std::max_element(longest.begin(), longest.end());
    return {};
}

float SearchSpace::placeRow(const float* row, float* placed, Index stride) const
{
    double scale = m_scale;
    if (m_metric == Metric::Cosine) {
        const double length = lengthOf(row);
        scale = length > 0 ? 1 / length : 0;
    }
    double square = 0;
    for (Index j = 0; j < m_dimensions; ++j) {
        const auto value
            = static_cast<float>((row[j] - m_mean[static_cast<std::size_t>(j)]) * scale);
        placed[j * stride] = value;
        square += static_cast<double>(value) * value;
    }
    if (m_metric == Metric::Euclidean)
        return static_cast<float>(-0.5 * square);
    // A row without direction is as unlike all others as can be.
    return m_metric == Metric::Cosine && scale == 0 ? -1.0F : 0.0F;
}

double SearchSpace::lengthOf(const float* row) const
{
    double square = 0;
    for (Index j = 0; j < m_dimensions; ++j) {
        const double value = (row[j] - m_mean[static_cast<std::size_t>(j)]) * m_scale;
        square += value * value;
    }
    return std::sqrt(square);
}

bool SearchSpace::isCertain(double length, float kthValue, float threshold) const
{
    if (threshold == -std::numeric_limits<float>::infinity())
        return true; // Every point was a candidate.
    if (std::abs(kthValue) >= std::numeric_limits<float>::max())
        return false; // Values beyond float32 are all ranked as the largest one.
    const auto d = static_cast<double>(m_dimensions);
    // Roundings on the way of one term into its sum, which is taken in pieces of 256; more than
    // there are.
    const double steps = std::min(d, 256.0) + d / 256 + 8;
    const double underflow = (d + 8) * 0x1.0p-140;
    const double limit = threshold;
    switch (m_metric) {
    case Metric::Euclidean: {
        const double kth = (1 + 4 * kUnit) * kthValue * m_scale;
        const double longest = length + kth; // No point that near is longer.
        const double error = kUnit * (steps * length * longest + 4 * longest * longest) + underflow;
        return length * length - 2 * (limit + error) > kth * kth;
    }
    case Metric::Manhattan:
        return -limit * (1 - steps * kUnit) - underflow > (1 + 4 * kUnit) * kthValue * m_scale;
    case Metric::Cosine:
        return kthValue - 4 * kUnit > limit + steps * kUnit + underflow;
    case Metric::Dot:
        break;
    }
    const double square = m_scale * m_scale;
    const double kth
        = kthValue * square - std::abs(kthValue) * square * 4 * kUnit - square * 0x1.0p-148;
    return kth > limit + kUnit * steps * length * m_longest + underflow;
}

} // namespace embedscope
