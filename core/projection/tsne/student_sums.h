#pragma once

#include "core/base/index.h"

namespace embedscope {

/// Sum over i of 1 / (1 + |place - row_i|^2): how much of t-SNE's normaliser one point adds.
/// float32, about 1e-6 relative for up to a few thousand rows. Dispatched at run time.
///
/// place   dims values.
/// axes    dims x stride; axis a of row i is axes[a * stride + i].
double studentSum(const float* place, const float* axes, Index stride, Index dims, Index count);

} // namespace embedscope
