#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope::test {

/// A structure in the compact protocol of Thrift, field by field in ascending order.
class ThriftBytes
{
public:
    void int32(int id, std::int32_t value)
    {
        field(id, 5);
        zigzag(value);
    }
    void int64(int id, std::int64_t value)
    {
        field(id, 6);
        zigzag(value);
    }
    void boolean(int id, bool value) { field(id, value ? 1 : 2); }
    void text(int id, const std::string& value)
    {
        field(id, 8);
        varint(value.size());
        m_bytes += value;
    }
    void structure(int id, const ThriftBytes& value)
    {
        field(id, 12);
        m_bytes += value.done();
    }
    void structures(int id, const std::vector<ThriftBytes>& values)
    {
        field(id, 9);
        if (values.size() < 15) {
            m_bytes += static_cast<char>(values.size() << 4U | 12U);
        } else {
            m_bytes += static_cast<char>(0xfc);
            varint(values.size());
        }
        for (const ThriftBytes& value : values)
            m_bytes += value.done();
    }
    /// With its end.
    std::string done() const { return m_bytes + '\0'; }

private:
    void field(int id, int type)
    {
        const int delta = id - m_last;
        m_bytes += static_cast<char>(delta << 4 | type);
        m_last = id;
    }
    void varint(std::uint64_t value)
    {
        for (; value > 0x7f; value >>= 7U)
            m_bytes += static_cast<char>((value & 0x7fU) | 0x80U);
        m_bytes += static_cast<char>(value);
    }
    void zigzag(std::int64_t value)
    {
        varint(static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63));
    }

    std::string m_bytes;
    int m_last = 0;
};

} // namespace embedscope::test
