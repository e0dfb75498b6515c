#include "core/analysis/compared_space.h"

#include "core/analysis/scan_kernels.h"
#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

constexpr Index kValuesPerBlock = Index{1} << 18;
constexpr Index kMostBlocks = 256; ///< Of passes that keep a sum for each block.

Index rowsPerBlock(Index d)
{
    return std::max<Index>(1, kValuesPerBlock / std::max<Index>(1, d));
}

} // namespace

std::vector<PointId> ComparedSpace::sharedRows(const Dataset& dataset, const Layout& layout)
{
    std::vector<PointId> rows;
    rows.reserve(static_cast<std::size_t>(dataset.size()));
    const Index dims = layout.positions.columns();
    for (Index i = 0; i < dataset.size(); ++i) {
        bool isPlaced = dataset.isUsable(static_cast<PointId>(i));
        for (Index a = 0; a < dims; ++a)
            isPlaced = isPlaced && std::isfinite(layout.positions(i, a));
        if (isPlaced)
            rows.push_back(static_cast<PointId>(i));
    }
    return rows;
}

Result<ComparedSpace> ComparedSpace::full(const Dataset& dataset, const Recipe& recipe,
    const std::vector<PointId>& rows, const Progress& progress)
{
    const auto metric = metricFromId(recipe.metric);
    if (!metric) {
        return Error{ErrorCode::InvalidArgument,
            "the recipe names a metric that is not known, \"" + printable(recipe.metric) + '"', {},
            {}, {}};
    }
    ComparedSpace space;
    space.m_table = dataset.vectors();
    space.m_size = static_cast<Index>(rows.size());
    space.m_rows = space.m_size == dataset.size() ? nullptr : &rows;
    space.m_measure = *metric == Metric::Dot ? Measure::Dot
        : *metric == Metric::Manhattan       ? Measure::Manhattan
                                             : Measure::Square;
    const bool isUnit = *metric == Metric::Cosine || recipe.normalization == "unit";
    if (isUnit)
        EMBEDSCOPE_TRY(space.toUnitLength(progress));
    // Differences do not depend on the mean, but products do, and so dot products are around it
    // only where the recipe says so.
    const bool isCentred = recipe.normalization == "center" && !isUnit;
    if (space.m_measure != Measure::Dot || isCentred)
        EMBEDSCOPE_TRY(space.centre(progress));
    EMBEDSCOPE_TRY(space.measureRows(progress));
    return space;
}

Result<ComparedSpace> ComparedSpace::map(
    MatrixView positions, const std::vector<PointId>& rows, const Progress& progress)
{
    ComparedSpace space;
    space.m_measure = Measure::Plane;
    space.m_table = positions;
    space.m_size = static_cast<Index>(rows.size());
    space.m_rows = space.m_size == positions.rows() ? nullptr : &rows;
    EMBEDSCOPE_TRY(space.measureRows(progress));
    return space;
}

const float* ComparedSpace::rowOf(PointId row, RowRoom& room) const
{
    return m_table.row(m_rows == nullptr ? row : (*m_rows)[row], room);
}

double ComparedSpace::value(PointId a, PointId b) const
{
    const Index d = m_table.columns();
    RowRoom roomOfA;
    RowRoom roomOfB;
    const float* const rowA = rowOf(a, roomOfA);
    const float* const rowB = rowOf(b, roomOfB);
    switch (m_measure) {
    case Measure::Square:
        // A row of zeros is at exactly 1 from all rows of unit length.
        if (scaleOf(a) == 0 || scaleOf(b) == 0)
            return (scaleOf(a) == 0 ? 0 : 1) + (scaleOf(b) == 0 ? 0 : 1);
        [[fallthrough]];
    case Measure::Plane:
        return pairSquare(rowA, scaleOf(a), rowB, scaleOf(b), d);
    case Measure::Manhattan:
        return pairManhattan(rowA, scaleOf(a), rowB, scaleOf(b), d);
    case Measure::Dot:
        break;
    }
    const double dot = pairDot(rowA, rowB, d) * scaleOf(a) * scaleOf(b);
    return m_meanDots.empty() ? -dot : m_meanDots[a] + m_meanDots[b] - m_meanSquare - dot;
}

void ComparedSpace::prepareRow(PointId row, float* to) const
{
    RowRoom room;
    const float* from = rowOf(row, room);
    const double scale = scaleOf(row) * m_factor;
    const Index d = m_table.columns();
    if (m_centre.empty()) {
        for (Index j = 0; j < d; ++j)
            to[j] = static_cast<float>(from[j] * scale);
        return;
    }
    // The centre has been multiplied by the factor.
    for (Index j = 0; j < d; ++j)
        to[j] = static_cast<float>(from[j] * scale - m_centre[static_cast<std::size_t>(j)]);
}

