#include "core/io/text/parse_float.h"

#include "core/base/text.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>

namespace embedscope {

namespace {

// Powers of ten that a double holds exactly (Clinger 1990: m * 10^e is then rounded but once).
constexpr std::array kPowers{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
    1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int kMaxPower = 22;
constexpr std::uint64_t kMaxExactInteger = std::uint64_t{1} << 53U;

bool isDigit(const char* p, const char* end)
{
    return p < end && static_cast<unsigned char>(*p - '0') < 10;
}

/// A double on its way to float is rounded twice; that only shows where it lies next to the middle
/// of two floats.
bool isNearMiddle(double value)
{
    const auto tail = std::bit_cast<std::uint64_t>(value) & 0x1fffffffU;
    return tail - 0x0fffffffU <= 2;
}

const char* parseSlowly(const char* begin, const char* end, float& value)
{
    if (begin < end && *begin == '+')
        ++begin;
    const auto [stop, code] = std::from_chars(begin, end, value);
    if (code == std::errc())
        return stop;
    if (code != std::errc::result_out_of_range)
        return nullptr;
    const auto rounded = parseNumber({begin, static_cast<std::size_t>(stop - begin)});
    value = rounded ? static_cast<float>(*rounded) : 0;
    return stop;
}

} // namespace

const char* parseFloat(const char* begin, const char* end, float& value)
{
    const char* p = begin;
    const bool isNegative = p < end && *p == '-';
    if (isNegative)
        ++p;
    std::uint64_t mantissa = 0;
    const char* const firstDigit = p;
    for (; isDigit(p, end); ++p)
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(*p - '0');
    auto digits = p - firstDigit;
    int power = 0;
    if (p < end && *p == '.') {
        const char* const firstDecimal = ++p;
        for (; isDigit(p, end); ++p)
            mantissa = mantissa * 10 + static_cast<std::uint64_t>(*p - '0');
        digits += p - firstDecimal;
        power = digits > 19 ? 0 : static_cast<int>(firstDecimal - p);
    }
    if (digits == 0 || digits > 19)
        return parseSlowly(begin, end, value);
    if (p < end && (*p == 'e' || *p == 'E')) {
        const char* q = p + 1;
        const bool isSmall = q < end && *q == '-';
        if (q < end && (*q == '-' || *q == '+'))
            ++q;
        int exponent = 0;
        const char* const firstExponentDigit = q;
        for (; isDigit(q, end) && exponent < 1000; ++q)
            exponent = exponent * 10 + (*q - '0');
        if (q == firstExponentDigit || exponent >= 1000)
            return parseSlowly(begin, end, value);
        power += isSmall ? -exponent : exponent;
        p = q;
    }
    if (mantissa > kMaxExactInteger || power < -kMaxPower || power > kMaxPower)
        return parseSlowly(begin, end, value);
    auto exact = static_cast<double>(mantissa);
    if (power < 0)
        exact /= kPowers[static_cast<std::size_t>(-power)];
    else
        exact *= kPowers[static_cast<std::size_t>(power)];
    if (isNearMiddle(exact))
        return parseSlowly(begin, end, value);
    value = static_cast<float>(isNegative ? -exact : exact);
    return p;
}

} // namespace embedscope
