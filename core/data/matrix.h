#pragma once

#include "core/base/half.h"
#include "core/base/index.h"
#include "core/base/result.h"

#include <cassert>
#include <concepts>
#include <memory>
#include <span>

namespace embedscope {

/// A read-only window on row-major float32 values, n x d; row = point. Does not own them.
class MatrixView
{
public:
    MatrixView() = default;
    MatrixView(const float* data, Index rows, Index columns)
        : m_data(data)
        , m_rows(rows)
        , m_columns(columns)
    {
    }

    Index rows() const { return m_rows; }
    Index columns() const { return m_columns; }
    bool isEmpty() const { return m_rows == 0 || m_columns == 0; }
    const float* data() const { return m_data; }
    const float* row(Index i) const
    {
        assert(i >= 0 && i < m_rows);
        return m_data + i * m_columns;
    }
    std::span<const float> rowSpan(Index i) const
    {
        return {row(i), static_cast<std::size_t>(m_columns)};
    }
    float operator()(Index i, Index j) const { return row(i)[j]; }

private:
    const float* m_data = nullptr;
    Index m_rows = 0;
    Index m_columns = 0;
};

/// Owns row-major values, n x d, aligned to 64 bytes: float32 (Matrix) or float16 (HalfMatrix).
/// Move-only; becomes immutable by being put behind shared_ptr<const …>.
template <typename Value> class BasicMatrix
{
public:
    BasicMatrix() = default;

    /// rows x columns uninitialised values; OutOfMemory or TooLarge where that is impossible, or
    /// more than a MemoryBudget of this thread allows.
    static Result<BasicMatrix> allocate(Index rows, Index columns);
    /// The same filled with zeros; throws std::bad_alloc. For sizes that are known to be small.
    static BasicMatrix zeros(Index rows, Index columns);

    Index rows() const { return m_rows; }
    Index columns() const { return m_columns; }
    Index size() const { return m_rows * m_columns; }
    bool isEmpty() const { return size() == 0; }
    Value* data() { return m_data.get(); }
    const Value* data() const { return m_data.get(); }
    Value* row(Index i)
    {
        assert(i >= 0 && i < m_rows);
        return m_data.get() + i * m_columns;
    }
    const Value* row(Index i) const
    {
        assert(i >= 0 && i < m_rows);
        return m_data.get() + i * m_columns;
    }
    Value& operator()(Index i, Index j) { return row(i)[j]; }
    Value operator()(Index i, Index j) const { return row(i)[j]; }
    MatrixView view() const requires std::same_as<Value, float>
    {
        return {m_data.get(), m_rows, m_columns};
    }
    operator MatrixView() const // NOLINT(google-explicit-constructor)
        requires std::same_as<Value, float>
    {
        return view();
    }

    /// Keeps the first `rows` rows and gives the rest of the memory back where that is worth it.
    /// rows <= rows().
    void truncateRows(Index rows);
    BasicMatrix clone() const;

private:
    struct Free
    {
        void operator()(Value* p) const;
    };
    std::unique_ptr<Value[], Free> m_data;
    Index m_rows = 0;
    Index m_columns = 0;
};

using Matrix = BasicMatrix<float>;
using HalfMatrix = BasicMatrix<Half>;

} // namespace embedscope
