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
