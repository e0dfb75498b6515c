#include "core/io/projector/image_size.h"

#include <optional>

namespace embedscope {

namespace {

constexpr std::uint32_t kMaxSide = 1U << 20U;

std::uint32_t byteAt(std::string_view bytes, std::size_t at)
{
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

std::uint32_t bigEndian16(std::string_view bytes, std::size_t at)
{
    return byteAt(bytes, at) << 8U | byteAt(bytes, at + 1);
}

std::uint32_t bigEndian32(std::string_view bytes, std::size_t at)
{
    return bigEndian16(bytes, at) << 16U | bigEndian16(bytes, at + 2);
}

std::uint32_t littleEndian16(std::string_view bytes, std::size_t at)
{
    return byteAt(bytes, at) | byteAt(bytes, at + 1) << 8U;
}

std::uint32_t littleEndian24(std::string_view bytes, std::size_t at)
{
    return littleEndian16(bytes, at) | byteAt(bytes, at + 2) << 16U;
}

std::uint32_t littleEndian32(std::string_view bytes, std::size_t at)
{
    return littleEndian16(bytes, at) | littleEndian16(bytes, at + 2) << 16U;
}

struct Sides
{
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// JPEG: walks the marker segments to the frame header (ITU-T T.81, B.2.2).
Result<Sides> jpegSides(const ByteSource& source)
{
    std::uint64_t at = 2;
    for (int segments = 0; segments < 4096 && at + 9 < source.size(); ++segments) {
        EMBEDSCOPE_TRY_ASSIGN(const std::string head, source.text(at, 9));
        if (byteAt(head, 0) != 0xFF)
            break;
        const std::uint32_t marker = byteAt(head, 1);
        if (marker == 0xFF) { // fill
            ++at;
            continue;
        }
        const bool isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8
            && marker != 0xCC;
        if (isFrame)
            return Sides{bigEndian16(head, 7), bigEndian16(head, 5)};
        const bool isBare = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
        const std::uint32_t length = bigEndian16(head, 2);
        if (marker == 0xD9 || marker == 0xDA || (!isBare && length < 2))
            break;
        at += isBare ? 2 : 2 + std::uint64_t{length};
    }
    return Error{ErrorCode::Malformed, "this JPEG picture does not say how large it is",
        source.path(), at, {}};
}

/// WebP: lossy, lossless and extended files say it in three ways (RFC 9649).
std::optional<Sides> webpSides(std::string_view head)
{
    const auto kind = head.substr(12, 4);
    if (kind == "VP8X")
        return Sides{littleEndian24(head, 24) + 1, littleEndian24(head, 27) + 1};
    if (kind == "VP8 " && head.substr(23, 3) == "\x9D\x01\x2A")
        return Sides{littleEndian16(head, 26) & 0x3FFFU, littleEndian16(head, 28) & 0x3FFFU};
    if (kind == "VP8L" && byteAt(head, 20) == 0x2F) {
        const std::uint32_t bits = littleEndian32(head, 21);
        return Sides{(bits & 0x3FFFU) + 1, (bits >> 14U & 0x3FFFU) + 1};
    }
    return std::nullopt;
}

Result<Sides> readSides(const ByteSource& source, std::string_view head)
{
    if (head.starts_with("\x89PNG\r\n\x1a\n") && head.substr(12, 4) == "IHDR")
        return Sides{bigEndian32(head, 16), bigEndian32(head, 20)};
    if (head.starts_with("\xFF\xD8\xFF"))
        return jpegSides(source);
    if (head.starts_with("GIF87a") || head.starts_with("GIF89a"))
        return Sides{littleEndian16(head, 6), littleEndian16(head, 8)};
    if (head.starts_with("BM") && littleEndian32(head, 14) == 12)
        return Sides{littleEndian16(head, 18), littleEndian16(head, 20)};
    if (head.starts_with("BM")) {
        // A height below zero means that the rows run from the top.
        const std::uint32_t height = littleEndian32(head, 22);
        return Sides{littleEndian32(head, 18), height > 0x7FFFFFFFU ? 0U - height : height};
    }
    if (head.starts_with("RIFF") && head.substr(8, 4) == "WEBP") {
        if (const auto sides = webpSides(head))
            return *sides;
    }
    return Error{ErrorCode::Unsupported, "is not a PNG, JPEG, GIF, BMP or WebP picture",
        source.path(), {}, {}};
}

} // namespace

Result<ImageSize> probeImageSize(const ByteSource& source)
{
    EMBEDSCOPE_TRY_ASSIGN(std::string head, source.text(0, 32));
    if (head.size() < 26) {
        return Error{
            ErrorCode::Truncated, "is too short to be a picture", source.path(), head.size(), {}};
    }
    head.resize(32);
    EMBEDSCOPE_TRY_ASSIGN(const Sides sides, readSides(source, head));
    if (sides.width == 0 || sides.height == 0 || sides.width > kMaxSide
        || sides.height > kMaxSide) {
        return Error{ErrorCode::Malformed,
            "the picture claims to be " + std::to_string(sides.width) + " x "
                + std::to_string(sides.height) + " pixels",
            source.path(), {}, {}};
    }
    return ImageSize{
        static_cast<std::int32_t>(sides.width), static_cast<std::int32_t>(sides.height)};
}

} // namespace embedscope
