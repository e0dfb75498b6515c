#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope::test {

/// The encodings of Parquet, as parquet-format's Encodings.md describes them.

/// Bits that the largest value takes.
int bitWidth(int most);

/// Runs of repeats where eight and more values are alike, else packed groups.
std::string runLengths(const std::vector<std::uint32_t>& values, int width);

/// Levels packed from the highest bit down.
std::string oldLevels(const std::vector<int>& levels, int width);

/// DELTA_BINARY_PACKED, with blocks of 128 and four miniblocks.
std::string deltaBinary(const std::vector<std::int64_t>& values);

/// Values (plain bytes, without lengths) in an encoding other than a dictionary.
std::string encodeValues(int encoding, int type, const std::vector<std::string>& values);

/// Their places in the dictionary, with the width in front.
std::string dictionaryIndices(
    const std::vector<std::string>& dictionary, const std::vector<std::string>& values);

} // namespace embedscope::test
