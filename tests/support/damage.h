#pragma once

#include "core/base/random.h"
#include "core/io/open.h"

#include <string>

namespace embedscope::test {

/// Opens `bytes` from memory as a file of that name.
inline Result<std::shared_ptr<const Dataset>> openBytes(
    std::string bytes, const std::string& name, const ReadOptions& options = {})
{
    return openDataset(memorySource(std::move(bytes), name), options, {});
}

/// Opens the file cut at every length (at `atMost` random lengths where it is longer than that).
/// Returns how many of these were taken for a whole file. The sanitizers do the rest.
inline int opensWhenCut(
    const std::string& bytes, const std::string& name, std::size_t atMost = 4096)
{
    Random random(7);
    int opened = 0;
    const std::size_t tries = std::min(bytes.size(), atMost);
    for (std::size_t i = 0; i < tries; ++i) {
        const std::size_t length
            = bytes.size() <= atMost ? i : static_cast<std::size_t>(random.below(bytes.size()));
        opened += openBytes(bytes.substr(0, length), name).ok() ? 1 : 0;
    }
    return opened;
}

/// Opens the file `times` times with one to four random bits turned over. True where no table came
/// out that is larger than its bytes can hold: at most `valuesPerByte` values for each.
inline bool flipsAreHarmless(
    const std::string& bytes, const std::string& name, double valuesPerByte = 1, int times = 500)
{
    Random random(11);
    for (int i = 0; i < times; ++i) {
        std::string damaged = bytes;
        for (auto flips = 1 + random.below(4); flips > 0; --flips) {
            const auto at = static_cast<std::size_t>(random.below(damaged.size()));
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8)));
        }
        const auto dataset = openBytes(std::move(damaged), name);
        if (dataset.ok()
            && static_cast<double>((*dataset)->size() * (*dataset)->dimensions())
                > static_cast<double>(bytes.size()) * valuesPerByte)
            return false;
    }
    return true;
}

} // namespace embedscope::test
