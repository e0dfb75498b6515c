#pragma once

#include "core/base/index.h"

namespace embedscope {

/// The inner loops of neighborhood_scan and of exact comparisons, dispatched at run time to the
/// widest vector instructions the processor has.

// Exact: every difference, product and sum in double. Rows are multiplied by their scale first.

/// |x - y|^2
double pairSquare(const float* x, double xScale, const float* y, double yScale, Index d);
/// x . y
double pairDot(const float* x, const float* y, Index d);
/// sum |x_j - y_j|
double pairManhattan(const float* x, double xScale, const float* y, double yScale, Index d);

// Approximate: float32, `count` values at a time.

/// values[i] = sum over `dims` axes of (query[a] - axes[a * stride + i])^2
void planeSquares(
    const float* query, const float* axes, Index stride, Index dims, Index count, float* values);

/// values[i] = sum |query_j - rows[i * d + j]|
void manhattanSums(const float* query, const float* rows, Index d, Index count, float* values);

/// What an approximate value is made of: base[i] + factor * products[i]; base may be null for 0.
struct ScanValues
{
    const float* products = nullptr;
    const float* base = nullptr;
    float factor = 1;
    Index count = 0;
    PointId first = 0; ///< Row of products[0].
};

/// Writes the values below the threshold and their rows one after the other; returns how many.
/// values and ids have room for `count`.
Index scanBelow(const ScanValues& scan, float threshold, float* values, PointId* ids);

/// Adds to below[p] how many values are < lows[p], and writes the values that lie in any
/// [lows[p], highs[p]) with their rows, at most `room` of them; returns how many there were, even
/// if more than `room`.
///
/// lows, highs   descending.
Index scanRanks(const ScanValues& scan, const float* lows, const float* highs, Index probes,
    std::uint32_t* below, Index room, float* values, PointId* ids);

} // namespace embedscope
