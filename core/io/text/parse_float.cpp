#include "core/io/text/parse_float.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace embedscope {

namespace {

constexpr int kMostDigits = 19; // All numbers of so many digits fit into 64 bits.

/// Powers of ten from 10^kLeastPower on, each the double next to it. Times 19 digits they stay
/// within the range of a normal float.
constexpr std::array kPowers{1e-30, 1e-29, 1e-28, 1e-27, 1e-26, 1e-25, 1e-24, 1e-23, 1e-22, 1e-21,
    1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7,
    1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
    1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
constexpr int kLeastPower = -30;
constexpr int kMostPower = 19;
static_assert(kPowers.size() == kMostPower - kLeastPower + 1);

constexpr std::array<std::uint64_t, 9> kIntegerPowers{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

bool isDigit(const char* p, const char* end)
{
    return p < end && static_cast<unsigned char>(*p - '0') < 10;
}

/// The value of eight digits, the first in the lowest byte: neighbours are joined to pairs, pairs
/// to fours, fours to the whole.
std::uint64_t valueOfDigits(std::uint64_t digits)
{
    digits = digits * 10 + (digits >> 8U);
    digits = (digits & 0x00ff00ff00ff00ffU) * 100 + ((digits >> 16U) & 0x00ff00ff00ff00ffU);
    return (digits & 0xffffU) * 10'000 + ((digits >> 32U) & 0xffffU);
}

/// Appends the digits from p on to the mantissa, which may overflow; returns where they end.
const char* readDigits(const char* p, const char* end, std::uint64_t& mantissa)
{
    // Eight characters at a time where there are so many: decimals are many and alike.
    while (std::endian::native == std::endian::little && end - p >= 8) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, p, sizeof bytes);
        bytes ^= 0x3030303030303030U;
        // The highest bit of every byte up to the first that is no digit tells whether it is one;
        // carries only disturb what is behind.
        const std::uint64_t others = ((bytes + 0x7676767676767676U) | bytes) & 0x8080808080808080U;
        const auto count = static_cast<unsigned>(std::countr_zero(others)) / 8;
        // Zeros in front instead of what follows the digits.
        const unsigned half = 4 * (8 - count); // Twice, for a shift by 64 has no meaning.
        const std::uint64_t digits = bytes << half << half;
        mantissa = mantissa * kIntegerPowers[count] + valueOfDigits(digits);
        p += count;
        if (count < 8)
            return p;
    }
    for (; isDigit(p, end); ++p)
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(*p - '0');
    return p;
}

/// Digits from the first that is not zero.
std::ptrdiff_t significantDigits(const char* begin, const char* end)
{
    while (begin != end && (*begin == '0' || *begin == '.'))
        ++begin;
    return end - begin - std::count(begin, end, '.');
}

/// Whether a double that may be three units off in its last place could round to another float than
/// the number it stands for: only where it lies next to the middle of two floats, as one does in
/// some sixty million.
bool isNearMiddle(double value)
{
    constexpr std::uint64_t kMiddle = 0x10000000; // Of the 29 bits that a float lacks.
    constexpr std::uint64_t kMargin = 4;
    const std::uint64_t tail = std::bit_cast<std::uint64_t>(value) & (2 * kMiddle - 1);
    return tail - (kMiddle - kMargin) <= 2 * kMargin;
}

/// For the few numbers that need it.
[[gnu::cold]] const char* parseSlowly(const char* begin, const char* end, float& value)
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
    if (begin == end)
        return nullptr;
    // Half of the numbers of a file are negative, which no branch predictor guesses.
    const bool isNegative = *begin == '-';
    const char* p = begin + static_cast<std::ptrdiff_t>(isNegative);
    std::uint64_t mantissa = 0;
    const char* const firstDigit = p;
    for (; isDigit(p, end); ++p)
        mantissa = mantissa * 10 + static_cast<std::uint64_t>(*p - '0');
    auto digits = p - firstDigit;
    int power = 0;
    if (p < end && *p == '.') {
        const char* const firstDecimal = ++p;
        p = readDigits(p, end, mantissa);
        constexpr std::ptrdiff_t kManyDecimals = 64;
        const std::ptrdiff_t decimals = p - firstDecimal;
        digits += decimals;
        if (digits > kMostDigits && decimals < kManyDecimals)
            digits = significantDigits(firstDigit, p);
        power = static_cast<int>(-decimals);
    }
    if (digits == 0 || digits > kMostDigits)
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
    if (power < kLeastPower || power > kMostPower)
        return parseSlowly(begin, end, value);
    // Rounded three times: the digits, the power and their product. Each moves it by a share of
    // 2^-53 at most, so that it is off by three units in its last place at most.
    const double product
        = static_cast<double>(mantissa) * kPowers[static_cast<std::size_t>(power - kLeastPower)];
    if (isNearMiddle(product))
        return parseSlowly(begin, end, value);
    const std::uint32_t sign = static_cast<std::uint32_t>(isNegative) << 31U;
    value = std::bit_cast<float>(std::bit_cast<std::uint32_t>(static_cast<float>(product)) | sign);
    return p;
}

} // namespace embedscope
