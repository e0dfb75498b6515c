#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace embedscope {

/// Bytes that can only be read from front to back, such as those of a compressed file. Streams are
/// laid one upon the other: file, filter, archive. Not for use by several threads.
class InputStream
{
public:
    virtual ~InputStream() = default;

    /// Fills `into` with the next bytes and returns how many there were: fewer than asked for only
    /// at the end, where it is 0 from then on. An Error where what follows is damaged or cut.
    virtual Result<std::size_t> read(std::span<std::byte> into) = 0;
};

/// A source from its beginning.
class SourceStream final : public InputStream
{
public:
    explicit SourceStream(const ByteSource& source)
        : m_source(source)
    {
    }

    Result<std::size_t> read(std::span<std::byte> into) override;
    std::uint64_t position() const { return m_position; }

private:
    const ByteSource& m_source;
    std::uint64_t m_position = 0;
};

/// Bytes that were already taken from a stream, put before what follows.
class PrefixedStream final : public InputStream
{
public:
    PrefixedStream(std::string prefix, InputStream& rest)
        : m_prefix(std::move(prefix))
        , m_rest(rest)
    {
    }

    Result<std::size_t> read(std::span<std::byte> into) override;

private:
    std::string m_prefix;
    std::size_t m_at = 0;
    InputStream& m_rest;
};

/// The next `count` bytes of a stream, or all there are, as text. For small pieces.
Result<std::string> readText(InputStream& stream, std::size_t count);

} // namespace embedscope
