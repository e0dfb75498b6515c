#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace embedscope {

/// Reads the compact protocol of Apache Thrift, in which Parquet writes its footer and page
/// headers, from bytes in hand. The first fault sticks: ok() is false from then on and every value
/// read is zero or empty, so that a caller asks once, at the end. Every loop takes at least a byte
/// an item, and structures nest at most 32 deep.
/// Source: thrift-compact-protocol.md of Apache Thrift.
class ThriftReader
{
public:
    enum Type : std::uint8_t
    {
        Stop = 0,
        True = 1,
        False = 2,
        Int8 = 3,
        Int16 = 4,
        Int32 = 5,
        Int64 = 6,
        Double = 7,
        Binary = 8,
        List = 9,
        Set = 10,
        Map = 11,
        Struct = 12,
        Uuid = 13,
    };

    explicit ThriftReader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    bool ok() const { return m_ok; }
    /// Bytes read so far.
    std::size_t position() const { return m_at; }
    void fail() { m_ok = false; }

    /// Calls body(id, type) for every field of a structure; it reads the value or skips it.
    template <typename Body> void readStruct(Body body)
    {
        if (!enter())
            return;
        std::int32_t id = 0;
        for (;;) {
            const Type type = nextField(id);
            if (!m_ok || type == Stop)
                break;
            body(id, type);
        }
        --m_depth;
    }
    /// The same for the value of a field that should be a structure.
    template <typename Body> void structure(Type type, Body body)
    {
        if (type == Struct)
            readStruct(body);
        else
            fail();
    }
    /// Calls body() for each element of a list of structures, which it must read.
    template <typename Body> void structures(Type type, Body body)
    {
        for (std::size_t left = listLength(type, Struct); m_ok && left > 0; --left)
            body();
    }

    std::int64_t integer(Type type);
    /// An integer that fits 31 bits and a sign.
    std::int32_t int32(Type type);
    bool boolean(Type type);
    /// Views the bytes that this was made of.
    std::string_view text(Type type);
    void skip(Type type);

private:
    std::uint8_t byte();
    std::uint64_t varint();
    std::int64_t zigzag();
    bool enter();
    Type nextField(std::int32_t& id);
    std::size_t listLength(Type type, Type element);
    void skipMap();

    std::string_view m_bytes;
    std::size_t m_at = 0;
    int m_depth = 0;
    bool m_ok = true;
};

} // namespace embedscope
