#include "tests/support/parquet_encodings.h"

#include "tests/support/parquet_bytes.h"

#include <algorithm>
#include <bit>

namespace embedscope::test {

namespace {

void addVarint(std::string& bytes, std::uint64_t value)
{
    for (; value > 0x7f; value >>= 7U)
        bytes += static_cast<char>((value & 0x7fU) | 0x80U);
    bytes += static_cast<char>(value);
}

std::uint64_t zigzag(std::int64_t value)
{
    return static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63);
}

/// Values packed from the lowest bit up; a whole number of bytes.
std::string packedBits(const std::vector<std::uint64_t>& values, int width)
{
    std::string bytes((values.size() * static_cast<std::size_t>(width) + 7) / 8, '\0');
    std::size_t bit = 0;
    for (const std::uint64_t value : values) {
        for (int b = 0; b < width; ++b, ++bit) {
            if ((value >> b & 1U) != 0)
                bytes[bit / 8] = static_cast<char>(bytes[bit / 8] | 1 << bit % 8);
        }
    }
    return bytes;
}

std::int64_t wholeNumber(const std::string& value)
{
    if (value.size() == 4) {
        std::int32_t narrow = 0;
        std::memcpy(&narrow, value.data(), sizeof narrow);
        return narrow;
    }
    std::int64_t wide = 0;
    std::memcpy(&wide, value.data(), std::min(value.size(), sizeof wide));
    return wide;
}

std::string deltaLength(const std::vector<std::string>& values)
{
    std::vector<std::int64_t> lengths;
    std::string data;
    for (const std::string& value : values) {
        lengths.push_back(static_cast<std::int64_t>(value.size()));
        data += value;
    }
    return deltaBinary(lengths) + data;
}

std::string deltaBytes(const std::vector<std::string>& values)
{
    std::vector<std::int64_t> prefixes;
    std::vector<std::string> suffixes;
    std::string last;
    for (const std::string& value : values) {
        std::size_t same = 0;
        while (same < std::min(value.size(), last.size()) && value[same] == last[same])
            ++same;
        prefixes.push_back(static_cast<std::int64_t>(same));
        suffixes.push_back(value.substr(same));
        last = value;
    }
    return deltaBinary(prefixes) + deltaLength(suffixes);
}

} // namespace

int bitWidth(int most)
{
    return static_cast<int>(std::bit_width(static_cast<unsigned>(most)));
}

std::string runLengths(const std::vector<std::uint32_t>& values, int width)
{
    std::string bytes;
    for (std::size_t i = 0; i < values.size();) {
        std::size_t run = 1;
        while (i + run < values.size() && values[i + run] == values[i])
            ++run;
        if (run >= 8) {
            addVarint(bytes, run << 1U);
            for (int b = 0; b < (width + 7) / 8; ++b)
                bytes += static_cast<char>(values[i] >> (8 * b) & 0xffU);
            i += run;
            continue;
        }
        std::vector<std::uint64_t> group;
        for (std::size_t j = 0; j < 8; ++j)
            group.push_back(i + j < values.size() ? values[i + j] : 0);
        addVarint(bytes, 1U << 1U | 1U);
        bytes += packedBits(group, width);
        i += 8;
    }
    return bytes;
}

std::string oldLevels(const std::vector<int>& levels, int width)
{
    std::string bytes((levels.size() * static_cast<std::size_t>(width) + 7) / 8, '\0');
    std::size_t bit = 0;
    for (const int level : levels) {
        for (int b = width - 1; b >= 0; --b, ++bit) {
            if ((level >> b & 1) != 0)
                bytes[bit / 8] = static_cast<char>(bytes[bit / 8] | 0x80 >> bit % 8);
        }
    }
    return bytes;
}

std::string deltaBinary(const std::vector<std::int64_t>& values)
{
    constexpr std::size_t kBlock = 128;
    constexpr std::size_t kMiniblock = 32;
    std::string bytes;
    addVarint(bytes, kBlock);
    addVarint(bytes, kBlock / kMiniblock);
    addVarint(bytes, values.size());
    addVarint(bytes, values.empty() ? 0 : zigzag(values.front()));
    for (std::size_t at = 1; at < values.size(); at += kBlock) {
        const std::size_t end = std::min(values.size(), at + kBlock);
        std::vector<std::int64_t> differences;
        for (std::size_t i = at; i < end; ++i) {
            differences.push_back(static_cast<std::int64_t>(
                static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(values[i - 1])));
        }
        const std::int64_t least = *std::min_element(differences.begin(), differences.end());
        addVarint(bytes, zigzag(least));
        std::string widths;
        std::string data;
        for (std::size_t m = 0; m < kBlock; m += kMiniblock) {
            std::vector<std::uint64_t> miniblock(kMiniblock);
            int width = 0;
            for (std::size_t i = m; i < std::min(m + kMiniblock, differences.size()); ++i) {
                miniblock[i - m] = static_cast<std::uint64_t>(differences[i])
                    - static_cast<std::uint64_t>(least);
                width = std::max(width, static_cast<int>(std::bit_width(miniblock[i - m])));
            }
            widths += static_cast<char>(width);
            if (m < differences.size())
                data += packedBits(miniblock, width);
        }
        bytes += widths + data;
    }
    return bytes;
}

std::string encodeValues(int encoding, int type, const std::vector<std::string>& values)
{
    std::string bytes;
    switch (encoding) {
    case parquet::DeltaBinary: {
        std::vector<std::int64_t> numbers;
        for (const std::string& value : values)
            numbers.push_back(wholeNumber(value));
        return deltaBinary(numbers);
    }
    case parquet::DeltaLength:
        return deltaLength(values);
    case parquet::DeltaBytes:
        return deltaBytes(values);
    case parquet::SplitStreams:
        for (std::size_t b = 0; !values.empty() && b < values.front().size(); ++b) {
            for (const std::string& value : values)
                bytes += value[b];
        }
        return bytes;
    case parquet::Rle: {
        std::vector<std::uint32_t> bits;
        for (const std::string& value : values)
            bits.push_back(value[0] != 0 ? 1 : 0);
        bytes = runLengths(bits, 1);
        return plain(static_cast<std::uint32_t>(bytes.size())) + bytes;
    }
    default:
        break;
    }
    if (type == parquet::Boolean) {
        std::vector<std::uint64_t> bits;
        for (const std::string& value : values)
            bits.push_back(value[0] != 0 ? 1 : 0);
        return packedBits(bits, 1);
    }
    for (const std::string& value : values) {
        if (type == parquet::ByteArray)
            bytes += plain(static_cast<std::uint32_t>(value.size()));
        bytes += value;
    }
    return bytes;
}

std::string dictionaryIndices(
    const std::vector<std::string>& dictionary, const std::vector<std::string>& values)
{
    const int width = dictionary.empty() ? 0 : bitWidth(static_cast<int>(dictionary.size()) - 1);
    std::vector<std::uint32_t> indices;
    for (const std::string& value : values) {
        const auto at = std::lower_bound(dictionary.begin(), dictionary.end(), value);
        indices.push_back(static_cast<std::uint32_t>(at - dictionary.begin()));
    }
    return std::string(1, static_cast<char>(width)) + runLengths(indices, width);
}

} // namespace embedscope::test
