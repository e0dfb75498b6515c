// Stands in for libFuzzer where a target is built as a plain program: replays the files that are
// named, or the format's samples, whole and cut.

#include "tests/support/archive_bytes.h"
#include "tests/support/samples.h"
#include "tests/support/test_data.h"

#include <cstdint>
#include <cstdio>
#include <string>

extern const char* const kFuzzedFormat;
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

void replay(const std::string& bytes)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

/// Whole and cut; returns how many that were.
int replayCut(const std::string& bytes)
{
    int replayed = 0;
    for (std::size_t cut = 0; cut <= bytes.size(); cut += 1 + bytes.size() / 40, ++replayed)
        replay(bytes.substr(0, bytes.size() - cut));
    return replayed;
}

} // namespace

int main(int count, char** arguments)
{
    using namespace embedscope::test;
    int replayed = 0;
    for (int i = 1; i < count; ++i, ++replayed)
        replay(readFile(arguments[i]));
    const std::string format = kFuzzedFormat;
    for (const SampleMaker& maker : sampleMakers()) {
        if (count > 1 || (!format.empty() && maker.format != format))
            continue;
        for (const embedscope::Index rows : {1, 7})
            replayed += replayCut(maker.make(rows).bytes);
    }
    for (const std::string& bytes : wrappedSamples()) {
        if (count == 1 && format == "archive")
            replayed += replayCut(bytes);
    }
    std::printf("%d inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1;
}
