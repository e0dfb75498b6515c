#include "core/io/bytes/byte_cursor.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr std::uint64_t kBufferBytes = 64U << 10U;

} // namespace

Error ByteCursor::truncated() const
{
    return Error{ErrorCode::Truncated,
        "the " + std::string(m_what)
            + " ends before what its header promises. Is the download complete?",
        m_source.path(), m_source.size(), {}};
}

/// Makes the byte at the position lie in the buffer. There must be one.
Status ByteCursor::fill()
{
    if (m_position >= m_bufferStart && m_position - m_bufferStart < m_buffer.size())
        return {};
    m_buffer.resize(static_cast<std::size_t>(std::min(kBufferBytes, remaining())));
    m_bufferStart = m_position;
    auto status = m_source.read(m_position, m_buffer);
    if (!status)
        m_buffer.clear();
    return status;
}

Status ByteCursor::read(std::span<std::byte> into)
{
    if (into.size() > remaining())
        return truncated();
    if (into.size() >= kBufferBytes) {
        EMBEDSCOPE_TRY(m_source.read(m_position, into));
        m_position += into.size();
        return {};
    }
    while (!into.empty()) {
        EMBEDSCOPE_TRY(fill());
        const auto at = static_cast<std::size_t>(m_position - m_bufferStart);
        const std::size_t count = std::min(into.size(), m_buffer.size() - at);
        std::memcpy(into.data(), m_buffer.data() + at, count);
        into = into.subspan(count);
        m_position += count;
    }
    return {};
}

Status ByteCursor::skip(std::uint64_t count)
{
    if (count > remaining())
        return truncated();
    m_position += count;
    return {};
}

Result<std::string> ByteCursor::text(std::uint64_t count)
{
    if (count > remaining())
        return truncated();
    std::string bytes(static_cast<std::size_t>(count), '\0');
    EMBEDSCOPE_TRY(read(std::as_writable_bytes(std::span(bytes))));
    return bytes;
}

Result<std::string> ByteCursor::textUpTo(char terminator, std::uint64_t most)
{
    std::string bytes;
    while (remaining() > 0) {
        EMBEDSCOPE_TRY(fill());
        const auto begin
            = m_buffer.begin() + static_cast<std::ptrdiff_t>(m_position - m_bufferStart);
        const auto end = std::find(begin, m_buffer.end(), static_cast<std::byte>(terminator));
        const auto count = static_cast<std::size_t>(end - begin);
        if (bytes.size() + count > most) {
            return Error{ErrorCode::Malformed, "a text in the file has no end", m_source.path(),
                m_position, {}};
        }
        bytes.append(reinterpret_cast<const char*>(m_buffer.data())
                + static_cast<std::size_t>(begin - m_buffer.begin()),
            count);
        m_position += count;
        if (end != m_buffer.end()) {
            ++m_position;
            return bytes;
        }
    }
    return truncated();
}

} // namespace embedscope
