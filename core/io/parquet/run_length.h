#pragma once

#include "core/base/index.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace embedscope {

/// Small unsigned numbers in runs: repeats of one value, and groups of eight packed in bits.
/// Levels, dictionary indices and Booleans are written so (parquet-format, Encodings.md, "RLE").
/// Decodes as it goes; needs no memory that depends on what the bytes claim.
class RunLengthDecoder
{
public:
    RunLengthDecoder() = default;
    /// bitWidth: 0 to 32.
    RunLengthDecoder(std::span<const std::byte> bytes, int bitWidth)
        : m_bytes(bytes)
        , m_bitWidth(bitWidth)
    {
    }

    /// The next `count` values; false where there are fewer.
    bool next(Index count, std::uint8_t* out);
    bool next(Index count, std::uint32_t* out);

private:
    template <typename T> bool decode(Index count, T* out);
    bool startRun();

    std::span<const std::byte> m_bytes;
    int m_bitWidth = 0;
    std::uint64_t m_left = 0; ///< Values of the current run.
    bool m_isPacked = false;
    std::uint32_t m_value = 0; ///< Of a run of repeats.
    std::span<const std::byte> m_packed; ///< Of a packed run, from its beginning.
    std::uint64_t m_bit = 0; ///< In it.
};

/// `count` values of `bitWidth` bits (at most 57) each from bit `bit` on, the lowest bit of a byte
/// first, into 64-bit integers. The bytes must be there.
void unpackBits(std::span<const std::byte> bytes, std::uint64_t bit, int bitWidth, Index count,
    std::uint64_t* out);

/// One value of up to 64 bits.
std::uint64_t bitsAt(std::span<const std::byte> bytes, std::uint64_t bit, int bitWidth);

/// An unsigned LEB128 number at the front of `bytes`, which is moved behind it; false where it is
/// cut or longer than 64 bits.
bool takeVarint(std::span<const std::byte>& bytes, std::uint64_t& value);

} // namespace embedscope
