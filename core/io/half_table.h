#pragma once

#include "core/io/format.h"

namespace embedscope {

/// Takes float32 rows one below the other and keeps them as float16.
class HalfRows
{
public:
    /// Room for rows x columns values; OutOfMemory, or TooLarge where a MemoryBudget says so.
    static Result<HalfRows> make(Index rows, Index columns);

    /// Rounds the rows to the nearest float16. There is room for them. Stopped.
    Status append(const Matrix& rows, const Progress& progress);
    Index count() const { return m_count; }

    /// Says in the table's notes how its values are kept, and in its warnings how many became
    /// infinite. table.provenance.dtype is that of the file.
    void tell(Table& table) const;
    /// What was appended.
    Vectors take();

private:
    HalfMatrix m_rows;
    Index m_count = 0;
    Index m_overflows = 0; ///< Finite values that a float16 is too small for.
};

/// A table whose vectors are kept apart from it.
struct HalfTable
{
    Table table; ///< All but the vectors.
    Vectors vectors; ///< As float16.
};

/// How large the bands of a table are.
struct BandSizes
{
    Index firstRows = 64; ///< Of the first, which tells how large the table is.
    Index count = 8; ///< How many the others are, about.
};

/// Reads a whole table in bands of rows and keeps each as float16, so that it never lies in memory
/// as float32: its peak is 5/8 of that. For tables of several bands, the format is read about ten
/// times with a range of rows.
///
/// returns  where the format does not read ranges, or the table is small, all of it in `table`, as
///          float32, and no vectors beside it.
Result<HalfTable> readAsHalves(const Format& format, const ByteSource& source,
    const ReadOptions& options, const Progress& progress, const BandSizes& sizes = {});

} // namespace embedscope
