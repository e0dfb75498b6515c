#include "core/io/vectors/raw_floats.h"
#include "tests/fuzz/fuzz_format.h"

extern const char* const kFuzzedFormat = "bytes";

/// Numbers without a header say nothing themselves: the first two bytes are the shape.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using namespace embedscope;
    if (size < 3)
        return 0;
    const auto source = memorySource(
        std::string(reinterpret_cast<const char*>(bytes), size), "no/such/folder/input.bytes");
    const std::pair<Index, Index> shape(bytes[0], bytes[1]);
    for (const bool isGuess : {true, false}) {
        for (const char* type : {"float32", "uint8", "float16"}) {
            const auto table = readRawNumbers(*source, shape, isGuess, type, {}, {});
            if (table && table->vectors.isEmpty())
                __builtin_trap();
        }
    }
    return 0;
}
