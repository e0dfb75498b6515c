#include "core/io/hdf5/hdf5_reader.h"
#include "core/io/hdf5/hdf5_superblock.h"
#include "tests/fuzz/fuzz_format.h"
#include "tests/support/hdf5_answers.h"

#include <cstdlib>
#include <new>
#include <string>

extern const char* const kFuzzedFormat = "hdf5";

/// The library itself is not fuzzed: it lives in a process that may die. What is, is all that reads
/// its answers, taken here from the input: a helper that has been talked into anything.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using namespace embedscope;
    constexpr std::uint64_t kMaxBytes = 16U << 20U;
    const std::string answers(reinterpret_cast<const char*>(bytes), size);
    const auto source = memorySource(answers, "no/such/folder/input.h5");
    ReadOptions options;
    options.maxBytes = kMaxBytes;
    static_cast<void>(checkHdf5End(*source));
    try {
        auto table = Hdf5Reader(*source, options, test::answersOf(answers)).read({});
        if (!table && table.error().detail.empty())
            std::abort();
        if (table && !Dataset::make(std::move(table).value()).ok())
            std::abort();
    } catch (const std::bad_alloc&) {
        return 0; // The one exception that may leave a reader.
    }
    return 0;
}
