#include "core/io/archives/input_stream.h"

#include <algorithm>
#include <cstring>

namespace embedscope {

Result<std::size_t> SourceStream::read(std::span<std::byte> into)
{
    const std::uint64_t left = m_source.size() - std::min(m_position, m_source.size());
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left));
    EMBEDSCOPE_TRY(m_source.read(m_position, into.first(count)));
    m_position += count;
    return count;
}

Result<std::size_t> PrefixedStream::read(std::span<std::byte> into)
{
    const std::size_t count = std::min(into.size(), m_prefix.size() - m_at);
    if (count > 0)
        std::memcpy(into.data(), m_prefix.data() + m_at, count);
    m_at += count;
    if (count == into.size())
        return count;
    EMBEDSCOPE_TRY_ASSIGN(const std::size_t more, m_rest.read(into.subspan(count)));
    return count + more;
}

Result<std::string> readText(InputStream& stream, std::size_t count)
{
    std::string text(count, '\0');
    EMBEDSCOPE_TRY_ASSIGN(
        const std::size_t got, stream.read(std::as_writable_bytes(std::span(text))));
    text.resize(got);
    return text;
}

} // namespace embedscope
