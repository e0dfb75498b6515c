#pragma once

#include "core/base/index.h"

namespace embedscope {

/// The loops of an exact query: one vector against many rows, every product and sum in double.
/// Dispatched at run time to the widest vector instructions the processor has.

/// dots[i] = query . rows[i] and squares[i] = rows[i] . rows[i] for `count` rows of d values that
/// follow each other.
void rowDots(
    const float* rows, Index count, Index d, const double* query, double* dots, double* squares);

/// squares[i] = |query - rows[i]|^2, from the differences themselves.
void rowSquaredDistances(
    const float* rows, Index count, Index d, const double* query, double* squares);

} // namespace embedscope
