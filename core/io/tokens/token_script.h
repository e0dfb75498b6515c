#pragma once

#include <string>
#include <string_view>

namespace embedscope {

/// What a text is written in: "Latin", "Cyrillic", "Han" and so on where its letters agree, "mixed"
/// where they do not; without letters "digits", "punctuation", "symbols", "emoji" or "space";
/// "other" for letters of scripts that are not told apart. Empty for the empty text. After the
/// Unicode blocks; the text must be UTF-8.
std::string_view scriptOf(std::string_view text);

} // namespace embedscope
