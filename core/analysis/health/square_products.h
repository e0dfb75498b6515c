#pragma once

#include "core/base/progress.h"
#include "core/data/matrix.h"

#include <optional>

namespace embedscope {

/// The sum over all i, j (i = j too) of (x_i . x_j)^2, which is the squared Frobenius norm of both
/// X X^T and X^T X: the smaller of the two is worked out, a tile at a time.
///
/// points   n x d, finite and of moderate size: products are summed in float32 within a tile.
/// returns  the sum, or nullopt where it was stopped.
/// cost     n d min(n, d) multiplications; memory of a tile for every piece of work.
std::optional<double> sumOfSquaredProducts(MatrixView points, const Progress& progress);

} // namespace embedscope
