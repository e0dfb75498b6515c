#pragma once

#include "core/io/archives/input_stream.h"

#include <memory>
#include <vector>

struct z_stream_s;

namespace embedscope {

/// What gzip packed, with its check sums held to be true (RFC 1952); members that stand one behind
/// the other give one text. libarchive's own filter leaves the check sums alone, hence this one.
class GzipStream final : public InputStream
{
public:
    /// packed: at its beginning; must outlive this. path: for messages.
    GzipStream(InputStream& packed, std::string path);
    ~GzipStream() override;
    GzipStream(const GzipStream&) = delete;
    GzipStream& operator=(const GzipStream&) = delete;

    Result<std::size_t> read(std::span<std::byte> into) override;

    /// Bytes behind the last member that are neither one nor padding were left unread.
    bool hasTrailingBytes() const { return m_hasTrailingBytes; }

private:
    Status fill();
    /// Goes on to the next member, or finds that there is none.
    Status nextMember();
    Error error(ErrorCode code, std::string detail) const;

    InputStream& m_packed;
    std::string m_path;
    std::unique_ptr<z_stream_s> m_zlib;
    std::vector<std::byte> m_buffer;
    bool m_isAtEnd = false;
    bool m_packedIsAtEnd = false;
    bool m_hasTrailingBytes = false;
};

} // namespace embedscope
