#include "core/io/text/read_ahead.h"

#include "core/io/bytes/read_blocks.h"

#include <algorithm>
#include <span>

namespace embedscope {

Result<std::string_view> ReadAhead::text(std::uint64_t offset, std::uint64_t count)
{
    constexpr std::uint64_t kAhead = std::uint64_t{16} << 20U;
    constexpr Index kBlockBytes = Index{1} << 20U;
    if (offset >= m_source.size())
        return std::string_view();
    const std::uint64_t left = m_source.size() - offset;
    count = std::min(count, left);
    if (offset < m_begin || offset + count > m_begin + m_bytes.size()) {
        m_begin = offset;
        m_bytes.resize(static_cast<std::size_t>(std::min(std::max(count, kAhead), left)));
        const auto bytes = std::as_writable_bytes(std::span(m_bytes));
        EMBEDSCOPE_TRY(readInBlocks(
            static_cast<Index>(bytes.size()), kBlockBytes, {}, [&](Index begin, Index end) {
                return m_source.read(offset + static_cast<std::uint64_t>(begin),
                    bytes.subspan(
                        static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
            }));
    }
    return std::string_view(m_bytes).substr(
        static_cast<std::size_t>(offset - m_begin), static_cast<std::size_t>(count));
}

} // namespace embedscope
