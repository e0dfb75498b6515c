#pragma once

#include "core/base/index.h"
#include "core/base/plain_vector.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// Whole numbers as differences in blocks of packed bits (parquet-format, Encodings.md,
/// "Delta Encoding"). Sums wrap around, as the format wants it.
class DeltaDecoder
{
public:
    /// Reads the head; isSound() says whether it was one. At most `most` values.
    DeltaDecoder(std::span<const std::byte> bytes, Index most);

    bool isSound() const { return m_isSound; }
    Index count() const { return m_count; }
    /// The next values, as 64-bit integers; false where there are fewer.
    bool next(Index count, std::int64_t* out);
    /// What lies behind the values, once all were taken.
    std::span<const std::byte> rest() const { return m_bytes; }

private:
    bool startBlock();
    bool startMiniblock();

    std::span<const std::byte> m_bytes;
    bool m_isSound = false;
    Index m_count = 0;
    Index m_taken = 0;
    std::uint64_t m_miniblocks = 0; ///< In a block.
    Index m_perMiniblock = 0;
    std::uint64_t m_value = 0; ///< The last one.
    std::uint64_t m_least = 0; ///< The smallest difference of the block.
    std::span<const std::byte> m_widths; ///< Of the miniblocks of the block that are still to come.
    std::span<const std::byte> m_packed; ///< The current miniblock.
    Index m_inMiniblock = 0; ///< Values of it that are left.
    std::uint64_t m_bit = 0;
    int m_width = 0;
};

} // namespace embedscope
