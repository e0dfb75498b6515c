#include "core/base/parallel.h"
#include "core/io/npy.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <mutex>
#include <optional>

namespace embedscope {

namespace {

constexpr Index kBlockBytes = Index{1} << 20U;
constexpr std::string_view kStage = "Reading values";

template <typename T> T swapBytes(T value)
{
    if constexpr (sizeof(T) == 2)
        return static_cast<T>(__builtin_bswap16(value));
    else if constexpr (sizeof(T) == 4)
        return static_cast<T>(__builtin_bswap32(value));
    else if constexpr (sizeof(T) == 8)
        return static_cast<T>(__builtin_bswap64(value));
    else
        return value;
}

/// IEEE 754 binary16. Every value of it is a float.
float fromHalf(std::uint16_t half)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
    const std::uint32_t magnitude = half & 0x7fffU;
    if (magnitude >= 0x7c00U) // infinity, NaN
        return std::bit_cast<float>(sign | 0x7f800000U | (magnitude & 0x3ffU) << 13U);
    if (magnitude >= 0x0400U)
        return std::bit_cast<float>(sign | ((magnitude << 13U) + (112U << 23U)));
    const float subnormal = static_cast<float>(magnitude) * 0x1.0p-24F;
    return sign != 0 ? -subnormal : subnormal;
}

/// Calls convert(bits) for each element, with bits an unsigned integer in our byte order.
template <typename Bits, typename Out, typename Convert>
void each(const std::byte* bytes, Index count, bool swap, Out* out, Convert convert)
{
    for (Index i = 0; i < count; ++i) {
        Bits bits;
        std::memcpy(&bits, bytes + i * static_cast<Index>(sizeof bits), sizeof bits);
        out[i] = static_cast<Out>(convert(swap ? swapBytes(bits) : bits));
    }
}

template <typename Out>
void convert(const NpyHeader& header, const std::byte* bytes, Index count, Out* out)
{
    const bool swap = header.isBigEndian == (std::endian::native == std::endian::little);
    const auto asIs = [](auto bits) { return bits; };
    switch (header.kind) {
    case NpyKind::Float:
        if (header.itemBytes == 2)
            each<std::uint16_t>(bytes, count, swap, out, fromHalf);
        else if (header.itemBytes == 4)
            each<std::uint32_t>(
                bytes, count, swap, out, [](auto bits) { return std::bit_cast<float>(bits); });
        else
            each<std::uint64_t>(
                bytes, count, swap, out, [](auto bits) { return std::bit_cast<double>(bits); });
        return;
    case NpyKind::Signed:
        if (header.itemBytes == 1)
            each<std::uint8_t>(
                bytes, count, swap, out, [](auto bits) { return static_cast<std::int8_t>(bits); });
        else if (header.itemBytes == 2)
            each<std::uint16_t>(
                bytes, count, swap, out, [](auto bits) { return static_cast<std::int16_t>(bits); });
        else if (header.itemBytes == 4)
            each<std::uint32_t>(
                bytes, count, swap, out, [](auto bits) { return static_cast<std::int32_t>(bits); });
        else
            each<std::uint64_t>(
                bytes, count, swap, out, [](auto bits) { return static_cast<std::int64_t>(bits); });
        return;
    case NpyKind::Unsigned:
        if (header.itemBytes == 1)
            each<std::uint8_t>(bytes, count, swap, out, asIs);
        else if (header.itemBytes == 2)
            each<std::uint16_t>(bytes, count, swap, out, asIs);
        else if (header.itemBytes == 4)
            each<std::uint32_t>(bytes, count, swap, out, asIs);
        else
            each<std::uint64_t>(bytes, count, swap, out, asIs);
        return;
    case NpyKind::Bool:
        each<std::uint8_t>(bytes, count, swap, out, [](auto bits) { return bits != 0 ? 1 : 0; });
        return;
    default:
        return;
    }
}

bool isStoredAsOurs(const NpyHeader& header)
{
    return header.kind == NpyKind::Float && header.itemBytes == 4
        && header.isBigEndian == (std::endian::native == std::endian::big);
}

/// The row of our table for a row of a Fortran-ordered file: there the first index runs fastest.
/// The last dimension is the table's columns and does not count.
class FortranRows
{
public:
    explicit FortranRows(const NpyHeader& header)
        : m_shape(header.shape)
    {
        if (!m_shape.empty())
            m_shape.pop_back();
    }

