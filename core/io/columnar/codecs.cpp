#include "core/io/columnar/codecs.h"

#include <algorithm>
#include <brotli/decode.h>
#include <cstring>
#include <limits>
#include <lz4.h>
#include <lz4frame.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

namespace embedscope {

namespace {

using Bytes = std::span<const std::byte>;
using Target = std::span<std::byte>;

const char* chars(const std::byte* bytes)
{
    return reinterpret_cast<const char*>(bytes);
}

char* chars(std::byte* bytes)
{
    return reinterpret_cast<char*>(bytes);
}

bool fromSnappy(Bytes from, Target into)
{
    std::size_t length = 0;
    return snappy::GetUncompressedLength(chars(from.data()), from.size(), &length)
        && length == into.size()
        && snappy::RawUncompress(chars(from.data()), from.size(), chars(into.data()));
}

/// Ends the stream of zlib whichever way its function is left.
struct Inflater
{
    z_stream stream{};
    bool isReady = inflateInit2(&stream, MAX_WBITS + 32) == Z_OK; // gzip or zlib, by its header
    Inflater() = default;
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

bool fromGzip(Bytes from, Target into)
{
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    if (from.size() > kMost || into.size() > kMost)
        return false;
    Inflater inflater;
    if (!inflater.isReady)
        return false;
    z_stream& stream = inflater.stream;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(from.data()));
    stream.avail_in = static_cast<uInt>(from.size());
    stream.next_out = reinterpret_cast<Bytef*>(into.data());
    stream.avail_out = static_cast<uInt>(into.size());
    for (;;) {
        const int status = inflate(&stream, Z_FINISH);
        if (status != Z_STREAM_END)
            return false;
        if (stream.avail_in == 0)
            return stream.avail_out == 0;
        if (inflateReset(&stream) != Z_OK)
            return false;
    }
}

bool fromBrotli(Bytes from, Target into)
{
    std::size_t length = into.size();
    const auto status
        = BrotliDecoderDecompress(from.size(), reinterpret_cast<const std::uint8_t*>(from.data()),
            &length, reinterpret_cast<std::uint8_t*>(into.data()));
    return status == BROTLI_DECODER_RESULT_SUCCESS && length == into.size();
}

bool fromZstd(Bytes from, Target into)
{
    return ZSTD_decompress(into.data(), into.size(), from.data(), from.size()) == into.size();
}

bool fromLz4Block(Bytes from, Target into)
{
    constexpr std::size_t kMost = LZ4_MAX_INPUT_SIZE;
    return from.size() <= kMost && into.size() <= kMost
        && LZ4_decompress_safe(chars(from.data()), chars(into.data()),
               static_cast<int>(from.size()), static_cast<int>(into.size()))
        == static_cast<int>(into.size());
}

bool fromLz4Frame(Bytes from, Target into)
{
    LZ4F_dctx* context = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0)
        return false;
    std::size_t read = 0;
    std::size_t written = 0;
    bool isWhole = false;
    while (read < from.size()) {
        std::size_t in = from.size() - read;
        std::size_t out = into.size() - written;
        const std::size_t hint = LZ4F_decompress(
            context, into.data() + written, &out, from.data() + read, &in, nullptr);
        read += in;
        written += out;
        isWhole = hint == 0;
        if (LZ4F_isError(hint) != 0 || (in == 0 && out == 0)) {
            isWhole = false;
            break;
        }
    }
    LZ4F_freeDecompressionContext(context);
    return isWhole && written == into.size();
}

std::uint32_t bigEndian(const std::byte* at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return __builtin_bswap32(value);
}

/// Frames of an expanded and a compressed size, as Hadoop writes them.
bool fromHadoopFrames(Bytes from, Target into)
{
    while (from.size() >= 8) {
        const std::size_t expanded = bigEndian(from.data());
        const std::size_t length = bigEndian(from.data() + 4);
        from = from.subspan(8);
        if (length > from.size() || expanded > into.size()
            || !fromLz4Block(from.first(length), into.first(expanded)))
            return false;
        from = from.subspan(length);
        into = into.subspan(expanded);
    }
    return from.empty() && into.empty();
}

} // namespace

std::string_view codecName(Codec codec)
{
    switch (codec) {
    case Codec::None:
        return "none";
    case Codec::Snappy:
        return "snappy";
    case Codec::Gzip:
        return "gzip";
    case Codec::Brotli:
        return "brotli";
    case Codec::Zstd:
        return "zstd";
    case Codec::Lz4Block:
    case Codec::Lz4Frame:
    case Codec::Lz4Hadoop:
        return "lz4";
    }
    return "unknown";
}

std::uint64_t mostExpanded(Codec codec, std::uint64_t bytes)
{
    constexpr std::uint64_t kSlack = 1024;
    std::uint64_t ratio = 1;
    switch (codec) {
    case Codec::None:
        return bytes;
    case Codec::Snappy: // 64 bytes for a copy of 3.
        ratio = 32;
        break;
    case Codec::Gzip: // 258 bytes for two bits.
        ratio = 1040;
        break;
    case Codec::Lz4Block: // 255 for each byte of a length.
    case Codec::Lz4Frame:
    case Codec::Lz4Hadoop:
        ratio = 256;
        break;
    case Codec::Zstd: // 128 KiB for a block of four.
        ratio = std::uint64_t{1} << 16U;
        break;
    case Codec::Brotli: // 16 MiB for a metablock of a few bytes.
        ratio = std::uint64_t{1} << 24U;
        break;
    }
    return bytes > (UINT64_MAX - kSlack) / ratio ? UINT64_MAX : bytes * ratio + kSlack;
}

bool decompress(Codec codec, Bytes from, Target into)
{
    if (into.empty())
        return true; // Writers disagree on what nothing is compressed to.
    switch (codec) {
    case Codec::None:
        if (from.size() != into.size())
            return false;
        std::memcpy(into.data(), from.data(), into.size());
        return true;
    case Codec::Snappy:
        return fromSnappy(from, into);
    case Codec::Gzip:
        return fromGzip(from, into);
    case Codec::Brotli:
        return fromBrotli(from, into);
    case Codec::Zstd:
        return fromZstd(from, into);
    case Codec::Lz4Block:
        return fromLz4Block(from, into);
    case Codec::Lz4Frame:
        return fromLz4Frame(from, into);
    case Codec::Lz4Hadoop:
        return fromHadoopFrames(from, into) || fromLz4Block(from, into) || fromLz4Frame(from, into);
    }
    return false;
}

} // namespace embedscope
