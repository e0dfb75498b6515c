#pragma once

#include "core/base/index.h"
#include "tests/support/npy_bytes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope::test {

struct FastTextBytes
{
    std::vector<std::string> words;
    std::vector<std::string> labels;
    int dimensions = 2;
    int bucket = 0;
    int minn = 0;
    int maxn = 0;
    std::string input; ///< The values of the words' rows, then of the buckets'.
    std::string output; ///< Of the labels' rows.
    bool hasMagic = true;
};

/// A dense fastText model of version 12, or the older form without a magic number.
inline std::string fastText(const FastTextBytes& model)
{
    const auto count = [](std::size_t size) { return static_cast<double>(size); };
    const std::size_t entries = model.words.size() + model.labels.size();
    std::string out = model.hasMagic ? packed<std::int32_t>({793712314, 12}) : std::string();
    out += packed<std::int32_t>({static_cast<double>(model.dimensions), 5, 5, 1, 5, 1, 2,
        model.labels.empty() ? 2.0 : 3.0, static_cast<double>(model.bucket),
        static_cast<double>(model.minn), static_cast<double>(model.maxn), 100});
    out += packed<double>({0.0001});
    out += packed<std::int32_t>(
        {count(entries), count(model.words.size()), count(model.labels.size())});
    out += packed<std::int64_t>({100});
    if (model.hasMagic)
        out += packed<std::int64_t>({-1});
    for (std::size_t i = 0; i < entries; ++i) {
        const bool isWord = i < model.words.size();
        out += (isWord ? model.words[i] : model.labels[i - model.words.size()]) + '\0';
        out += packed<std::int64_t>({count(entries - i)})
            + packed<std::int8_t>({isWord ? 0.0 : 1.0});
    }
    const auto matrix = [&](std::size_t rows, const std::string& values) {
        return (model.hasMagic ? std::string(1, '\0') : std::string())
            + packed<std::int64_t>({count(rows), static_cast<double>(model.dimensions)}) + values;
    };
    out += matrix(model.words.size() + static_cast<std::size_t>(model.bucket), model.input);
    return out + matrix(model.labels.size(), model.output);
}

} // namespace embedscope::test
