#include "core/io/tokens/token_labels.h"

#include "core/base/text.h"

#include <array>
#include <optional>

namespace embedscope {

namespace {

constexpr std::string_view kSpaceSign = "\xe2\x96\x81"; // U+2581

constexpr unsigned kFirstStandIn = 0x100;
constexpr unsigned kStandIns = 68;

std::array<unsigned char, kStandIns> makeStandIns()
{
    std::array<unsigned char, kStandIns> bytes{};
    std::size_t next = 0;
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (!isByteLevelSign(byte))
            bytes[next++] = static_cast<unsigned char>(byte);
    }
    return bytes;
}

/// The byte that a character of at most two UTF-8 bytes stands for.
std::optional<char> byteOf(unsigned codePoint)
{
    static const auto standIns = makeStandIns();
    if (codePoint >= kFirstStandIn && codePoint < kFirstStandIn + kStandIns)
        return static_cast<char>(standIns[codePoint - kFirstStandIn]);
    if (codePoint < 256 && isByteLevelSign(codePoint))
        return static_cast<char>(codePoint);
    return std::nullopt;
}

} // namespace

std::string byteLevelBytes(std::string_view token)
{
    std::string bytes;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const auto lead = static_cast<unsigned char>(token[i]);
        unsigned codePoint = lead;
        if (lead >= 0x80) {
            if (lead < 0xc2 || lead > 0xdf || i + 1 == token.size())
                return std::string(token);
            codePoint = (lead & 0x1fU) << 6U | (static_cast<unsigned char>(token[++i]) & 0x3fU);
        }
        const auto byte = byteOf(codePoint);
        if (!byte)
            return std::string(token);
        bytes += *byte;
    }
    return bytes;
}

bool isByteLevelSign(unsigned byte)
{
    return (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

std::string fromByteLevel(std::string_view token)
{
    std::string bytes = byteLevelBytes(token);
    return isValidUtf8(bytes) && printable(bytes) == bytes ? bytes : std::string(token);
}

std::string readableBytes(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const bool isText = isValidUtf8(bytes);
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n')
            text += "\\n";
        else if (c == '\r')
            text += "\\r";
        else if (c == '\t')
            text += "\\t";
        else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !isText))
            text += std::string("<0x") + kDigits[byte >> 4U] + kDigits[byte & 15U] + '>';
        else
            text += c;
    }
    return text;
}

std::string fromSentencePiece(std::string_view token)
{
    std::string text;
    while (!token.empty()) {
        const auto at = token.find(kSpaceSign);
        text += token.substr(0, at);
        if (at == std::string_view::npos)
            break;
        text += ' ';
        token.remove_prefix(at + kSpaceSign.size());
    }
    return text;
}

} // namespace embedscope
