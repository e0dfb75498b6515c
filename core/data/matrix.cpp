#include "core/data/matrix.h"

#include "core/base/memory_budget.h"
#include "core/base/text.h"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace embedscope {

namespace {

constexpr std::size_t kAlignment = 64;
/// Tables from this size on lie on large pages where the system has them: a first touch of 200 MB
/// costs 50,000 page faults otherwise, half the time of a product, and rows met in random order
/// miss the table of pages.
constexpr std::size_t kLargePage = std::size_t{2} << 20;
constexpr std::size_t kLarge = 8 * kLargePage;

template <typename Value> Value* allocateValues(std::size_t count)
{
    const bool isLarge = count >= kLarge / sizeof(Value);
    const std::size_t alignment = isLarge ? kLargePage : kAlignment;
    // aligned_alloc wants a multiple of the alignment, and memory that malloc can give back.
    const std::size_t bytes = (count * sizeof(Value) + alignment - 1) / alignment * alignment;
    void* memory = std::aligned_alloc(alignment, std::max(bytes, alignment));
#if defined(MADV_HUGEPAGE)
    if (isLarge && memory != nullptr)
        madvise(memory, bytes, MADV_HUGEPAGE); // Advice: where it is not taken, nothing is lost.
#endif
    return static_cast<Value*>(memory);
}

} // namespace

template <typename Value> void BasicMatrix<Value>::Free::operator()(Value* p) const
{
    std::free(p); // NOLINT(cppcoreguidelines-no-malloc): the twin of aligned_alloc
}

template <typename Value>
Result<BasicMatrix<Value>> BasicMatrix<Value>::allocate(Index rows, Index columns)
{
    assert(rows >= 0 && columns >= 0);
    constexpr Index kMaxValues = std::numeric_limits<Index>::max() / 8;
    if (columns > 0 && rows > kMaxValues / columns) {
        return Error{ErrorCode::TooLarge,
            "a table of " + formatCount(rows) + " x " + formatCount(columns)
                + " values is larger than this machine can address",
            {}, {}, {}};
    }
    EMBEDSCOPE_TRY(MemoryBudget::admitTable(rows, columns, sizeof(Value)));
    BasicMatrix matrix;
    matrix.m_data.reset(allocateValues<Value>(static_cast<std::size_t>(rows * columns)));
    if (!matrix.m_data) {
        return Error{ErrorCode::OutOfMemory,
            "there is not enough memory for a table of " + formatCount(rows) + " x "
                + formatCount(columns) + " values ("
                + formatBytes(static_cast<std::uint64_t>(rows * columns) * sizeof(Value)) + ")",
            {}, {}, {}};
    }
    matrix.m_rows = rows;
    matrix.m_columns = columns;
    return matrix;
}

template <typename Value> BasicMatrix<Value> BasicMatrix<Value>::zeros(Index rows, Index columns)
{
    auto matrix = allocate(rows, columns);
    if (!matrix)
        throw std::bad_alloc();
    std::memset(matrix->data(), 0, static_cast<std::size_t>(matrix->size()) * sizeof(Value));
    return std::move(matrix).value();
}

template <typename Value> void BasicMatrix<Value>::truncateRows(Index rows)
{
    assert(rows >= 0 && rows <= m_rows);
    if (rows == m_rows)
        return;
    const Index kept = rows * m_columns;
    if (kept < size() / 4 * 3) {
        if (Value* smaller = allocateValues<Value>(static_cast<std::size_t>(kept))) {
            if (kept > 0)
                std::memcpy(smaller, m_data.get(), static_cast<std::size_t>(kept) * sizeof(Value));
            m_data.reset(smaller);
        }
    }
    m_rows = rows;
}

template <typename Value> BasicMatrix<Value> BasicMatrix<Value>::clone() const
{
    auto copy = allocate(m_rows, m_columns);
    if (!copy)
        throw std::bad_alloc();
    if (size() > 0)
        std::memcpy(copy->data(), data(), static_cast<std::size_t>(size()) * sizeof(Value));
    return std::move(copy).value();
}

// Member by member: of a whole class, clang 14 would instantiate what only Matrix has.
#define EMBEDSCOPE_INSTANTIATE(Kind, Value)                                                        \
    template Result<Kind> Kind::allocate(Index, Index);                                            \
    template Kind Kind::zeros(Index, Index);                                                       \
    template void Kind::truncateRows(Index);                                                       \
    template Kind Kind::clone() const;                                                             \
    template void Kind::Free::operator()(Value*) const;

EMBEDSCOPE_INSTANTIATE(Matrix, float)
EMBEDSCOPE_INSTANTIATE(HalfMatrix, Half)

} // namespace embedscope
