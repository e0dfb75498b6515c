#pragma once

#include "tests/support/npy_bytes.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace embedscope::test {

/// A chunk of a finalfusion file: its id, and its data up to where values would be aligned.
struct FinalfusionPart
{
    std::uint32_t id;
    std::string data;
};

inline std::string finalfusionWords(const std::vector<std::string>& words)
{
    std::string out;
    for (const std::string& word : words)
        out += packed<std::uint32_t>({static_cast<double>(word.size())}) + word;
    return out;
}

/// Vocabularies: simple (1), buckets (3), fastText (7), explicit n-grams (8).
inline FinalfusionPart finalfusionVocabulary(
    std::uint32_t id, const std::vector<std::string>& words)
{
    const auto count = static_cast<double>(words.size());
    std::string out = packed<std::uint64_t>({count});
    if (id == 8)
        out += packed<std::uint64_t>({1}) + packed<std::uint32_t>({2, 3});
    else if (id != 1)
        out += packed<std::uint32_t>({3, 6, 4});
    out += finalfusionWords(words);
    if (id == 8)
        out += finalfusionWords({"<a"}) + packed<std::uint64_t>({0});
    return {id, out};
}

/// The file of those parts, each with the float32 values behind it, aligned to four bytes.
inline std::string finalfusion(
    const std::vector<std::pair<FinalfusionPart, std::string>>& partsAndValues)
{
    std::string out
        = "FiFu" + packed<std::uint32_t>({0, static_cast<double>(partsAndValues.size())});
    for (const auto& [part, values] : partsAndValues)
        out += packed<std::uint32_t>({static_cast<double>(part.id)});
    for (const auto& [part, values] : partsAndValues) {
        const std::size_t begin = out.size() + 12;
        const std::size_t padding = values.empty() ? 0 : (4 - (begin + part.data.size()) % 4) % 4;
        const std::size_t bytes = part.data.size() + padding + values.size();
        out += packed<std::uint32_t>({static_cast<double>(part.id)})
            + packed<std::uint64_t>({static_cast<double>(bytes)}) + part.data
            + std::string(padding, '\0') + values;
    }
    return out;
}

/// A matrix of float32 (id 2).
inline FinalfusionPart finalfusionArray(std::size_t rows, std::size_t columns)
{
    return {2,
        packed<std::uint64_t>({static_cast<double>(rows)})
            + packed<std::uint32_t>({static_cast<double>(columns), 10})};
}

} // namespace embedscope::test
