#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"

#include <span>
#include <vector>

namespace embedscope {

/// The leading principal components of a table: the orthogonal directions along which its centred
/// rows spread most. Exact: through the eigenvectors of the covariance matrix (d <= n) or of the
/// matrix of inner products (n < d), not by a randomised sketch.
struct PrincipalComponents
{
    std::vector<double> mean; ///< d, of the rows as they were given.
    Matrix
        axes; ///< count x d, rows of unit length; a row of zeros where there is no more variance.
    std::vector<double> ratios; ///< count, descending: share of the whole variance.
    /// Power of two by which centred rows are multiplied before products are taken, so that very
    /// large or small values neither overflow nor vanish in float32. Nearly always 1.
    float scale = 1;

    Index count() const { return axes.rows(); }
    Index dimensions() const { return axes.columns(); }
};

/// points   n x d, n >= 1, d >= 1; rows must be finite.
/// count    how many components, 1 <= count <= min(n, d).
/// returns  signs are such that the largest loading (by magnitude, the first of equals) of each
///          component is positive. OutOfMemory, Stopped.
/// cost     O(n d m + m^3) time with m = min(n, d), O(m^2) memory besides, and where n < d a copy
///          of the table. Products are taken in float32 over short blocks and summed in double.
///          Same result for any number of threads.
Result<PrincipalComponents> principalComponents(
    MatrixView points, Index count, const Progress& progress);

/// Coordinates of rows along components.
///
/// points   n x d, of the dimensions of the components.
/// which    components, from 0; those beyond count() give a column of zeros.
/// returns  n x which.size(), in the units of the points. OutOfMemory, Stopped.
Result<Matrix> componentScores(const PrincipalComponents& components, MatrixView points,
    std::span<const Index> which, const Progress& progress);

} // namespace embedscope
