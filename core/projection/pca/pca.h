#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/vectors.h"

#include <span>
#include <vector>

namespace embedscope {

/// By which road principal components are found. All lead to the same, up to rounding.
enum class PcaRoute
{
    Automatic, ///< The cheapest for the table's shape.
    Covariance, ///< Through the d x d scatter matrix: for long, narrow tables.
    Gram, ///< Through the n x n inner products of rows: for short, wide tables.
    Krylov, ///< Neither matrix is made, only products with it: for tables long and wide.
};

struct PcaSettings
{
    /// Directions of the most variance about the mean; false: of the largest squares about the
    /// origin.
    bool isCentred = true;
    PcaRoute route = PcaRoute::Automatic;
};

/// The leading principal components of a table: the orthogonal directions along which its rows
/// spread most.
struct PrincipalComponents
{
    bool isCentred = true;
    std::vector<double> mean; ///< d, of the rows as they were given; zeros where not centred.
    Matrix
        axes; ///< count x d, rows of unit length; a row of zeros where there is no more variance.
    std::vector<double> ratios; ///< count, descending: share of the whole variance.
    /// count: standard deviation of the rows along each axis, by n - 1; where not centred, the root
    /// of the mean square.
    std::vector<double> deviations;
    double totalVariance = 0; ///< Over all directions, in the same sense.
    /// Power of two by which rows are multiplied before products are taken, so that very large or
    /// small values neither overflow nor vanish in float32. Nearly always 1.
    float scale = 1;

    Index count() const { return axes.rows(); }
    Index dimensions() const { return axes.columns(); }
};

/// points   n x d, n >= 1, d >= 1; rows must be finite.
/// count    how many components, 1 <= count <= min(n, d).
/// returns  signs are such that the largest loading (by magnitude, the first of equals) of each
///          component is positive. OutOfMemory, Stopped.
/// cost     with m = min(n, d): O(n d m) time where m is below about 2,000 and a table of m x m
///          doubles; else O(n d count) times a few to a few dozen, and memory for about eight times
///          `count` vectors. The table is never copied, and read once where it is long and narrow.
///          Products are taken in float32 over short blocks and summed in double. Same result for
///          any number of threads. A stop is heard within 50 ms, but where a third or more of many
///          hundred components are asked for.
Result<PrincipalComponents> principalComponents(
    VectorsView points, Index count, const PcaSettings& settings, const Progress& progress);
Result<PrincipalComponents> principalComponents(
    VectorsView points, Index count, const Progress& progress);

/// Coordinates of rows along components.
///
/// points      n x d, of the dimensions of the components.
/// which       components, from 0; those beyond count() give a column of zeros.
/// isWhitened  divides each coordinate by the component's standard deviation; zero where there is
///             none.
/// returns     n x which.size(), in the units of the points where not whitened. OutOfMemory,
///             Stopped.
Result<Matrix> componentScores(const PrincipalComponents& components, VectorsView points,
    std::span<const Index> which, const Progress& progress, bool isWhitened = false);

/// Roughly how many seconds both take together on two processors of 2024.
double estimateComponentSeconds(Index n, Index d, Index count);

} // namespace embedscope
