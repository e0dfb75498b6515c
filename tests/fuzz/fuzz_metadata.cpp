#include "core/io/projector/image_size.h"
#include "core/io/text/metadata.h"
#include "core/io/text/metadata_join.h"
#include "tests/fuzz/fuzz_format.h"

#include <cstdlib>
#include <string>

extern const char* const kFuzzedFormat = ""; // Text of every kind is of use here.

/// What is laid beside a table: CSV, TSV and JSON lines; and the head of a sprite.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using namespace embedscope;
    constexpr Index kRows = 7;
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    for (const char* name : {"m.tsv", "m.csv", "m.txt"}) {
        const auto metadata = readMetadata(*memorySource(text, name), kRows, {});
        if (!metadata)
            continue;
        for (const Column& column : metadata->columns) {
            if (column.size() != kRows)
                std::abort();
        }
    }
    // The same by a key: every column in turn against labels of which some may be there.
    TextValues labels;
    for (Index row = 0; row < kRows; ++row)
        labels.append("w" + std::to_string(row));
    const Column ofTable("label", std::move(labels));
    auto all = readAllMetadata(*memorySource(text, "m.csv"), {});
    if (all && !all->columns.empty()) {
        const std::size_t key = size % all->columns.size();
        const Metadata joined = joinedByKey(ofTable, std::move(all).value(), key);
        for (const Column& column : joined.columns) {
            if (column.size() != kRows)
                std::abort();
        }
    }
    const auto image = probeImageSize(*memorySource(text, "s.png"));
    if (image && (image->width < 1 || image->height < 1))
        std::abort();
    return 0;
}
