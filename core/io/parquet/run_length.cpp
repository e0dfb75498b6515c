#include "core/io/parquet/run_length.h"

#include <algorithm>
#include <cstring>

namespace embedscope {

std::uint64_t bitsAt(std::span<const std::byte> bytes, std::uint64_t bit, int bitWidth)
{
    if (bitWidth == 0)
        return 0;
    const std::size_t at = bit / 8;
    const auto shift = static_cast<unsigned>(bit % 8);
    std::uint64_t low = 0;
    if (bytes.size() - at >= sizeof low)
        std::memcpy(&low, bytes.data() + at, sizeof low);
    else
        std::memcpy(&low, bytes.data() + at, bytes.size() - at);
    std::uint64_t value = low >> shift;
    if (shift + static_cast<unsigned>(bitWidth) > 64) // The ninth byte.
        value |= static_cast<std::uint64_t>(bytes[at + 8]) << (64 - shift);
    return bitWidth == 64 ? value : value & ((std::uint64_t{1} << bitWidth) - 1);
}

void unpackBits(std::span<const std::byte> bytes, std::uint64_t bit, int bitWidth, Index count,
    std::uint64_t* out)
{
    for (Index i = 0; i < count; ++i, bit += static_cast<std::uint64_t>(bitWidth))
        out[i] = bitsAt(bytes, bit, bitWidth);
}

bool takeVarint(std::span<const std::byte>& bytes, std::uint64_t& value)
{
    value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto next = static_cast<std::uint64_t>(bytes.front());
        bytes = bytes.subspan(1);
        value |= (next & 0x7fU) << shift;
        if ((next & 0x80U) == 0)
            return true;
    }
    return false;
}

bool RunLengthDecoder::startRun()
{
    std::uint64_t head = 0;
    if (!takeVarint(m_bytes, head))
        return false;
    m_isPacked = (head & 1U) != 0;
    const std::uint64_t length = head >> 1U;
    if (length > (std::uint64_t{1} << 32U))
        return false;
    if (m_isPacked) {
        // A group of eight values takes bitWidth bytes; the last may be cut at the end of the page.
        m_left = length * 8;
        const std::uint64_t wanted = length * static_cast<std::uint64_t>(m_bitWidth);
        m_packed = m_bytes.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(wanted, m_bytes.size())));
        if (m_bitWidth > 0)
            m_left = std::min(m_left, m_packed.size() * 8 / static_cast<std::uint64_t>(m_bitWidth));
        m_bytes = m_bytes.subspan(m_packed.size());
        m_bit = 0;
        return true;
    }
    m_left = length;
    const auto width = static_cast<std::size_t>((m_bitWidth + 7) / 8);
    if (width > m_bytes.size())
        return false;
    m_value = 0;
    if (width > 0)
        std::memcpy(&m_value, m_bytes.data(), width);
    m_bytes = m_bytes.subspan(width);
    return m_bitWidth == 32 || m_value < (std::uint64_t{1} << m_bitWidth);
}

template <typename T> bool RunLengthDecoder::decode(Index count, T* out)
{
    while (count > 0) {
        if (m_left == 0 && !startRun())
            return false;
        const auto length = static_cast<Index>(std::min(m_left, static_cast<std::uint64_t>(count)));
        if (m_isPacked) {
            const auto width = static_cast<std::uint64_t>(m_bitWidth);
            for (Index i = 0; i < length; ++i, m_bit += width)
                out[i] = static_cast<T>(bitsAt(m_packed, m_bit, m_bitWidth));
        } else {
            std::fill_n(out, length, static_cast<T>(m_value));
        }
        out += length;
        count -= length;
        m_left -= static_cast<std::uint64_t>(length);
    }
    return true;
}

bool RunLengthDecoder::next(Index count, std::uint8_t* out)
{
    return decode(count, out);
}

bool RunLengthDecoder::next(Index count, std::uint32_t* out)
{
    return decode(count, out);
}

} // namespace embedscope
