#include "core/io/parquet/delta.h"

#include "core/io/parquet/run_length.h"

#include <algorithm>

namespace embedscope {

namespace {

std::uint64_t fromZigzag(std::uint64_t value)
{
    return (value >> 1U) ^ (~(value & 1U) + 1U);
}

} // namespace

DeltaDecoder::DeltaDecoder(std::span<const std::byte> bytes, Index most)
    : m_bytes(bytes)
{
    constexpr std::uint64_t kMostBlock = std::uint64_t{1} << 24U;
    std::uint64_t block = 0;
    std::uint64_t count = 0;
    std::uint64_t first = 0;
    m_isSound = takeVarint(m_bytes, block) && takeVarint(m_bytes, m_miniblocks)
        && takeVarint(m_bytes, count) && takeVarint(m_bytes, first) && block <= kMostBlock
        && m_miniblocks > 0 && m_miniblocks <= block && block % m_miniblocks == 0
        && count <= static_cast<std::uint64_t>(most);
    if (!m_isSound)
        return;
    m_perMiniblock = static_cast<Index>(block / m_miniblocks);
    m_isSound = m_perMiniblock % 8 == 0; // So that a miniblock ends with a byte.
    m_count = static_cast<Index>(count);
    m_value = fromZigzag(first);
}

bool DeltaDecoder::startBlock()
{
    std::uint64_t least = 0;
    if (!takeVarint(m_bytes, least) || m_miniblocks > m_bytes.size())
        return false;
    m_least = fromZigzag(least);
    m_widths = m_bytes.first(static_cast<std::size_t>(m_miniblocks));
    m_bytes = m_bytes.subspan(m_widths.size());
    return true;
}

bool DeltaDecoder::startMiniblock()
{
    if (m_widths.empty() && !startBlock())
        return false;
    m_width = static_cast<int>(m_widths.front());
    m_widths = m_widths.subspan(1);
    if (m_width > 64)
        return false;
    const auto bytes
        = static_cast<std::size_t>(m_perMiniblock) / 8 * static_cast<std::size_t>(m_width);
    // The last miniblock may be cut behind its last value.
    m_packed = m_bytes.first(std::min(bytes, m_bytes.size()));
    m_bytes = m_bytes.subspan(m_packed.size());
    m_inMiniblock = m_perMiniblock;
    if (m_width > 0) {
        m_inMiniblock = std::min(m_inMiniblock,
            static_cast<Index>(m_packed.size() * 8 / static_cast<std::size_t>(m_width)));
    }
    m_bit = 0;
    return m_inMiniblock > 0;
}

bool DeltaDecoder::next(Index count, std::int64_t* out)
{
    if (!m_isSound || count > m_count - m_taken)
        return false;
    for (Index i = 0; i < count; ++i, ++m_taken) {
        if (m_taken > 0) {
            if (m_inMiniblock == 0 && !startMiniblock())
                return false;
            m_value += m_least + bitsAt(m_packed, m_bit, m_width);
            m_bit += static_cast<std::uint64_t>(m_width);
            --m_inMiniblock;
        }
        out[i] = static_cast<std::int64_t>(m_value);
    }
    return true;
}

} // namespace embedscope
