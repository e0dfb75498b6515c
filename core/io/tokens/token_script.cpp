#include "core/io/tokens/token_script.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utf8proc.h>

namespace embedscope {

namespace {

struct Range
{
    std::int32_t first;
    std::int32_t last;
    std::string_view script;
};

/// Blocks of letters, ascending. Coarse on purpose: a column to colour by, not a script database.
constexpr auto kRanges = std::to_array<Range>({
    {0x0041, 0x024F, "Latin"},
    {0x0250, 0x02AF, "Latin"},
    {0x0370, 0x03FF, "Greek"},
    {0x0400, 0x052F, "Cyrillic"},
    {0x0530, 0x058F, "Armenian"},
    {0x0590, 0x05FF, "Hebrew"},
    {0x0600, 0x06FF, "Arabic"},
    {0x0700, 0x074F, "Syriac"},
    {0x0750, 0x077F, "Arabic"},
    {0x0780, 0x07BF, "Thaana"},
    {0x0870, 0x08FF, "Arabic"},
    {0x0900, 0x097F, "Devanagari"},
    {0x0980, 0x09FF, "Bengali"},
    {0x0A00, 0x0A7F, "Gurmukhi"},
    {0x0A80, 0x0AFF, "Gujarati"},
    {0x0B00, 0x0B7F, "Odia"},
    {0x0B80, 0x0BFF, "Tamil"},
    {0x0C00, 0x0C7F, "Telugu"},
    {0x0C80, 0x0CFF, "Kannada"},
    {0x0D00, 0x0D7F, "Malayalam"},
    {0x0D80, 0x0DFF, "Sinhala"},
    {0x0E00, 0x0E7F, "Thai"},
    {0x0E80, 0x0EFF, "Lao"},
    {0x0F00, 0x0FFF, "Tibetan"},
    {0x1000, 0x109F, "Myanmar"},
    {0x10A0, 0x10FF, "Georgian"},
    {0x1100, 0x11FF, "Hangul"},
    {0x1200, 0x139F, "Ethiopic"},
    {0x13A0, 0x13FF, "Cherokee"},
    {0x1780, 0x17FF, "Khmer"},
    {0x1800, 0x18AF, "Mongolian"},
    {0x1C80, 0x1C8F, "Cyrillic"},
    {0x1D00, 0x1DBF, "Latin"},
    {0x1E00, 0x1EFF, "Latin"},
    {0x1F00, 0x1FFF, "Greek"},
    {0x2C60, 0x2C7F, "Latin"},
    {0x2DE0, 0x2DFF, "Cyrillic"},
    {0x3005, 0x3007, "Han"},
    {0x3040, 0x309F, "Hiragana"},
    {0x30A0, 0x30FF, "Katakana"},
    {0x3130, 0x318F, "Hangul"},
    {0x31F0, 0x31FF, "Katakana"},
    {0x3400, 0x4DBF, "Han"},
    {0x4E00, 0x9FFF, "Han"},
    {0xA640, 0xA69F, "Cyrillic"},
    {0xA720, 0xA7FF, "Latin"},
    {0xAC00, 0xD7FF, "Hangul"},
    {0xF900, 0xFAFF, "Han"},
    {0xFB00, 0xFB06, "Latin"},
    {0xFB1D, 0xFB4F, "Hebrew"},
    {0xFB50, 0xFDFF, "Arabic"},
    {0xFE70, 0xFEFE, "Arabic"},
    {0xFF21, 0xFF5A, "Latin"},
    {0xFF66, 0xFF9F, "Katakana"},
    {0x20000, 0x323AF, "Han"},
});

std::string_view scriptOfLetter(std::int32_t codePoint)
{
    const auto after = std::upper_bound(kRanges.begin(), kRanges.end(), codePoint,
        [](std::int32_t value, const Range& range) { return value < range.first; });
    if (after == kRanges.begin() || codePoint > (after - 1)->last)
        return "other";
    return (after - 1)->script;
}

bool isEmoji(std::int32_t codePoint)
{
    return (codePoint >= 0x1F300 && codePoint <= 0x1FAFF)
        || (codePoint >= 0x2600 && codePoint <= 0x27BF)
        || (codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF);
}

/// What stands for a text without letters; the later wins over the earlier.
enum class Rest
{
    None,
    Space,
    Punctuation,
    Symbols,
    Emoji,
    Digits,
};

Rest restOf(std::int32_t codePoint, utf8proc_category_t category)
{
    if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO)
        return Rest::Digits;
    if (isEmoji(codePoint))
        return Rest::Emoji;
    if (category >= UTF8PROC_CATEGORY_SM && category <= UTF8PROC_CATEGORY_SO)
        return Rest::Symbols;
    if (category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO)
        return Rest::Punctuation;
    return category >= UTF8PROC_CATEGORY_ZS ? Rest::Space : Rest::None;
}

} // namespace

std::string_view scriptOf(std::string_view text)
{
    constexpr auto kRestNames = std::to_array<std::string_view>(
        {"other", "space", "punctuation", "symbols", "emoji", "digits"});
    if (text.empty())
        return {};
    std::string_view script;
    Rest rest = Rest::None;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t codePoint = 0;
        const auto used = utf8proc_iterate(bytes, left, &codePoint);
        if (used <= 0)
            return "other";
        bytes += used;
        left -= used;
        const auto category = utf8proc_category(codePoint);
        const bool isLetter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
        const bool isMark = category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
        if (isLetter || (isMark && scriptOfLetter(codePoint) != "other")) {
            const std::string_view own = scriptOfLetter(codePoint);
            if (!script.empty() && script != own)
                return "mixed";
            script = own;
        } else if (!isMark) {
            rest = std::max(rest, restOf(codePoint, category));
        }
    }
    return script.empty() ? kRestNames[static_cast<std::size_t>(rest)] : script;
}

} // namespace embedscope
