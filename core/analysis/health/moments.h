#pragma once

#include "core/base/index.h"

namespace embedscope {

/// Adds up `count` rows, dimension by dimension, in double: for each j
///   sum[j] += x_j - shift[j],  square[j] += (x_j - shift[j])^2,  direction[j] += x_j * scales[i].
/// In the order of the rows whatever the processor; only the width of a register differs.
void addMoments(const float* const* rows, const double* scales, Index count, const double* shift,
    Index d, double* sum, double* square, double* direction);

} // namespace embedscope
