#include "tests/fuzz/fuzz_format.h"

#include "core/io/open.h"

#include <cstdlib>
#include <new>

namespace embedscope::test {

namespace {

// Enough to get anywhere, and little enough that a run stays fast.
constexpr std::uint64_t kMaxBytes = 16U << 20U;

std::shared_ptr<const ByteSource> sourceOf(const std::uint8_t* bytes, std::size_t size)
{
    return memorySource(
        std::string(reinterpret_cast<const char*>(bytes), size), "no/such/folder/input");
}

} // namespace

void fuzzReader(std::string_view format, const std::uint8_t* bytes, std::size_t size)
{
    ReadOptions options;
    options.maxBytes = kMaxBytes;
    const auto source = sourceOf(bytes, size);
    for (const Format& row : formats()) {
        if (row.id != format)
            continue;
        try {
            auto table = row.read(*source, options, {});
            if (!table)
                return;
            const auto dataset = Dataset::make(std::move(table).value());
            if (dataset && (*dataset)->size() < 1)
                std::abort();
        } catch (const std::bad_alloc&) {
            return; // The one exception that may leave a reader.
        }
        return;
    }
    std::abort(); // There is no such format.
}

void fuzzOpen(const std::uint8_t* bytes, std::size_t size)
{
    ReadOptions options;
    options.maxBytes = kMaxBytes;
    const auto dataset = openDataset(sourceOf(bytes, size), options, {});
    if (!dataset && dataset.error().detail.empty())
        std::abort();
}

} // namespace embedscope::test
