#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/layout.h"
#include "core/neighbors/metric.h"

#include <vector>

namespace embedscope {

/// The rows that a dataset and a layout share, seen in the full space (under the recipe's
/// normalisation and metric) or on the map. Values are smaller where rows are nearer, whatever the
/// metric: squared Euclidean distance (under cosine, of rows of unit length), negative dot product,
/// sum of absolute differences. Does not own the table or the positions.
class ComparedSpace
{
public:
    enum class Measure
    {
        Square, ///< Squared Euclidean distance, by inner products.
        Dot, ///< Negative dot product.
        Manhattan,
        Plane, ///< Squared Euclidean distance in few dimensions, by differences.
    };

    /// The rows that have a usable vector and a place, ascending.
    static std::vector<PointId> sharedRows(const Dataset& dataset, const Layout& layout);

    /// rows   of the table, ascending; must outlive the space, as the dataset must.
    /// cost   two passes over the rows. InvalidArgument for a metric that is not known, Stopped.
    static Result<ComparedSpace> full(const Dataset& dataset, const Recipe& recipe,
        const std::vector<PointId>& rows, const Progress& progress);
    static Result<ComparedSpace> map(
        MatrixView positions, const std::vector<PointId>& rows, const Progress& progress);

    Measure measure() const { return m_measure; }
    /// Rows from here on count within the shared ones, from 0.
    Index size() const { return m_size; }
    Index dimensions() const { return m_table.columns(); }

    /// In double, from the values as they stand in the file.
    double value(PointId a, PointId b) const;

    // For the approximate scan, in float32: rows around their mean and of moderate size, so that
    // products cancel little and stay in range. Values are those of value() times unit().

    /// Rows [begin, end) into `to`, one after the other.
    void prepareRows(Index begin, Index end, float* to) const;
    void prepareRow(PointId row, float* to) const;
    double unit() const { return m_unit; }
    /// Square: |row|^2 of the prepared rows; empty for other measures.
    const std::vector<float>& squares() const { return m_squares; }
    /// Length of the longest prepared row.
    double longest() const { return m_longest; }

private:
    const float* rowOf(PointId row, RowRoom& room) const;
    double scaleOf(PointId row) const { return m_scales.empty() ? 1 : m_scales[row]; }
    Status toUnitLength(const Progress& progress);
    Status centre(const Progress& progress);
    Status measureRows(const Progress& progress);

    Measure m_measure = Measure::Square;
    VectorsView m_table;
    const std::vector<PointId>* m_rows = nullptr; ///< Null where they are all of the table.
    Index m_size = 0;
    std::vector<double>
        m_scales; ///< What a row is multiplied by (0 for rows of zeros); empty for 1.
    std::vector<double> m_centre; ///< Taken away in the approximate scan; empty for 0.
    /// Where rows were centred and the dot product is asked for: the rows' dot products with the
    /// mean, and the mean's with itself.
    std::vector<double> m_meanDots;
    double m_meanSquare = 0;
    double m_factor = 1; ///< A power of two.
    double m_unit = 1;
    std::vector<float> m_squares;
    double m_longest = 0;
};

} // namespace embedscope
