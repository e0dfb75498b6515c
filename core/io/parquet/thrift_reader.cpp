#include "core/io/parquet/thrift_reader.h"

#include <limits>

namespace embedscope {

namespace {

constexpr int kMostDepth = 32;

} // namespace

std::uint8_t ThriftReader::byte()
{
    if (!m_ok || m_at >= m_bytes.size()) {
        m_ok = false;
        return 0;
    }
    return static_cast<std::uint8_t>(m_bytes[m_at++]);
}

std::uint64_t ThriftReader::varint()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::uint8_t next = byte();
        value |= static_cast<std::uint64_t>(next & 0x7fU) << shift;
        if ((next & 0x80U) == 0)
            return m_ok ? value : 0;
    }
    m_ok = false;
    return 0;
}

std::int64_t ThriftReader::zigzag()
{
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}

bool ThriftReader::enter()
{
    if (m_depth >= kMostDepth)
        m_ok = false;
    if (!m_ok)
        return false;
    ++m_depth;
    return true;
}

ThriftReader::Type ThriftReader::nextField(std::int32_t& id)
{
    const std::uint8_t head = byte();
    const unsigned type = head & 0x0fU;
    if (!m_ok || type == Stop)
        return Stop;
    if (type > Uuid) {
        m_ok = false;
        return Stop;
    }
    const unsigned delta = head >> 4U;
    const std::int64_t next = delta > 0 ? id + static_cast<std::int64_t>(delta) : zigzag();
    if (next < 0 || next > std::numeric_limits<std::int16_t>::max())
        m_ok = false;
    id = static_cast<std::int32_t>(next);
    return static_cast<Type>(type);
}

std::int64_t ThriftReader::integer(Type type)
{
    if (type == Int8)
        return static_cast<std::int8_t>(byte());
    if (type != Int16 && type != Int32 && type != Int64) {
        m_ok = false;
        return 0;
    }
    return zigzag();
}

std::int32_t ThriftReader::int32(Type type)
{
    const std::int64_t value = integer(type);
    if (value < std::numeric_limits<std::int32_t>::min()
        || value > std::numeric_limits<std::int32_t>::max()) {
        m_ok = false;
        return 0;
    }
    return static_cast<std::int32_t>(value);
}

bool ThriftReader::boolean(Type type)
{
    if (type != True && type != False)
        m_ok = false;
    return m_ok && type == True;
}

std::string_view ThriftReader::text(Type type)
{
    if (type != Binary)
        m_ok = false;
    const std::uint64_t length = varint();
    if (!m_ok || length > m_bytes.size() - m_at) {
        m_ok = false;
        return {};
    }
    const auto value = m_bytes.substr(m_at, static_cast<std::size_t>(length));
    m_at += value.size();
    return value;
}

std::size_t ThriftReader::listLength(Type type, Type element)
{
    if (type != List && type != Set)
        m_ok = false;
    const std::uint8_t head = byte();
    std::uint64_t length = head >> 4U;
    if (length == 15)
        length = varint();
    // An empty list may be of any type; an element takes at least a byte.
    if (length > m_bytes.size() - m_at || (length > 0 && (head & 0x0fU) != element))
        m_ok = false;
    return m_ok ? static_cast<std::size_t>(length) : 0;
}

void ThriftReader::skipMap()
{
    const std::uint64_t length = varint();
    if (length == 0)
        return;
    const std::uint8_t types = byte();
    const auto key = static_cast<Type>(types >> 4U);
    const auto value = static_cast<Type>(types & 0x0fU);
    for (std::uint64_t i = 0; m_ok && i < length; ++i) {
        for (const Type type : {key, value}) {
            if (type == True || type == False)
                byte();
            else
                skip(type);
        }
    }
}

void ThriftReader::skip(Type type)
{
    switch (type) {
    case True:
    case False:
        return;
    case Int8:
        byte();
        return;
    case Int16:
    case Int32:
    case Int64:
        varint();
        return;
    case Double:
    case Uuid: {
        const std::size_t length = type == Double ? 8 : 16;
        if (length > m_bytes.size() - m_at)
            m_ok = false;
        else
            m_at += length;
        return;
    }
    case Binary:
        text(type);
        return;
    case Struct:
        readStruct([this](std::int32_t, Type field) { skip(field); });
        return;
    case List:
    case Set: {
        if (!enter())
            return;
        const std::uint8_t head = byte();
        std::uint64_t length = head >> 4U;
        if (length == 15)
            length = varint();
        const auto element = static_cast<Type>(head & 0x0fU);
        for (std::uint64_t i = 0; m_ok && i < length; ++i) {
            if (element == True || element == False)
                byte();
            else
                skip(element);
        }
        --m_depth;
        return;
    }
    case Map:
        if (!enter())
            return;
        skipMap();
        --m_depth;
        return;
    case Stop:
        break;
    }
    m_ok = false;
}

} // namespace embedscope
