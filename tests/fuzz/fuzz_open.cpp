#include "tests/fuzz/fuzz_format.h"

extern const char* const kFuzzedFormat = ""; // Every format's samples are of use here.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    embedscope::test::fuzzOpen(bytes, size);
    return 0;
}