    Index operator()(Index fileRow) const
    {
        if (m_shape.size() <= 1)
            return fileRow;
        auto rest = static_cast<std::uint64_t>(fileRow);
        std::uint64_t row = 0;
        std::uint64_t stride = 1;
        for (std::size_t k = 1; k < m_shape.size(); ++k)
            stride *= m_shape[k];
        for (std::size_t k = 0; k < m_shape.size(); ++k) {
            row += rest % m_shape[k] * stride;
            rest /= m_shape[k];
            if (k + 1 < m_shape.size())
                stride /= m_shape[k + 1];
        }
        return static_cast<Index>(row);
    }

private:
    std::vector<std::uint64_t> m_shape;
};

/// Keeps the first error of parallel blocks and tells the others to give up.
class Failure
{
public:
    bool has() const { return m_failed.load(std::memory_order_relaxed); }
    void set(Error error)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_error)
            m_error = std::move(error);
        m_failed.store(true, std::memory_order_relaxed);
    }
    Status take() { return m_error ? Status(*std::move(m_error)) : Status(); }

private:
    std::atomic<bool> m_failed{false};
    std::mutex m_mutex;
    std::optional<Error> m_error;
};

/// Runs body(begin, end) over blocks of [0, n), a slab of blocks at a time, so that progress can
/// be reported between slabs; a stop is looked for before every block.
Status slabs(Index n, Index blockSize, const Progress& progress,
    const std::function<Status(Index begin, Index end)>& body)
{
    constexpr Index kBlocksPerSlab = 64;
    Failure failure;
    for (Index slab = 0; slab < n; slab += blockSize * kBlocksPerSlab) {
        const Index count = std::min(n - slab, blockSize * kBlocksPerSlab);
        progress.report(kStage, static_cast<double>(slab) / static_cast<double>(n));
        parallelBlocks(count, blockSize, [&](Index, Index begin, Index end) {
            if (failure.has())
                return;
            if (progress.stopRequested()) {
                failure.set(stoppedError());
            } else if (auto status = body(slab + begin, slab + end); !status) {
                failure.set(status.error());
            }
        });
        if (failure.has())
            return failure.take();
    }
    return {};
}

Status readOrdered(
    const NpyHeader& header, const ByteSource& source, Matrix& matrix, const Progress& progress)
{
    const auto item = static_cast<Index>(header.itemBytes);
    const bool direct = isStoredAsOurs(header);
    return slabs(
        matrix.size(), kBlockBytes / item, progress, [&](Index begin, Index end) -> Status {
            const std::uint64_t offset
                = header.dataOffset + static_cast<std::uint64_t>(begin * item);
            float* const out = matrix.data() + begin;
            const auto count = static_cast<std::size_t>(end - begin);
            if (direct)
                return source.read(offset, std::as_writable_bytes(std::span(out, count)));
            std::vector<std::byte> bytes(count * static_cast<std::size_t>(item));
            EMBEDSCOPE_TRY(source.read(offset, bytes));
            convert(header, bytes.data(), end - begin, out);
            return {};
        });
}

