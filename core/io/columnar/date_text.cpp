#include "core/io/columnar/date_text.h"

namespace embedscope {

namespace {

constexpr std::int64_t kSecondsPerDay = 86400;

void appendPadded(std::string& text, std::int64_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    text.append(width > digits.size() ? width - digits.size() : 0, '0');
    text += digits;
}

/// Rounds towards minus infinity.
std::int64_t floorDivide(std::int64_t value, std::int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

/// What floorDivide() leaves: from 0 to by - 1, without a product that might overflow.
std::int64_t floorRemainder(std::int64_t value, std::int64_t by)
{
    const std::int64_t rest = value % by;
    return rest < 0 ? rest + by : rest;
}

} // namespace

std::string dateText(std::int64_t days)
{
    // Years that begin in March, in eras of 400 years: leap days come last.
    constexpr std::int64_t kEraDays = 146097;
    constexpr std::int64_t kMarch0 = 719468; // From 0000-03-01 to 1970-01-01.
    const std::int64_t shifted = days + kMarch0;
    const std::int64_t era = floorDivide(shifted, kEraDays);
    const std::int64_t dayOfEra = shifted - era * kEraDays;
    const std::int64_t yearOfEra
        = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t fromMarch = (5 * dayOfYear + 2) / 153;
    const std::int64_t month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
    const std::int64_t year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    std::string text = year < 0 ? "-" : "";
    appendPadded(text, year < 0 ? -year : year, 4);
    text += '-';
    appendPadded(text, month, 2);
    text += '-';
    appendPadded(text, dayOfYear - (153 * fromMarch + 2) / 5 + 1, 2);
    return text;
}

std::string timeText(std::int64_t value, std::int64_t perSecond)
{
    const std::int64_t seconds = floorDivide(value, perSecond);
    const std::int64_t fraction = floorRemainder(value, perSecond);
    std::string text = seconds < 0 ? "-" : "";
    const std::int64_t size = seconds < 0 ? -seconds : seconds;
    appendPadded(text, size / 3600, 2);
    text += ':';
    appendPadded(text, size / 60 % 60, 2);
    text += ':';
    appendPadded(text, size % 60, 2);
    if (fraction != 0) {
        text += '.';
        appendPadded(text, fraction, std::to_string(perSecond).size() - 1);
        while (text.ends_with("000")) // Down to what is needed of micro- and milliseconds.
            text.resize(text.size() - 3);
    }
    return text;
}

std::string timestampText(std::int64_t value, std::int64_t perSecond)
{
    const std::int64_t perDay = kSecondsPerDay * perSecond;
    return dateText(floorDivide(value, perDay)) + ' '
        + timeText(floorRemainder(value, perDay), perSecond);
}

} // namespace embedscope
