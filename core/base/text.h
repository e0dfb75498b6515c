#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace embedscope {

/// Text as core uses it: UTF-8, numbers through from_chars and to_chars alone (the C locale may
/// say that a comma is the decimal point), case folded as Unicode says.

bool isValidUtf8(std::string_view text);

/// The text with each broken byte sequence replaced by U+FFFD.
std::string repairUtf8(std::string_view text);

/// Appends a code point as UTF-8; U+FFFD for what is none (surrogates, beyond U+10FFFF).
void appendUtf8(std::string& text, std::uint32_t codePoint);

/// Valid UTF-8 without control characters (they become spaces): safe on a terminal and in one line.
std::string printable(std::string_view text);

/// Unicode case folding (with canonical composition), for comparing without regard to case.
/// Takes any bytes; broken UTF-8 is repaired first.
std::string foldCase(std::string_view text);

/// Without ASCII white space at both ends.
std::string_view trimmed(std::string_view text);

bool startsWithIgnoringCase(std::string_view text, std::string_view prefix);

/// The whole text as a number, white space around it allowed; nullopt if anything else is in it.
/// Accepts "nan", "inf", "infinity" with a sign and in any case, and a leading '+'.
/// Numbers out of double's range become infinity or zero, as IEEE 754 rounds them.
std::optional<double> parseNumber(std::string_view text);
std::optional<std::int64_t> parseInteger(std::string_view text);

/// The shortest text that reads back as the same value. "nan", "inf", "-inf" for those.
std::string formatNumber(double value);
std::string formatNumber(float value);

/// "1,234,567": with commas between thousands, for people.
std::string formatCount(std::int64_t count);

/// "12.3 MB": decimal units, three significant digits.
std::string formatBytes(std::uint64_t bytes);

} // namespace embedscope
