#pragma once

#include "core/base/index.h"
#include "core/projection/tsne/softened_kernel.h"

#include <array>
#include <span>

namespace embedscope {

/// Points in the order of the cells of a grid, a column a dimension; z is null in the plane.
/// Readable for 16 values beyond the last point.
struct SortedPoints
{
    std::array<const float*, 3> axes{};
    int dimensions = 2;
};

/// The nodes of a regular grid as GridConvolution lays them out.
struct NodeGrid
{
    std::array<double, 3> origin{}; ///< Place of node 0.
    double inverseSpacing = 1;
    Index rowStride = 0;
    Index planeStride = 0;
};

/// Spreads a unit charge of each point [begin, end) over the 6 nearest nodes along each axis by
/// B-splines of order 6. Points must lie at least 2 nodes within the first and 3 within the last.
void spreadCharges(
    const SortedPoints& points, Index begin, Index end, const NodeGrid& grid, float* nodes);

/// Interpolates the potential at the nodes by the same splines: its value and its gradient (by
/// place) at each point [begin, end).
///
/// gradient    an array a dimension, added to: += scale * gradient.
/// returns     the sum of the values.
double gatherPotential(const SortedPoints& points, Index begin, Index end, const NodeGrid& grid,
    const float* nodes, double scale, const std::array<float*, 3>& gradient);

/// Neighbouring points in their sorted order, [begin, end).
struct PointRange
{
    Index begin = 0;
    Index end = 0;
};

/// The near part of the kernel between each point [begin, end) and all points of the ranges, itself
/// among them perhaps.
///
/// forces    an array a dimension; the pushes are added.
/// returns   the sum of the near parts of w.
double repelNear(const SortedPoints& points, Index begin, Index end,
    std::span<const PointRange> others, const SoftenedKernel& kernel,
    const std::array<float*, 3>& forces);

} // namespace embedscope
