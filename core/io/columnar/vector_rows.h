#pragma once

#include "core/io/columnar/columnar_source.h"

#include <string>

namespace embedscope {

/// Lists on their way into rows of a matrix, as a format meets them: whole rows, pieces of one row,
/// nulls. For one stretch of rows [first, last).
class VectorRows
{
public:
    /// name and path: for messages. All must outlive this.
    VectorRows(
        Matrix& into, Index first, Index last, const std::string& name, const std::string& path)
        : m_matrix(into)
        , m_row(first)
        , m_last(last)
        , m_name(name)
        , m_path(path)
    {
    }

    /// Room for as many whole rows as follow, all of the right length; nullptr where a row is begun
    /// or there are not so many left.
    float* wholeRows(Index count);
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

    Matrix& m_matrix;
    Index m_row;
    Index m_last;
    Index m_filled = 0;
    const std::string& m_name;
    const std::string& m_path;
    VectorFaults m_faults;
};

} // namespace embedscope
