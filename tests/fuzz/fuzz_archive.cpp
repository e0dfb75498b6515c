#include "core/io/archives/unwrap.h"
#include "tests/fuzz/fuzz_format.h"

#include <cstdlib>

extern const char* const kFuzzedFormat = "archive"; // Samples in every wrapper.

/// What is around a file, taken off; what is inside goes no further.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using namespace embedscope;
    if (size == 0)
        return 0;
    ReadOptions options;
    options.maxBytes = std::uint64_t{4} << 20U;
    const auto source = memorySource(
        std::string(reinterpret_cast<const char*>(bytes), size), "no/such/folder/input");
    for (const char* member : {"", "b.csv"}) {
        options.member = member;
        const auto inside = unwrap(source, options, {});
        if (inside ? inside->source->size() == 0 : inside.error().detail.empty())
            std::abort();
    }
    return 0;
}
