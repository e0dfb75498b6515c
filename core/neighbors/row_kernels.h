#pragma once

#include "core/base/index.h"

namespace embedscope {

/// The loops of exact values: one vector against many rows, every product and sum in double.
/// Dispatched at run time to the widest vector instructions the processor has.
///
/// rows    of d values that follow each other.
/// ids     which of them, `count` numbers; nullptr = the first `count`.

/// dots[i] = query . row and squares[i] = row . row.
void rowDots(const float* rows, const PointId* ids, Index count, Index d, const double* query,
    double* dots, double* squares);

/// squares[i] = |query - row|^2, from the differences themselves.
void rowSquaredDistances(const float* rows, const PointId* ids, Index count, Index d,
    const double* query, double* squares);

/// sums[i] = the sum of |query - row| over the coordinates.
void rowAbsoluteDistances(
    const float* rows, const PointId* ids, Index count, Index d, const double* query, double* sums);

/// Of the first `count` rows.
inline void rowSquaredDistances(
    const float* rows, Index count, Index d, const double* query, double* squares)
{
    rowSquaredDistances(rows, nullptr, count, d, query, squares);
}

} // namespace embedscope
