#include "core/projection/tsne/grid_convolution.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <fftw3.h>
#include <mutex>
#include <numbers>

namespace embedscope {

namespace {

/// Complex columns that are transformed together: 64 bytes of a row.
constexpr Index kColumns = 8;
/// Rows begin at whole cache lines, so that every row has the alignment FFTW's plans were made for.
constexpr Index kStrideMultiple = 16;
/// About as many values are transformed in a block of work, a fraction of a millisecond.
constexpr Index kValuesPerBlock = 1 << 15;

/// FFTW's planner, unlike its plans, is not to be called from two threads at once.
std::mutex& plannerMutex()
{
    static std::mutex mutex;
    return mutex;
}

struct DestroyPlan
{
    void operator()(fftwf_plan plan) const
    {
        const std::lock_guard lock(plannerMutex());
        fftwf_destroy_plan(plan);
    }
};
using Plan = std::unique_ptr<std::remove_pointer_t<fftwf_plan>, DestroyPlan>;

/// The smallest even size from `least` on without a prime factor above 5.
Index goodSize(Index least)
{
    for (Index size = std::max<Index>(least + least % 2, 16);; size += 2) {
        Index rest = size;
        for (const Index factor : {2, 3, 5}) {
            while (rest % factor == 0)
                rest /= factor;
        }
        if (rest == 1)
            return size;
    }
}

Index roundedUp(Index value, Index multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

fftwf_complex* asComplex(float* values)
{
    return reinterpret_cast<fftwf_complex*>(values);
}

/// 1 / s(k) of the values 1/120, 26/120, 66/120 … that a B-spline of order 6 takes at the nodes.
double splineFactor(Index k, Index size)
{
    const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
    return 120 / (66 + 52 * std::cos(angle) + 2 * std::cos(2 * angle));
}

} // namespace

/// Plans of one dimension for every axis. Executed on arrays of the alignment they were made for.
struct GridConvolution::Plans
{
    Plan rowForward;
    Plan rowBackward;
    std::array<Plan, 3> forward; ///< kColumns columns of axis 1 or 2 at once.
    std::array<Plan, 3> backward;
};

GridConvolution::GridConvolution(int dimensions)
    : m_dimensions(dimensions)
    , m_plans(std::make_unique<Plans>())
{
}

GridConvolution::~GridConvolution() = default;

void GridConvolution::prepare(
    std::array<Index, 3> nodes, double spacing, const SoftenedKernel& kernel, double offset)
{
    std::array<Index, 3> padded{1, 1, 1};
    for (int a = 0; a < m_dimensions; ++a) {
        const auto at = static_cast<std::size_t>(a);
        padded[at] = goodSize(2 * nodes[at]);
    }
    const bool isSameKernel = spacing == m_spacing && offset == m_offset
        && kernel.cutoff == m_kernel.cutoff && kernel.degreesOfFreedom == m_kernel.degreesOfFreedom;
    if (padded == m_padded && isSameKernel)
        return;
    m_spacing = spacing;
    m_offset = offset;
    m_kernel = kernel;
    if (padded != m_padded) {
        m_padded = padded;
        m_nodes = {padded[0] / 2, padded[1] / 2, m_dimensions == 3 ? padded[2] / 2 : 1};
        m_rowStride = roundedUp(m_nodes[0] + kSupport + 2, kStrideMultiple);
        m_columnStride = roundedUp(m_padded[0] / 2 + 1, kStrideMultiple);
        m_values = Matrix::zeros(m_nodes[2], m_rowStride * m_nodes[1]);
        // In space, the middle axis of three is padded in the spectrum, the last never.
        const Index rows = m_dimensions == 3 ? m_padded[1] : m_nodes[1];
        m_spectrum = Matrix::zeros(m_nodes[2] * rows, 2 * m_columnStride);

        *m_plans = {}; // Takes the planner's mutex for each plan.
        const std::lock_guard lock(plannerMutex());
        Matrix row = Matrix::zeros(1, m_padded[0]);
        Matrix column = Matrix::zeros(1, 2 * kColumns * std::max(m_padded[1], m_padded[2]));
        const int width = static_cast<int>(m_padded[0]);
        m_plans->rowForward.reset(
            fftwf_plan_dft_r2c_1d(width, row.data(), asComplex(m_spectrum.data()), FFTW_ESTIMATE));
        m_plans->rowBackward.reset(
            fftwf_plan_dft_c2r_1d(width, asComplex(m_spectrum.data()), row.data(), FFTW_ESTIMATE));
        for (std::size_t a = 1; a < static_cast<std::size_t>(m_dimensions); ++a) {
            const int length = static_cast<int>(m_padded[a]);
            const auto plan = [&](int sign) {
                fftwf_complex* data = asComplex(column.data());
                return fftwf_plan_many_dft(1, &length, kColumns, data, nullptr, kColumns, 1, data,
                    nullptr, kColumns, 1, sign, FFTW_ESTIMATE);
            };
            m_plans->forward.at(a).reset(plan(FFTW_FORWARD));
            m_plans->backward.at(a).reset(plan(FFTW_BACKWARD));
        }
    }
    findSpectrumOfKernel();
}

void GridConvolution::findSpectrumOfKernel()
{
    const Index rows = m_padded[1] / 2 + 1;
    const Index planes = m_padded[2] / 2 + 1;
    const Index width = m_padded[0] / 2 + 1;
    const Index stride = m_columnStride;
    if (m_multiplier.rows() != rows * planes || m_multiplier.columns() != stride)
        m_multiplier = Matrix::zeros(rows * planes, stride);
    const double squareSpacing = m_spacing * m_spacing;
    parallelBlocks(rows * planes, std::max<Index>(1, kValuesPerBlock / 8 / stride),
        [&](Index, Index begin, Index end) {
            for (Index r = begin; r < end; ++r) {
                const Index y = r % rows;
                const Index z = r / rows;
                for (Index x = 0; x < width; ++x) {
                    const auto square = static_cast<double>(x * x + y * y + z * z) * squareSpacing;
                    m_multiplier(r, x) = static_cast<float>(m_kernel.far(square) - m_offset);
                }
            }
        });
    // Even along each axis: a cosine transform of the half is the Fourier transform of the whole.
    const auto transform = [&](Index axis, Index step, Index lines, auto&& lineStart) {
        const int length = static_cast<int>(m_padded[static_cast<std::size_t>(axis)] / 2 + 1);
        const fftwf_r2r_kind kind = FFTW_REDFT00;
        const bool isRow = axis == 0;
        const int many = isRow ? 1 : static_cast<int>(kStrideMultiple);
        Plan plan;
        {
            const std::lock_guard lock(plannerMutex());
            float* data = m_multiplier.data();
            plan.reset(fftwf_plan_many_r2r(1, &length, many, data, nullptr, static_cast<int>(step),
                1, data, nullptr, static_cast<int>(step), 1, &kind, FFTW_ESTIMATE));
        }
        parallelBlocks(lines, std::max<Index>(1, kValuesPerBlock / 4 / length / many),
            [&](Index, Index begin, Index end) {
                for (Index line = begin; line < end; ++line) {
                    float* data = m_multiplier.data() + lineStart(line);
                    fftwf_execute_r2r(plan.get(), data, data);
                }
            });
    };
    const Index groups = stride / kStrideMultiple;
    transform(0, 1, rows * planes, [&](Index line) { return line * stride; });
    transform(1, stride, planes * groups, [&](Index line) {
        return line / groups * rows * stride + line % groups * kStrideMultiple;
    });
    if (m_dimensions == 3) {
        transform(2, rows * stride, rows * groups,
            [&](Index line) { return line / groups * stride + line % groups * kStrideMultiple; });
    }
    const double count = static_cast<double>(m_padded[0]) * static_cast<double>(m_padded[1])
        * static_cast<double>(m_padded[2]);
    std::vector<double> factors(static_cast<std::size_t>(width));
    for (Index x = 0; x < width; ++x)
        factors[static_cast<std::size_t>(x)] = std::pow(splineFactor(x, m_padded[0]), 2);
    parallelBlocks(rows * planes, std::max<Index>(1, kValuesPerBlock / stride),
        [&](Index, Index begin, Index end) {
            for (Index r = begin; r < end; ++r) {
                const double ofY = splineFactor(r % rows, m_padded[1]);
                const double ofZ = m_dimensions == 3 ? splineFactor(r / rows, m_padded[2]) : 1;
                const double factor = ofY * ofY * ofZ * ofZ / count;
                for (Index x = 0; x < width; ++x) {
                    m_multiplier(r, x) = static_cast<float>(
                        m_multiplier(r, x) * factor * factors[static_cast<std::size_t>(x)]);
                }
            }
        });
}

void GridConvolution::clear()
{
    const Index rows = m_nodes[1] * m_nodes[2];
    parallelBlocks(rows, std::max<Index>(1, (Index{1} << 18) / m_rowStride),
        [&](Index, Index begin, Index end) {
            std::fill(
                m_values.data() + begin * m_rowStride, m_values.data() + end * m_rowStride, 0.0F);
        });
}

bool GridConvolution::convolve(const Progress& progress)
{
    transformRows(true, progress);
    if (m_dimensions == 3)
        transformMiddle(true, progress);
    transformLast(progress);
    if (m_dimensions == 3)
        transformMiddle(false, progress);
    transformRows(false, progress);
    return !progress.stopRequested();
}

/// Along x: rows of nodes to rows of the spectrum, or back.
void GridConvolution::transformRows(bool forward, const Progress& progress)
{
    const Index rowsInPlane = m_dimensions == 3 ? m_padded[1] : m_nodes[1];
    const Index width = m_nodes[0];
    parallelBlocks(m_nodes[1] * m_nodes[2], std::max<Index>(1, kValuesPerBlock / m_padded[0]),
        [&](Index, Index begin, Index end) {
            Matrix row = Matrix::zeros(1, m_padded[0]);
            for (Index r = begin; r < end && !progress.stopRequested(); ++r) {
                float* values = m_values.data() + r * m_rowStride;
                float* spectrum = m_spectrum.row(r / m_nodes[1] * rowsInPlane + r % m_nodes[1]);
                if (forward) {
                    std::copy_n(values, width, row.data());
                    fftwf_execute_dft_r2c(
                        m_plans->rowForward.get(), row.data(), asComplex(spectrum));
                } else {
                    fftwf_execute_dft_c2r(
                        m_plans->rowBackward.get(), asComplex(spectrum), row.data());
                    std::copy_n(row.data(), width, values);
                }
            }
        });
}

/// Along y in three dimensions: from the nodes' rows to all of the padded ones, or back.
void GridConvolution::transformMiddle(bool forward, const Progress& progress)
{
    const Index groups = m_columnStride / kColumns;
    const Index from = forward ? m_nodes[1] : m_padded[1];
    const Index to = forward ? m_padded[1] : m_nodes[1];
    const auto& plan = forward ? m_plans->forward[1] : m_plans->backward[1];
    constexpr Index floats = 2 * kColumns;
    parallelBlocks(groups * m_nodes[2],
        std::max<Index>(1, kValuesPerBlock / m_padded[1] / kColumns),
        [&](Index, Index begin, Index end) {
            Matrix column = Matrix::zeros(m_padded[1], floats);
            for (Index g = begin; g < end && !progress.stopRequested(); ++g) {
                float* spectrum = m_spectrum.row(g / groups * m_padded[1]) + g % groups * floats;
                for (Index y = 0; y < from; ++y)
                    std::copy_n(spectrum + y * 2 * m_columnStride, floats, column.row(y));
                std::fill(column.data() + from * floats, column.data() + column.size(), 0.0F);
                fftwf_execute_dft(plan.get(), asComplex(column.data()), asComplex(column.data()));
                for (Index y = 0; y < to; ++y)
                    std::copy_n(column.row(y), floats, spectrum + y * 2 * m_columnStride);
            }
        });
}

/// Along the last axis: forth, times the kernel's spectrum, and back.
void GridConvolution::transformLast(const Progress& progress)
{
    const bool isVolume = m_dimensions == 3;
    const auto last = static_cast<std::size_t>(m_dimensions - 1);
    const Index nodes = m_nodes[last];
    const Index length = m_padded[last];
    const Index groups = m_columnStride / kColumns;
    const Index lines = isVolume ? m_padded[1] : 1;
    const Index step = (isVolume ? m_padded[1] : 1) * 2 * m_columnStride;
    const Index rows = m_padded[1] / 2 + 1;
    constexpr Index floats = 2 * kColumns;
    parallelBlocks(groups * lines, std::max<Index>(1, kValuesPerBlock / length / kColumns),
        [&](Index, Index begin, Index end) {
            Matrix column = Matrix::zeros(length, floats);
            for (Index g = begin; g < end && !progress.stopRequested(); ++g) {
                const Index line = g / groups;
                const Index first = g % groups * kColumns;
                float* spectrum = m_spectrum.row(isVolume ? line : 0) + 2 * first;
                for (Index i = 0; i < nodes; ++i)
                    std::copy_n(spectrum + i * step, floats, column.row(i));
                std::fill(column.data() + nodes * floats, column.data() + column.size(), 0.0F);
                fftwf_complex* data = asComplex(column.data());
                fftwf_execute_dft(m_plans->forward.at(last).get(), data, data);
                const Index y = std::min(line, m_padded[1] - line);
                for (Index i = 0; i < length; ++i) {
                    const Index half = std::min(i, length - i);
                    const float* factors
                        = m_multiplier.row(isVolume ? half * rows + y : half) + first;
                    float* values = column.row(i);
                    for (Index c = 0; c < kColumns; ++c) {
                        values[2 * c] *= factors[c];
                        values[2 * c + 1] *= factors[c];
                    }
                }
                fftwf_execute_dft(m_plans->backward.at(last).get(), data, data);
                for (Index i = 0; i < nodes; ++i)
                    std::copy_n(column.row(i), floats, spectrum + i * step);
            }
        });
}

} // namespace embedscope
