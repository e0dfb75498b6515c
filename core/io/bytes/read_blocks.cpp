#include "core/io/bytes/read_blocks.h"

#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <optional>
#include <vector>

namespace embedscope {

namespace {

constexpr Index kBlockBytes = Index{1} << 20U;
constexpr Index kBlocksPerSlab = 64;

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

} // namespace

std::optional<std::uint64_t> checkedProduct(std::uint64_t a, std::uint64_t b)
{
    constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (b != 0 && a > kMax / b)
        return std::nullopt;
    return a * b;
}

Status readInBlocks(Index n, Index blockSize, const Progress& progress,
    const std::function<Status(Index begin, Index end)>& body)
{
    Failure failure;
    for (Index slab = 0; slab < n; slab += blockSize * kBlocksPerSlab) {
        const Index count = std::min(n - slab, blockSize * kBlocksPerSlab);
        progress.report("Reading values", static_cast<double>(slab) / static_cast<double>(n));
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

namespace {

/// Rows that lie no further apart are read in one piece.
constexpr std::uint64_t kSmallGap = 16U << 10U;

Status checkRoom(const ByteSource& source, std::uint64_t offset, Index rows, Index columns,
    std::uint64_t rowBytes)
{
    const auto bytes = checkedProduct(static_cast<std::uint64_t>(rows), rowBytes);
    if (bytes && offset <= source.size() && *bytes <= source.size() - offset)
        return {};
    return Error{ErrorCode::Truncated,
        "a table of " + formatCount(rows) + " x " + formatCount(columns)
            + " values does not fit what is left of the file. Is the download complete?",
        source.path(), source.size(), {}};
}

} // namespace

Result<Matrix> readRows(const ByteSource& source, std::uint64_t offset, std::uint64_t rowBytes,
    const RowSubset& rows, Index columns, const PutRow& put,
    const std::function<Status(Index fileRow, const std::byte* bytes)>& check,
    const Progress& progress)
{
    EMBEDSCOPE_TRY(checkRoom(source, offset, rows.total(), columns, rowBytes));
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows.count(), columns));
    const auto readBlock = [&](Index begin, Index end) -> Status {
        std::vector<std::byte> bytes;
        while (begin < end) {
            // A run of rows that lie close together, as long as a block at the most.
            Index next = begin + 1;
            const std::uint64_t first = static_cast<std::uint64_t>(rows[begin]) * rowBytes;
            std::uint64_t last = first + rowBytes;
            while (next < end) {
                const std::uint64_t at = static_cast<std::uint64_t>(rows[next]) * rowBytes;
                if (at - last > kSmallGap
                    || at + rowBytes - first > static_cast<std::uint64_t>(2 * kBlockBytes))
                    break;
                last = at + rowBytes;
                ++next;
            }
            bytes.resize(last - first);
            EMBEDSCOPE_TRY(source.read(offset + first, bytes));
            for (; begin < next; ++begin) {
                const std::byte* const row
                    = bytes.data() + static_cast<std::uint64_t>(rows[begin]) * rowBytes - first;
                if (check)
                    EMBEDSCOPE_TRY(check(rows[begin], row));
                put(row, matrix.row(begin));
            }
        }
        return {};
    };
    const Index blockRows = std::max<Index>(
        1, kBlockBytes / static_cast<Index>(std::max<std::uint64_t>(rowBytes, 1)));
    EMBEDSCOPE_TRY(readInBlocks(rows.count(), blockRows, progress, readBlock));
    return matrix;
}

Result<Matrix> readElements(const ByteSource& source, std::uint64_t offset, ElementType type,
    bool isBigEndian, const RowSubset& rows, Index columns, const Progress& progress)
{
    const std::uint64_t item = elementBytes(type);
    const auto rowBytes = checkedProduct(static_cast<std::uint64_t>(columns), item);
    if (!rowBytes)
        return checkRoom(source, offset, rows.total(), columns, source.size() + 1).error();
    EMBEDSCOPE_TRY(checkRoom(source, offset, rows.total(), columns, *rowBytes));
    if (rows.isRange() && rows.count() > 0) {
        return readElements(source, offset + static_cast<std::uint64_t>(rows[0]) * *rowBytes, type,
            isBigEndian, rows.count(), columns, progress);
    }
    const auto put = [&](const std::byte* bytes, float* out) {
        toFloats(type, isBigEndian, bytes, columns, out);
    };
    return readRows(source, offset, *rowBytes, rows, columns, put, {}, progress);
}

Result<Matrix> readElements(const ByteSource& source, std::uint64_t offset, ElementType type,
    bool isBigEndian, Index rows, Index columns, const Progress& progress)
{
    const std::uint64_t item = elementBytes(type);
    const auto count
        = checkedProduct(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns));
    const auto bytes = count ? checkedProduct(*count, item) : std::nullopt;
    if (!bytes || offset > source.size() || *bytes > source.size() - offset) {
        return Error{ErrorCode::Truncated,
            "a table of " + formatCount(rows) + " x " + formatCount(columns)
                + " values does not fit what is left of the file. Is the download complete?",
            source.path(), source.size(), {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows, columns));
    const bool isDirect = isStoredAsFloat(type, isBigEndian);
    const auto readBlock = [&](Index begin, Index end) -> Status {
        const std::uint64_t at = offset + static_cast<std::uint64_t>(begin) * item;
        float* const out = matrix.data() + begin;
        const auto length = static_cast<std::size_t>(end - begin);
        if (isDirect)
            return source.read(at, std::as_writable_bytes(std::span(out, length)));
        std::vector<std::byte> raw(length * item);
        EMBEDSCOPE_TRY(source.read(at, raw));
        toFloats(type, isBigEndian, raw.data(), end - begin, out);
        return {};
    };
    const Index blockSize = kBlockBytes / static_cast<Index>(item);
    EMBEDSCOPE_TRY(readInBlocks(matrix.size(), blockSize, progress, readBlock));
    return matrix;
}

} // namespace embedscope
