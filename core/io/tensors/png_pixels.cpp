#include "core/io/tensors/png_pixels.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <zlib.h>

namespace embedscope {

namespace {

constexpr std::uint64_t kSignatureBytes = 8;
constexpr std::size_t kMostChunks = 1'000'000;
constexpr std::uint64_t kMostPixels = 32'000'000;
constexpr std::uint64_t kMostPacked = std::uint64_t{256} << 20U;

std::uint32_t bigEndian(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

Error broken(const std::string& path, std::uint64_t at)
{
    return Error{
        ErrorCode::Malformed, "the picture is broken. Is the download complete?", path, at, {}};
}

struct Header
{
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t channels = 0; ///< 3 or 4; 0 where the picture is of a kind that is not read.
};

Header parseHeader(std::string_view data)
{
    Header header;
    if (data.size() < 13)
        return header;
    header.width = bigEndian(data, 0);
    header.height = bigEndian(data, 4);
    const bool isPlain = data[8] == 8 && data[10] == 0 && data[11] == 0 && data[12] == 0;
    if (isPlain && (data[9] == 2 || data[9] == 6))
        header.channels = data[9] == 2 ? 3 : 4;
    return header;
}

std::uint8_t paeth(int left, int up, int corner)
{
    const int guess = left + up - corner;
    const int byLeft = std::abs(guess - left);
    const int byUp = std::abs(guess - up);
    const int byCorner = std::abs(guess - corner);
    return static_cast<std::uint8_t>(byLeft <= byUp && byLeft <= byCorner ? left
            : byUp <= byCorner                                            ? up
                                                                          : corner);
}

/// Undoes the filter of one row in place. False for a filter that there is not.
bool unfilter(
    unsigned filter, std::span<std::uint8_t> row, const std::uint8_t* before, std::size_t channels)
{
    for (std::size_t i = 0; i < row.size(); ++i) {
        const int left = i >= channels ? row[i - channels] : 0;
        const int up = before != nullptr ? before[i] : 0;
        const int corner = before != nullptr && i >= channels ? before[i - channels] : 0;
        int add = 0;
        switch (filter) {
        case 0:
            return true;
        case 1:
            add = left;
            break;
        case 2:
            add = up;
            break;
        case 3:
            add = (left + up) / 2;
            break;
        case 4:
            add = paeth(left, up, corner);
            break;
        default:
            return false;
        }
        row[i] = static_cast<std::uint8_t>(row[i] + add);
    }
    return true;
}

} // namespace

Status walkPngChunks(const ByteSource& source, std::uint64_t most,
    const std::function<bool(std::string_view type, std::string data)>& take)
{
    std::uint64_t at = kSignatureBytes;
    for (std::size_t i = 0; i < kMostChunks; ++i) {
        EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(at, 8));
        if (head.size() < 8) {
            return Error{ErrorCode::Truncated,
                "the picture ends before its last part. Is the "
                "download complete?",
                source.path(), source.size(), {}};
        }
        const std::uint64_t length = bigEndian(head, 0);
        const std::string type = head.substr(4);
        if (length + 12 > source.size() - at)
            return broken(source.path(), at);
        if (length <= most) {
            EMBEDSCOPE_TRY_ASSIGN(std::string data, source.text(at + 8, length + 4));
            const std::uint32_t sum = bigEndian(data, static_cast<std::size_t>(length));
            data.resize(static_cast<std::size_t>(length));
            auto own = crc32(0, reinterpret_cast<const Bytef*>(type.data()), 4);
            own = crc32(
                own, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()));
            if (own != sum)
                return broken(source.path(), at);
            if (!take(type, std::move(data)))
                return {};
        }
        if (type == "IEND")
            return {};
        at += 12 + length;
    }
    return broken(source.path(), at);
}

Result<std::string> inflateZlib(
    std::string_view packed, std::uint64_t most, const std::string& path)
{
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return Error{ErrorCode::OutOfMemory, "there is not enough memory", path, {}, {}};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string text;
    std::array<char, 65536> piece{};
    int state = Z_OK;
    while (state == Z_OK && text.size() <= most) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = piece.size();
        state = inflate(&stream, Z_NO_FLUSH);
        text.append(piece.data(), piece.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (text.size() > most) {
        return Error{ErrorCode::TooLarge,
            "what is packed in the picture expands to more than " + formatBytes(most), path, {},
            {}};
    }
    if (state != Z_STREAM_END)
        return Error{ErrorCode::Malformed, "what is packed in the picture is broken", path, {}, {}};
    return text;
}

Result<PngPixels> readPngPixels(const ByteSource& source, const Progress& progress)
{
    Header header;
    std::string packed;
    bool isTooLarge = false;
    EMBEDSCOPE_TRY(walkPngChunks(source, kMostPacked, [&](std::string_view type, std::string data) {
        if (type == "IHDR")
            header = parseHeader(data);
        isTooLarge = std::uint64_t{header.width} * header.height > kMostPixels;
        if (type == "IDAT")
            packed += data;
        return !isTooLarge && header.channels != 0 && packed.size() <= kMostPacked
            && !progress.stopRequested();
    }));
    if (progress.stopRequested())
        return stoppedError();
    if (isTooLarge || header.channels == 0 || header.width == 0 || header.height == 0) {
        return Error{ErrorCode::Unsupported,
            "the picture is of a kind in which nothing is looked for", source.path(), {}, {}};
    }
    const std::size_t rowBytes = std::size_t{header.width} * header.channels;
    const std::size_t whole = (rowBytes + 1) * header.height;
    EMBEDSCOPE_TRY_ASSIGN(std::string raw, inflateZlib(packed, whole, source.path()));
    if (raw.size() != whole)
        return broken(source.path(), 0);
    PngPixels pixels{header.width, header.height, {}};
    pixels.rgb.resize(std::size_t{header.width} * header.height * 3);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(raw.data());
    for (std::size_t y = 0; y < header.height; ++y) {
        if (progress.stopRequested())
            return stoppedError();
        std::uint8_t* const row = bytes + y * (rowBytes + 1);
        const std::uint8_t* const before = y == 0 ? nullptr : row - rowBytes;
        if (!unfilter(row[0], {row + 1, rowBytes}, before, header.channels))
            return broken(source.path(), 0);
        std::uint8_t* out = pixels.rgb.data() + y * header.width * 3;
        for (std::size_t x = 0; x < header.width; ++x, out += 3)
            std::memcpy(out, row + 1 + x * header.channels, 3);
    }
    return pixels;
}

} // namespace embedscope
