#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace embedscope::test {

/// Gives the bytes to the reader of that format, whatever they look like. Crashes, sanitizers and
/// the time limit are the only judges.
void fuzzReader(std::string_view format, const std::uint8_t* bytes, std::size_t size);

/// Opens the bytes as any file, recognition included.
void fuzzOpen(const std::uint8_t* bytes, std::size_t size);

} // namespace embedscope::test

/// A fuzz target: libFuzzer's entrance, and the name by which the replaying main finds its samples.
#define EMBEDSCOPE_FUZZ_READER(format)                                                             \
    extern const char* const kFuzzedFormat = format;                                               \
    extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)             \
    {                                                                                              \
        embedscope::test::fuzzReader(format, bytes, size);                                         \
        return 0;                                                                                  \
    }
