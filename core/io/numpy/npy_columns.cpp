#include "core/base/text.h"
#include "core/io/numpy/npy.h"

#include <algorithm>
#include <cstring>

namespace embedscope {

namespace {

constexpr std::uint64_t kBlockBytes = 1U << 20U;

/// Both kinds are padded with zeros to the common width.
void decodeText(const NpyHeader& header, const std::byte* bytes, std::string& out)
{
    out.clear();
    if (header.kind == NpyKind::Bytes) {
        out.assign(reinterpret_cast<const char*>(bytes), header.itemBytes);
        out.erase(out.find_last_not_of('\0') + 1);
        return;
    }
    std::uint64_t used = header.itemBytes / 4;
    const auto codePoint = [&](std::uint64_t i) {
        std::uint32_t c = 0;
        std::memcpy(&c, bytes + i * 4, 4);
        return header.isBigEndian ? __builtin_bswap32(c) : c;
    };
    while (used > 0 && codePoint(used - 1) == 0)
        --used;
    for (std::uint64_t i = 0; i < used; ++i)
        appendUtf8(out, codePoint(i));
}

} // namespace

Result<TextValues> readNpyText(const NpyHeader& header, const SequentialRead& read)
{
    TextValues values;
    std::string text;
    if (header.itemBytes == 0) { // An array of empty strings takes no bytes at all.
        if (header.count > kBlockBytes * 64)
            return Error{
                ErrorCode::Malformed, "holds too many empty texts to make sense", {}, {}, {}};
        for (std::uint64_t i = 0; i < header.count; ++i)
            values.append({});
        return values;
    }
    const std::uint64_t step = std::max<std::uint64_t>(1, kBlockBytes / header.itemBytes);
    std::vector<std::byte> bytes(std::min(step, header.count) * header.itemBytes);
    for (std::uint64_t begin = 0; begin < header.count; begin += step) {
        const std::uint64_t count = std::min(step, header.count - begin);
        EMBEDSCOPE_TRY(read(std::span(bytes).first(count * header.itemBytes)));
        for (std::uint64_t i = 0; i < count; ++i) {
            decodeText(header, bytes.data() + i * header.itemBytes, text);
            values.append(text);
        }
    }
    return values;
}

Result<NumberValues> readNpyNumbers(const NpyHeader& header, const SequentialRead& read)
{
    NumberValues numbers;
    const std::uint64_t step = kBlockBytes / header.itemBytes;
    std::vector<std::byte> bytes(std::min(step, header.count) * header.itemBytes);
    for (std::uint64_t begin = 0; begin < header.count; begin += step) {
        const std::uint64_t count = std::min(step, header.count - begin);
        EMBEDSCOPE_TRY(read(std::span(bytes).first(count * header.itemBytes)));
        numbers.values.resize(begin + count);
        convertNpyValues(
            header, bytes.data(), static_cast<Index>(count), numbers.values.data() + begin);
    }
    return numbers;
}

} // namespace embedscope
