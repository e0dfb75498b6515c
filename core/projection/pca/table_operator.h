#pragma once

#include "core/projection/pca/krylov.h"
#include "core/projection/pca/scatter.h"

namespace embedscope {

/// The scatter matrix of a table's centred rows as an operator, for tables so wide and so long that
/// the matrix itself would be too large: y = X^T (X x), d values a vector. A product reads the
/// table twice in pieces that stay in the cache, costs O(n d count) and a few megabytes. Float32
/// products over blocks of rows, added in double; same result for any number of threads. Returns
/// early where the progress asks for a stop. `points`, `centring` and `progress` must outlive it.
SymmetricOperator scatterOperator(
    VectorsView points, const Centring& centring, const Progress& progress);

/// The matrix itself: m x m, symmetric. Must outlive the operator.
SymmetricOperator denseOperator(const std::vector<double>& matrix, Index m);

} // namespace embedscope
