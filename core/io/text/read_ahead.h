#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace embedscope {

/// The text of a source for who goes through it from front to back in small steps, alone: it is
/// read ahead 16 MiB at a time, by several threads at once.
class ReadAhead
{
public:
    /// The source must outlive it.
    explicit ReadAhead(const ByteSource& source)
        : m_source(source)
    {
    }

    /// The bytes [offset, offset + count), cut at the end of the source. Good until the next call.
    Result<std::string_view> text(std::uint64_t offset, std::uint64_t count);

private:
    const ByteSource& m_source;
    std::string m_bytes;
    std::uint64_t m_begin = 0; ///< Of m_bytes in the source.
};

} // namespace embedscope
