#pragma once

#include "core/base/progress.h"
#include "core/data/matrix.h"

#include <variant>
#include <vector>

namespace embedscope {

/// Room for rows that are kept as float16 and are looked at as float32. Empty, and stays so, where
/// they are kept as float32. A value of one thread.
using RowRoom = std::vector<float>;

/// A read-only window on the vectors of a table, n x d, which are kept as float32 or as float16;
/// row = point. They are read as float32, a few rows at a time. Does not own them.
class VectorsView
{
public:
    VectorsView() = default;
    VectorsView(MatrixView floats) // NOLINT(google-explicit-constructor)
        : m_floats(floats.data())
        , m_rows(floats.rows())
        , m_columns(floats.columns())
    {
    }
    VectorsView(const Matrix& floats) // NOLINT(google-explicit-constructor)
        : VectorsView(floats.view())
    {
    }
    VectorsView(const HalfMatrix& halves) // NOLINT(google-explicit-constructor)
        : m_halves(halves.data())
        , m_rows(halves.rows())
        , m_columns(halves.columns())
    {
    }

    Index rows() const { return m_rows; }
    Index columns() const { return m_columns; }
    bool isEmpty() const { return m_rows == 0 || m_columns == 0; }
    /// Whether they are kept as float16.
    bool isHalf() const { return m_halves != nullptr; }
    std::uint64_t bytes() const
    {
        return static_cast<std::uint64_t>(m_rows * m_columns)
            * (isHalf() ? sizeof(Half) : sizeof(float));
    }
    /// The values where they lie; only where they are kept as float32.
    MatrixView floats() const
    {
        assert(!isHalf());
        return {m_floats, m_rows, m_columns};
    }

    /// Rows [begin, end), one after the other: where they lie, or in `room`, which is then written
    /// and must outlive the look at them.
    const float* rows(Index begin, Index end, RowRoom& room) const
    {
        assert(begin >= 0 && begin <= end && end <= m_rows);
        return isHalf() ? widened(begin * m_columns, (end - begin) * m_columns, room)
                        : m_floats + begin * m_columns;
    }
    const float* row(Index i, RowRoom& room) const { return rows(i, i + 1, room); }
    std::span<const float> rowSpan(Index i, RowRoom& room) const
    {
        return {row(i, room), static_cast<std::size_t>(m_columns)};
    }
    /// The columns [begin, end) of a row, in the same way.
    const float* part(Index i, Index begin, Index end, RowRoom& room) const
    {
        assert(i >= 0 && i < m_rows && begin >= 0 && begin <= end && end <= m_columns);
        return isHalf() ? widened(i * m_columns + begin, end - begin, room)
                        : m_floats + i * m_columns + begin;
    }
    /// Copies rows [begin, end) as float32.
    void copyRows(Index begin, Index end, float* to) const;
    bool isZeroRow(Index i) const;
    /// One value; for a few.
    float operator()(Index i, Index j) const
    {
        RowRoom room;
        return *part(i, j, j + 1, room);
    }

private:
    friend class Vectors;
    const float* widened(Index first, Index count, RowRoom& room) const;

    const float* m_floats = nullptr;
    const Half* m_halves = nullptr;
    Index m_rows = 0;
    Index m_columns = 0;
};

/// Owns the vectors of a table, as float32 or as float16. Move-only.
class Vectors
{
public:
    Vectors() = default;
    Vectors(Matrix floats) // NOLINT(google-explicit-constructor)
        : m_values(std::move(floats))
    {
    }
    Vectors(HalfMatrix halves) // NOLINT(google-explicit-constructor)
        : m_values(std::move(halves))
    {
    }

    /// Some rows of a window, one below the other, kept as they are kept there. rows: ascending or
    /// not. OutOfMemory, TooLarge, Stopped.
    static Result<Vectors> gathered(
        VectorsView from, const std::vector<PointId>& rows, const Progress& progress);
    /// All rows of windows of one width, one below the other: as float16 where all of them are.
    static Result<Vectors> stacked(const std::vector<VectorsView>& parts, const Progress& progress);

    VectorsView view() const
    {
        return std::visit([](const auto& matrix) { return VectorsView(matrix); }, m_values);
    }
    operator VectorsView() const { return view(); } // NOLINT(google-explicit-constructor)
    bool isEmpty() const { return view().isEmpty(); }
    /// The matrix, to be changed; null where the values are kept as float16.
    Matrix* floats() { return std::get_if<Matrix>(&m_values); }

private:
    std::variant<Matrix, HalfMatrix> m_values;
};

/// Rows as float32 side by side, for what needs all of them at once.
struct FloatRows
{
    MatrixView view;
    Matrix copy; ///< Behind `view` where the rows are kept as float16.
};

/// OutOfMemory, Stopped.
Result<FloatRows> floatRows(VectorsView vectors, const Progress& progress);

} // namespace embedscope
