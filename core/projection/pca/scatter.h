#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/vectors.h"

#include <vector>

namespace embedscope {

/// How rows are centred before products are taken of them: minus the mean, times a power of two.
struct Centring
{
    std::vector<double> mean; ///< d; zeros where rows are not to be centred.
    float scale = 1;
    std::vector<float> roundedMean;

    Centring() = default;
    Centring(std::vector<double> ofRows, float factor);

    /// Writes rows [rowBegin, rowEnd), columns [columnBegin, columnEnd) of the points, centred, one
    /// after the other without gaps.
    void apply(VectorsView points, Index rowBegin, Index rowEnd, Index columnBegin, Index columnEnd,
        float* out) const;
};

/// The mean of all rows, and the factor that brings extreme values into float32's comfortable
/// range.
Result<Centring> findCentring(VectorsView points, const Progress& progress);

/// Second moments of a table, with how its rows were centred: sum of x x^T over the centred rows,
/// or their inner products.
struct Moments
{
    Centring centring;
    std::vector<double> products; ///< Square and symmetric.
};

/// The scatter matrix of the rows, sum over i of x_i x_i^T, d x d: of the centred rows, or of the
/// rows as they are.
///
/// Reads the table once, for mean and products alike: rows are shifted by the mean of a sample, and
/// the sums corrected by the rest of the way (Chan, Golub and LeVeque 1983, eq. 1.7); only where
/// the sample misled, or values are extreme, a second time. Float32 products over blocks of rows,
/// added in double in an order that n and d alone decide. O(n d^2) time, O(d^2) memory besides a
/// few megabytes. OutOfMemory, Stopped.
Result<Moments> scatterMatrix(VectorsView points, bool isCentred, const Progress& progress);

/// All inner products of the rows, n x n. Reads the table twice, a few columns at a time.
/// O(n^2 d) time, O(n^2) memory besides a few megabytes. OutOfMemory, Stopped.
Result<Moments> innerProducts(VectorsView points, bool isCentred, const Progress& progress);

} // namespace embedscope
