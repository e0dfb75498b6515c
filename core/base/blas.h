#pragma once

#include "core/base/index.h"

#include <vector>

namespace embedscope {

/// The few dense products and the eigen-solver we take from OpenBLAS. Each call runs on the calling
/// thread alone: parallelism is ours, over fixed blocks, so that results do not depend on the
/// number of threads. All matrices are row-major.

/// c = a b^T: a is m x k with row stride aStride, b is n x k, c is m x n.
void multiplyTransposed(Index m, Index n, Index k, const float* a, Index aStride, const float* b,
    Index bStride, float* c, Index cStride);

void multiplyTransposed(Index m, Index n, Index k, const double* a, Index aStride, const double* b,
    Index bStride, double* c, Index cStride);

/// c = a b: a is m x k, b is k x n, c is m x n.
void multiply(Index m, Index n, Index k, const float* a, Index aStride, const float* b,
    Index bStride, float* c, Index cStride);
void multiply(Index m, Index n, Index k, const double* a, Index aStride, const double* b,
    Index bStride, double* c, Index cStride);

/// c = a^T b: a is k x m, b is k x n, c is m x n.
void transposedMultiply(Index m, Index n, Index k, const float* a, Index aStride, const float* b,
    Index bStride, float* c, Index cStride);

/// Largest eigenvalues of a symmetric matrix, descending, and their vectors.
struct Eigenpairs
{
    std::vector<double> values; ///< count
    std::vector<double> vectors; ///< count x n, a row each, unit length
};

/// a       n x n, symmetric and finite; its content is destroyed.
/// count   1 <= count <= n.
/// cost    O(n^3). Empty where the solver did not converge, which finite input is not known to
/// cause.
Eigenpairs largestEigenpairs(std::vector<double>& a, Index n, Index count);

} // namespace embedscope
