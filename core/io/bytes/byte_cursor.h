#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace embedscope {

/// Reads a source from front to back through a small buffer and always knows how much is left: for
/// headers and dictionaries made of many small pieces. Little-endian. After an error the position
/// is undefined.
class ByteCursor
{
public:
    /// what: what to call the file where it ends too early: "GGUF file".
    ByteCursor(const ByteSource& source, std::string_view what)
        : m_source(source)
        , m_what(what)
    {
    }

    std::uint64_t position() const { return m_position; }
    std::uint64_t remaining() const
    {
        return m_source.size() - std::min(m_position, m_source.size());
    }
    const ByteSource& source() const { return m_source; }

    Status read(std::span<std::byte> into);
    /// Truncated where fewer bytes are left.
    Status skip(std::uint64_t count);
    void seek(std::uint64_t position) { m_position = position; }
    /// `count` bytes as text; Truncated, before anything is allocated, where they are not there.
    Result<std::string> text(std::uint64_t count);
    /// Bytes up to the terminator, which is skipped; Malformed where there is none within `most`
    /// bytes.
    Result<std::string> textUpTo(char terminator, std::uint64_t most);

    template <typename T> Result<T> number()
    {
        static_assert(std::is_arithmetic_v<T>);
        static_assert(std::endian::native == std::endian::little);
        std::array<std::byte, sizeof(T)> bytes;
        EMBEDSCOPE_TRY(read(bytes));
        T value;
        std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }

    Error truncated() const;

private:
    Status fill();

    const ByteSource& m_source;
    std::string_view m_what;
    std::uint64_t m_position = 0;
    std::uint64_t m_bufferStart = 0;
    std::vector<std::byte> m_buffer;
};

} // namespace embedscope