/// Column-major: blocks of rows, 16 columns (a cache line of our rows) at a time.
Status readTransposed(
    const NpyHeader& header, const ByteSource& source, Matrix& matrix, const Progress& progress)
{
    constexpr Index kColumns = 16;
    const auto item = static_cast<Index>(header.itemBytes);
    const FortranRows rowOf(header);
    const Index n = matrix.rows();
    const Index groups = blockCount(matrix.columns(), kColumns);
    const Index rowsPerBlock = std::min(n, kBlockBytes / (item * kColumns));
    const Index rowBlocks = blockCount(n, rowsPerBlock);
    return slabs(groups * rowBlocks, 1, progress, [&](Index task, Index) -> Status {
        const Index firstRow = task / groups * rowsPerBlock;
        const Index rows = std::min(n - firstRow, rowsPerBlock);
        const Index firstColumn = task % groups * kColumns;
        const Index columns = std::min(matrix.columns() - firstColumn, kColumns);
        std::vector<std::byte> bytes(static_cast<std::size_t>(rows * columns * item));
        const auto offsetOf = [&](Index column) {
            return header.dataOffset + static_cast<std::uint64_t>((column * n + firstRow) * item);
        };
        const bool isOnePiece = rows == n;
        if (isOnePiece)
            EMBEDSCOPE_TRY(source.read(offsetOf(firstColumn), bytes));
        for (Index j = 0; j < columns && !isOnePiece; ++j) {
            EMBEDSCOPE_TRY(source.read(offsetOf(firstColumn + j),
                std::span(bytes).subspan(static_cast<std::size_t>(j * rows * item),
                    static_cast<std::size_t>(rows * item))));
        }
        std::vector<float> values(static_cast<std::size_t>(rows * columns));
        convert(header, bytes.data(), rows * columns, values.data());
        for (Index i = 0; i < rows; ++i) {
            float* const out = matrix.row(rowOf(firstRow + i)) + firstColumn;
            for (Index j = 0; j < columns; ++j)
                out[j] = values[static_cast<std::size_t>(j * rows + i)];
        }
        return {};
    });
}

} // namespace

void convertNpyValues(const NpyHeader& header, const std::byte* bytes, Index count, float* out)
{
    convert(header, bytes, count, out);
}

void convertNpyValues(const NpyHeader& header, const std::byte* bytes, Index count, double* out)
{
    convert(header, bytes, count, out);
}

Result<Matrix> readNpyFile(const NpyHeader& header, const NpyTableShape& shape,
    const ByteSource& source, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(shape.rows, shape.columns));
    const bool transpose = header.isFortran && header.shape.size() > 1;
    EMBEDSCOPE_TRY(transpose ? readTransposed(header, source, matrix, progress)
                             : readOrdered(header, source, matrix, progress));
    return matrix;
}

Result<Matrix> readNpyStream(const NpyHeader& header, const NpyTableShape& shape,
    const SequentialRead& read, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(shape.rows, shape.columns));
    const auto item = static_cast<Index>(header.itemBytes);
    const bool transpose = header.isFortran && header.shape.size() > 1;
    const bool direct = isStoredAsOurs(header) && !transpose;
    const FortranRows rowOf(header);
    const Index n = matrix.rows();
    const Index step = kBlockBytes / item;
    std::vector<std::byte> bytes(direct ? 0 : static_cast<std::size_t>(kBlockBytes));
    std::vector<float> values(transpose ? static_cast<std::size_t>(step) : 0);
    for (Index begin = 0; begin < matrix.size(); begin += step) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report(kStage, static_cast<double>(begin) / static_cast<double>(matrix.size()));
        const Index count = std::min(step, matrix.size() - begin);
        if (direct) {
            EMBEDSCOPE_TRY(read(std::as_writable_bytes(
                std::span(matrix.data() + begin, static_cast<std::size_t>(count)))));
            continue;
        }
        EMBEDSCOPE_TRY(read(std::span(bytes).first(static_cast<std::size_t>(count * item))));
        convert(header, bytes.data(), count, transpose ? values.data() : matrix.data() + begin);
        for (Index i = 0; i < count && transpose; ++i) {
            const Index at = begin + i;
            matrix(rowOf(at % n), at / n) = values[static_cast<std::size_t>(i)];
        }
    }
    return matrix;
}

} // namespace embedscope
