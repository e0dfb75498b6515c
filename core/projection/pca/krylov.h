#pragma once

#include "core/base/blas.h"
#include "core/base/progress.h"
#include "core/base/result.h"

#include <functional>

namespace embedscope {

/// A symmetric positive semidefinite matrix of which nothing is known but its products with
/// vectors: y_i = A x_i for `count` vectors, the rows of x and y, each as long as the matrix. To
/// return early is allowed where a stop is requested.
using SymmetricOperator = std::function<void(Index count, const double* x, double* y)>;

/// The leading eigenpairs of such a matrix, by a block Krylov space with restarts: from a random
/// block, the residuals of the best vectors found so far widen the space until they vanish.
/// (Musco and Musco 2015 for the block space and its accuracy, Halko, Martinsson and Tropp 2011 for
/// the random start; restarts keep Ritz vectors as in Wu and Simon 2000.) The same start each time,
/// so the same answer, for any number of threads.
///
/// m          size of the matrix.
/// count      1 <= count, best below m / 3.
/// noise      what of A's largest eigenvalue its products are wrong by: 1e-7 where they are taken
///            in float32. No residual is asked to be smaller.
/// returns    values descending, vectors of unit length, orthogonal; Stopped within 50 ms while
///            count is below a hundred.
/// cost       a few to a few dozen products with blocks of about `count` vectors; memory for about
///            eight times `count` vectors.
Result<Eigenpairs> leadingEigenpairs(
    Index m, Index count, double noise, const SymmetricOperator& apply, const Progress& progress);

} // namespace embedscope
