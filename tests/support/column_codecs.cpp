#include "tests/support/column_codecs.h"

#include <algorithm>
#include <brotli/encode.h>
#include <cstdint>
#include <lz4.h>
#include <lz4frame.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

namespace embedscope::test {

namespace {

std::string bigEndian(std::size_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift & 0xffU);
    return bytes;
}

} // namespace

std::string toSnappy(const std::string& bytes)
{
    std::string out;
    snappy::Compress(bytes.data(), bytes.size(), &out);
    return out;
}

/// Two members, one behind the other.
std::string toGzip(const std::string& bytes)
{
    std::string out;
    const std::size_t half = bytes.size() / 2;
    for (const std::string& part : {bytes.substr(0, half), bytes.substr(half)}) {
        z_stream stream{};
        deflateInit2(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
        std::string room(deflateBound(&stream, static_cast<uLong>(part.size())), '\0');
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
        stream.avail_in = static_cast<uInt>(part.size());
        stream.next_out = reinterpret_cast<Bytef*>(room.data());
        stream.avail_out = static_cast<uInt>(room.size());
        deflate(&stream, Z_FINISH);
        out += room.substr(0, stream.total_out);
        deflateEnd(&stream);
    }
    return out;
}

std::string toBrotli(const std::string& bytes)
{
    std::size_t length = BrotliEncoderMaxCompressedSize(bytes.size()) + 64;
    std::string out(length, '\0');
    BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, bytes.size(),
        reinterpret_cast<const std::uint8_t*>(bytes.data()), &length,
        reinterpret_cast<std::uint8_t*>(out.data()));
    out.resize(length);
    return out;
}

std::string toZstd(const std::string& bytes)
{
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
    return out;
}

std::string toLz4Block(const std::string& bytes)
{
    const int size = static_cast<int>(bytes.size());
    std::string out(static_cast<std::size_t>(LZ4_compressBound(size)), '\0');
    out.resize(static_cast<std::size_t>(
        LZ4_compress_default(bytes.data(), out.data(), size, static_cast<int>(out.size()))));
    return out;
}

std::string toLz4Frame(const std::string& bytes)
{
    std::string out(LZ4F_compressFrameBound(bytes.size(), nullptr), '\0');
    out.resize(LZ4F_compressFrame(out.data(), out.size(), bytes.data(), bytes.size(), nullptr));
    return out;
}

/// Two frames.
std::string toLz4Hadoop(const std::string& bytes)
{
    std::string out;
    const std::size_t half = bytes.size() / 2;
    for (const std::string& part : {bytes.substr(0, half), bytes.substr(half)}) {
        const std::string block = toLz4Block(part);
        out += bigEndian(part.size()) + bigEndian(block.size()) + block;
    }
    return out;
}

} // namespace embedscope::test
