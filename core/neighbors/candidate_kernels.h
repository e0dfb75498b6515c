#pragma once

#include "core/base/index.h"

namespace embedscope {

/// Finds the entries of a row of inner products that may be among the nearest: those for which
/// squares[j] - 2 products[j] < threshold. Writes that value and first + j for each, in order of j.
///
/// values, ids   room for `count` entries.
/// returns       how many were written.
Index selectBelow(const float* products, const float* squares, Index count, float threshold,
    PointId first, float* values, PointId* ids);

} // namespace embedscope
