#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"

#include <vector>

namespace embedscope {

/// How rows are centred before products are taken of them: minus the mean, times a power of two.
struct Centring
{
    std::vector<double> mean; ///< d
    float scale = 1;
    std::vector<float> roundedMean;

    Centring() = default;
    Centring(std::vector<double> ofRows, float factor);

    /// Writes rows [rowBegin, rowEnd), columns [columnBegin, columnEnd) of the points, centred, one
    /// after the other without gaps.
    void apply(MatrixView points, Index rowBegin, Index rowEnd, Index columnBegin, Index columnEnd,
        float* out) const;
};

/// The mean of all rows, and the factor that brings extreme values into float32's comfortable
/// range.
Result<Centring> findCentring(MatrixView points, const Progress& progress);

/// The scatter matrix of the centred rows, sum over i of x_i x_i^T: d x d, upper and lower
/// triangle. Float32 products over blocks of rows, added in double in an order that n and d alone
/// decide. O(n d^2) time, O(d^2) memory (up to 32 copies while d is small). OutOfMemory, Stopped.
Result<std::vector<double>> scatterMatrix(
    MatrixView points, const Centring& centring, const Progress& progress);

/// All inner products of rows that are centred already: n x n. O(n^2 d) time.
Result<std::vector<double>> innerProducts(MatrixView centred, const Progress& progress);

} // namespace embedscope
