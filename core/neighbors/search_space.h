#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"
#include "core/neighbors/metric.h"
#include "core/neighbors/scan_kernels.h"

#include <span>
#include <vector>

namespace embedscope {

/// The rows of a table made ready to be scanned under a metric: in panels, of moderate size, around
/// their mean or of unit length where the metric allows, so that float32 scores round little. Knows
/// how much they may round at most.
///
/// Scores order points as the metric does, higher is nearer: x.y - |y|^2 / 2 for Euclidean, x.y for
/// dot product and, of unit rows, cosine; minus the distance for Manhattan.
class SearchSpace
{
public:
    /// points    n x d; finite, n >= 1, d >= 1.
    /// queries   rows that will be placed beside the points; may be empty.
    static Result<SearchSpace> make(
        MatrixView points, MatrixView queries, Metric metric, const Progress& progress);

    /// The same without points: rows can be placed, and panels follow by arrange().
    static SearchSpace measure(
        MatrixView points, MatrixView queries, Metric metric, const Progress& progress);

    /// Puts the rows of the points that it was measured on into panels.
    /// order   the row that stands at each place; kNoPoint leaves it empty.
    Status arrange(MatrixView points, std::span<const PointId> order, const Progress& progress);

    Metric metric() const { return m_metric; }
    ScoreKind kind() const
    {
        return m_metric == Metric::Manhattan ? ScoreKind::MinusAbsolute : ScoreKind::Product;
    }
    Index dimensions() const { return m_dimensions; }
    double scale() const { return m_scale; } ///< Of placed rows to the rows themselves.
    Index panels() const { return m_panels.rows() / m_dimensions; }
    const float* panel(Index i) const { return m_panels.data() + i * kPanel * m_dimensions; }
    /// Of the points, kPanel for each panel; -inf where there is no point.
    const float* biases() const { return m_biases.data(); }

    /// Writes a row as it is compared, value j to placed[j * stride], and returns the bias it has
    /// as a point. The stride is kPanel in a panel.
    float placeRow(const float* row, float* placed, Index stride) const;

    /// Length of a row as it was placed, before rounding.
    double lengthOf(const float* row) const;

    /// True where no point whose score was <= threshold can be as near a query as its k-th nearest,
    /// not even by a tie.
    /// length     lengthOf() the query.
    /// kthValue   of the metric, rounded to float32.
    bool isCertain(double length, float kthValue, float threshold) const;

private:
    Metric m_metric = Metric::Euclidean;
    Index m_dimensions = 0;
    Matrix m_panels;
    std::vector<float> m_biases;
    std::vector<double> m_mean; ///< Zeros but for Euclidean.
    double m_scale = 1; ///< A power of two; 1 for cosine.
    double m_longest = 0; ///< Length of the longest row as placed.
};

} // namespace embedscope
