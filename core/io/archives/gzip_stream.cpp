#include "core/io/archives/gzip_stream.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <zlib.h>

namespace embedscope {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} << 10U;
constexpr int kGzipOnly = 15 + 16; ///< zlib: a window of 32 KiB and a gzip header.
constexpr std::size_t kMagicBytes = 3;

} // namespace

GzipStream::GzipStream(InputStream& packed, std::string path)
    : m_packed(packed)
    , m_path(std::move(path))
    , m_zlib(std::make_unique<z_stream>())
    , m_buffer(kBufferBytes)
{
    if (inflateInit2(m_zlib.get(), kGzipOnly) != Z_OK)
        throw std::bad_alloc();
}

GzipStream::~GzipStream()
{
    inflateEnd(m_zlib.get());
}

Error GzipStream::error(ErrorCode code, std::string detail) const
{
    return Error{code, std::move(detail), m_path, {}, {}};
}

/// Moves what is left of the buffer to its front and reads more behind it.
Status GzipStream::fill()
{
    const std::size_t left = m_zlib->avail_in;
    if (left > 0)
        std::memmove(m_buffer.data(), m_zlib->next_in, left);
    EMBEDSCOPE_TRY_ASSIGN(const std::size_t got, m_packed.read(std::span(m_buffer).subspan(left)));
    m_packedIsAtEnd = got == 0 && left < m_buffer.size();
    m_zlib->next_in = reinterpret_cast<Bytef*>(m_buffer.data());
    m_zlib->avail_in = static_cast<uInt>(left + got);
    return {};
}

Status GzipStream::nextMember()
{
    if (m_zlib->avail_in < kMagicBytes)
        EMBEDSCOPE_TRY(fill());
    const Bytef* const next = m_zlib->next_in;
    if (m_zlib->avail_in >= kMagicBytes && next[0] == 0x1f && next[1] == 0x8b && next[2] == 8) {
        inflateReset(m_zlib.get());
        return {};
    }
    m_isAtEnd = true;
    while (m_zlib->avail_in > 0 && !m_hasTrailingBytes) {
        m_hasTrailingBytes = std::any_of(m_zlib->next_in, m_zlib->next_in + m_zlib->avail_in,
            [](Bytef byte) { return byte != 0; });
        m_zlib->avail_in = 0;
        EMBEDSCOPE_TRY(fill());
    }
    return {};
}

Result<std::size_t> GzipStream::read(std::span<std::byte> into)
{
    constexpr std::size_t kMost = std::size_t{1} << 30U; // Counts of zlib have 32 bits.
    std::size_t done = 0;
    while (done < into.size() && !m_isAtEnd) {
        if (m_zlib->avail_in == 0) {
            EMBEDSCOPE_TRY(fill());
            if (m_packedIsAtEnd) {
                return error(ErrorCode::Truncated,
                    "the gzip-compressed data end too early. Is the download complete?");
            }
        }
        const std::size_t room = std::min(into.size() - done, kMost);
        m_zlib->next_out = reinterpret_cast<Bytef*>(into.data() + done);
        m_zlib->avail_out = static_cast<uInt>(room);
        const int code = inflate(m_zlib.get(), Z_NO_FLUSH);
        done += room - m_zlib->avail_out;
        if (code == Z_STREAM_END) {
            EMBEDSCOPE_TRY(nextMember());
        } else if (code == Z_MEM_ERROR) {
            return error(ErrorCode::OutOfMemory, "there is not enough memory to unpack this file");
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            return error(ErrorCode::Malformed, "the gzip data are damaged");
        }
    }
    return done;
}

} // namespace embedscope