void ComparedSpace::prepareRows(Index begin, Index end, float* to) const
{
    for (Index i = begin; i < end; ++i, to += m_table.columns())
        prepareRow(static_cast<PointId>(i), to);
}

Status ComparedSpace::toUnitLength(const Progress& progress)
{
    m_scales.resize(static_cast<std::size_t>(m_size));
    const Index d = m_table.columns();
    parallelBlocks(m_size, rowsPerBlock(d), [&](Index, Index begin, Index end) {
        RowRoom room;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const float* row = rowOf(static_cast<PointId>(i), room);
            const double square = pairDot(row, row, d);
            m_scales[static_cast<std::size_t>(i)] = square > 0 ? 1 / std::sqrt(square) : 0;
        }
    });
    return progress.stopRequested() ? Status(stoppedError()) : Status();
}

Status ComparedSpace::centre(const Progress& progress)
{
    const Index d = m_table.columns();
    const Index blockRows = std::max(rowsPerBlock(d), (m_size + kMostBlocks - 1) / kMostBlocks);
    const Index blocks = blockCount(m_size, blockRows);
    std::vector<double> sums(static_cast<std::size_t>(blocks * d));
    parallelBlocks(m_size, blockRows, [&](Index block, Index begin, Index end) {
        double* sum = sums.data() + block * d;
        RowRoom room;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const float* row = rowOf(static_cast<PointId>(i), room);
            const double scale = scaleOf(static_cast<PointId>(i));
            for (Index j = 0; j < d; ++j)
                sum[j] += row[j] * scale;
        }
    });
    if (progress.stopRequested())
        return stoppedError();
    m_centre.assign(static_cast<std::size_t>(d), 0);
    for (Index block = 0; block < blocks; ++block) {
        for (Index j = 0; j < d; ++j)
            m_centre[static_cast<std::size_t>(j)] += sums[static_cast<std::size_t>(block * d + j)];
    }
    for (double& value : m_centre)
        value /= static_cast<double>(m_size);
    if (m_measure != Measure::Dot)
        return {};
    m_meanDots.resize(static_cast<std::size_t>(m_size));
    for (const double value : m_centre)
        m_meanSquare += value * value;
    parallelBlocks(m_size, rowsPerBlock(d), [&](Index, Index begin, Index end) {
        RowRoom room;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const float* row = rowOf(static_cast<PointId>(i), room);
            double dot = 0;
            for (Index j = 0; j < d; ++j)
                dot += row[j] * m_centre[static_cast<std::size_t>(j)];
            m_meanDots[static_cast<std::size_t>(i)] = dot;
        }
    });
    return progress.stopRequested() ? Status(stoppedError()) : Status();
}

Status ComparedSpace::measureRows(const Progress& progress)
{
    const Index d = m_table.columns();
    const Index blockRows = rowsPerBlock(d);
    std::vector<double> largest(static_cast<std::size_t>(blockCount(m_size, blockRows)));
    parallelBlocks(m_size, blockRows, [&](Index block, Index begin, Index end) {
        double most = 0;
        RowRoom room;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const float* row = rowOf(static_cast<PointId>(i), room);
            float own = 0;
            for (Index j = 0; j < d; ++j)
                own = std::max(own, std::abs(row[j]));
            most = std::max(most, static_cast<double>(own) * scaleOf(static_cast<PointId>(i)));
        }
        largest[static_cast<std::size_t>(block)] = most;
    });
    if (progress.stopRequested())
        return stoppedError();
    const double most = largest.empty() ? 0 : *std::max_element(largest.begin(), largest.end());
    m_factor = most > 0 ? std::ldexp(1.0, -std::ilogb(most)) : 1;
    m_unit = m_measure == Measure::Manhattan ? m_factor : m_factor * m_factor;
    for (double& value : m_centre)
        value *= m_factor;
    if (m_measure == Measure::Plane || m_measure == Measure::Manhattan)
        return {};

    if (m_measure == Measure::Square)
        m_squares.resize(static_cast<std::size_t>(m_size));
    parallelBlocks(m_size, blockRows, [&](Index block, Index begin, Index end) {
        std::vector<float> row(static_cast<std::size_t>(d));
        double longest = 0;
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            prepareRow(static_cast<PointId>(i), row.data());
            const double square = pairDot(row.data(), row.data(), d);
            longest = std::max(longest, square);
            if (m_measure == Measure::Square)
                m_squares[static_cast<std::size_t>(i)] = static_cast<float>(square);
        }
        largest[static_cast<std::size_t>(block)] = longest;
    });
    if (progress.stopRequested())
        return stoppedError();
    m_longest = largest.empty() ? 0 : std::sqrt(*std::max_element(largest.begin(), largest.end()));
    return {};
}

} // namespace embedscope
