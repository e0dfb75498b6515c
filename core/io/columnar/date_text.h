#pragma once

#include <cstdint>
#include <string>

namespace embedscope {

/// Dates and times as text, in the proleptic Gregorian calendar.

/// Days since 1970-01-01 as "2024-02-29"; years beyond four digits as they are.
std::string dateText(std::int64_t days);

/// Units since midnight as "20:34:56.123456": of the fraction as many thousands as it needs.
/// perSecond: 1, 1000, 1000000 or 1000000000.
std::string timeText(std::int64_t value, std::int64_t perSecond);

/// Units since 1970-01-01 as "2024-01-01 20:34:56.123".
std::string timestampText(std::int64_t value, std::int64_t perSecond);

} // namespace embedscope
