#pragma once

#include "core/data/matrix.h"
#include "core/data/row_subset.h"
#include "core/io/text/delimited.h"
#include "core/io/text/table_plan.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// Text cells of one column in one segment, in row order.
struct CellBlock
{
    std::string bytes;
    std::vector<std::uint32_t> ends;

    void append(std::string_view cell)
    {
        bytes.append(cell);
        ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    }
};

/// What parsing one segment yields beside the numbers, which go straight into the matrix.
struct SegmentRows
{
    std::vector<CellBlock> columns; ///< One for each column beside the vectors.
    Index raggedRows = 0; ///< Of those chosen, with another number of values than planned.
    std::uint64_t firstRaggedLine = 0;
    std::optional<Error> error;
};

/// Parses the rows of a delimited file along a plan: the vectors of those chosen into a matrix made
/// for them, what stands beside the vectors of every row (it takes all to tell what a column is).
/// Segments may be read from several threads at once. The arguments must outlive it.
class RowReader
{
public:
    /// rows     of all the file; vectors has a row for each that is chosen.
    RowReader(const ByteSource& source, const Dialect& dialect, const TablePlan& plan,
        const RowSubset& rows, Matrix& vectors);

    /// Columns beside the vectors.
    std::size_t besideCount() const { return m_besideCount; }

    /// Rows of the wrong length get NaN for what is missing; a word among numbers is an error with
    /// its line.
    SegmentRows read(const Segment& segment) const;

    /// Memory that rows of a segment share.
    struct Scratch
    {
        std::vector<Cell> cells;
        std::string value;
        std::vector<float> list;
    };
    /// One row from its cells; what is wrong with it goes into `result`.
    void readCells(const std::vector<Cell>& cells, Index row, std::uint64_t line, Scratch& scratch,
        SegmentRows& result) const;
    const ByteSource& source() const { return m_source; }

private:
    /// Where a column of the file goes.
    struct Target
    {
        ColumnRole role = ColumnRole::Ignored;
        std::size_t index = 0; ///< Dimension, or position among the columns beside.
    };
    /// Where its vector goes; null where the row is not chosen.
    float* vectorOf(Index row) const;
    void readRecord(std::string_view record, Index row, std::uint64_t line, Scratch& scratch,
        SegmentRows& result) const;
    bool readPlainly(
        std::string_view record, float* vector, Scratch& scratch, SegmentRows& result) const;
    bool readVector(std::string_view value, float* vector, std::uint64_t line, Scratch& scratch,
        bool& isRagged, SegmentRows& result) const;
    Error notANumber(std::string_view value, std::size_t column, std::uint64_t line) const;

    const ByteSource& m_source;
    const Dialect& m_dialect;
    const TablePlan& m_plan;
    const RowSubset& m_rows;
    Matrix& m_vectors;
    std::vector<Target> m_targets;
    std::size_t m_besideCount = 0;
    bool m_hasLists = false; ///< Vectors stand in a cell each.
};

} // namespace embedscope
