#pragma once

#include "core/io/columnar/columnar_source.h"

#include <string>

namespace embedscope {

/// Lists on their way into rows of a matrix, as a format meets them: whole rows, pieces of one row,
/// nulls. For one stretch of rows [first, last) of the file, of which the chosen ones are kept.
class VectorRows
{
public:
    /// into: a row for each that is chosen. name and path: for messages. All must outlive this.
    VectorRows(Matrix& into, const RowSubset& chosen, Index first, Index last,
        const std::string& name, const std::string& path)
        : m_matrix(into)
        , m_chosen(chosen)
        , m_row(first)
        , m_last(last)
        , m_position(chosen.before(first))
        , m_spare(chosen.isAll() ? 0 : static_cast<std::size_t>(into.columns()))
        , m_name(name)
        , m_path(path)
    {
    }

    /// Passes over rows that nobody chose.
    void skip(Index count) { m_row += count; }
    /// More values of the current row: float32, aligned or not.
    Status add(const void* values, Index count);
    /// A null in the current row.
    Status addMissing();
    /// Ends the current row. An empty one counts as missing.
    Status endRow();
    /// True where every row was given.
    bool isComplete() const { return m_row == m_last && m_filled == 0; }

    const VectorFaults& faults() const { return m_faults; }

private:
    Error wrongLength(Index length, bool isLonger) const;
    bool isChosen() const { return m_position < m_chosen.count() && m_chosen[m_position] == m_row; }
    float* target() { return isChosen() ? m_matrix.row(m_position) : m_spare.data(); }

    Matrix& m_matrix;
    const RowSubset& m_chosen;
    Index m_row; ///< Of the file.
    Index m_last;
    Index m_position; ///< In the matrix.
    std::vector<float> m_spare; ///< Where rows go that nobody chose.
    Index m_filled = 0;
    const std::string& m_name;
    const std::string& m_path;
    VectorFaults m_faults;
};

} // namespace embedscope
