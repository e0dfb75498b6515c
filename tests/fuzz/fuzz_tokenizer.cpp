#include "core/io/tokens/token_columns.h"
#include "tests/fuzz/fuzz_format.h"

#include <cstdlib>
#include <string>

extern const char* const kFuzzedFormat = ""; // Files of every kind are of use here.

/// Tokenizers of every kind: the name decides between those that nothing in the bytes tells apart.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    using namespace embedscope;
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    for (const char* const name :
        {"tokenizer.json", "vocab.txt", "tokenizer.bin", "spiece.model"}) {
        const auto vocabulary
            = readVocabulary(*memorySource(text, "no/such/folder/" + std::string(name)), {});
        if (!vocabulary) {
            if (vocabulary.error().detail.empty())
                std::abort();
            continue;
        }
        if (vocabulary->tokens.empty() || vocabulary->kinds.size() != vocabulary->size()
            || (!vocabulary->scores.empty() && vocabulary->scores.size() != vocabulary->size()))
            std::abort();
        std::vector<std::string> warnings;
        const auto rows = static_cast<Index>(vocabulary->size()) + 1;
        for (const Column& column : tokenColumns(*vocabulary, rows, warnings)) {
            if (column.size() != rows)
                std::abort();
        }
    }
    return 0;
}
