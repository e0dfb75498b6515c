#include "core/io/bytes/elements.h"

#include "core/base/half.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace embedscope {

namespace {

template <typename T> T swapBytes(T value)
{
    if constexpr (sizeof(T) == 2)
        return static_cast<T>(__builtin_bswap16(value));
    else if constexpr (sizeof(T) == 4)
        return static_cast<T>(__builtin_bswap32(value));
    else if constexpr (sizeof(T) == 8)
        return static_cast<T>(__builtin_bswap64(value));
    else
        return value;
}

float fromHalf(Half half)
{
    float value = 0;
    toFloats(&half, 1, &value);
    return value;
}

/// A small float without infinities: sign, exponent, mantissa, with the given bias.
float fromSmall(std::uint8_t bits, int mantissaBits, int bias)
{
    const int mantissaMask = (1 << mantissaBits) - 1;
    const int mantissa = bits & mantissaMask;
    const int exponent = (bits & 0x7f) >> mantissaBits;
    const float magnitude = exponent == 0
        ? std::ldexp(static_cast<float>(mantissa), 1 - bias - mantissaBits)
        : std::ldexp(
            static_cast<float>(mantissa + mantissaMask + 1), exponent - bias - mantissaBits);
    return (bits & 0x80) != 0 ? -magnitude : magnitude;
}

using ByteTable = std::array<float, 256>;

template <typename Convert> ByteTable makeTable(Convert convert)
{
    ByteTable table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = convert(static_cast<std::uint8_t>(i));
    return table;
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

const ByteTable& smallFloats(ElementType type)
{
    static const ByteTable e4m3
        = makeTable([](std::uint8_t b) { return (b & 0x7f) == 0x7f ? kNan : fromSmall(b, 3, 7); });
    static const ByteTable e5m2
        = makeTable([](std::uint8_t b) { return fromHalf({static_cast<std::uint16_t>(b << 8)}); });
    static const ByteTable e8m0
        = makeTable([](std::uint8_t b) { return b == 0xff ? kNan : std::ldexp(1.0F, b - 127); });
    static const ByteTable e4m3Fnuz
        = makeTable([](std::uint8_t b) { return b == 0x80 ? kNan : fromSmall(b, 3, 8); });
    static const ByteTable e5m2Fnuz
        = makeTable([](std::uint8_t b) { return b == 0x80 ? kNan : fromSmall(b, 2, 16); });
    switch (type) {
    case ElementType::Float8E4M3:
        return e4m3;
    case ElementType::Float8E5M2:
        return e5m2;
    case ElementType::Float8E8M0:
        return e8m0;
    case ElementType::Float8E4M3Fnuz:
        return e4m3Fnuz;
    default:
        return e5m2Fnuz;
    }
}

/// Calls convert(bits) for each element, with bits an unsigned integer in our byte order.
template <typename Bits, typename Out, typename Convert>
void each(const std::byte* bytes, Index count, bool swap, Out* out, Convert convert)
{
    for (Index i = 0; i < count; ++i) {
        Bits bits;
        std::memcpy(&bits, bytes + i * static_cast<Index>(sizeof bits), sizeof bits);
        out[i] = static_cast<Out>(convert(swap ? swapBytes(bits) : bits));
    }
}

/// A few at a time, for they may lie unaligned and in the other byte order.
template <typename Out> void eachHalf(const std::byte* bytes, Index count, bool swap, Out* out)
{
    constexpr Index kChunk = 256;
    std::array<Half, kChunk> halves;
    std::array<float, kChunk> floats;
    for (Index begin = 0; begin < count; begin += kChunk) {
        const Index size = std::min(kChunk, count - begin);
        each<std::uint16_t>(bytes + begin * static_cast<Index>(sizeof(Half)), size, swap,
            halves.data(), [](std::uint16_t bits) { return Half{bits}; });
        toFloats(halves.data(), size, floats.data());
        std::copy_n(floats.data(), size, out + begin);
    }
}

template <typename Out>
void convertElements(
    ElementType type, bool isBigEndian, const std::byte* bytes, Index count, Out* out)
{
    const bool swap = isBigEndian == (std::endian::native == std::endian::little);
    const auto asIs = [](auto bits) { return bits; };
    switch (type) {
    case ElementType::Bool:
        return each<std::uint8_t>(bytes, count, swap, out, [](auto b) { return b != 0 ? 1 : 0; });
    case ElementType::Int8:
        return each<std::uint8_t>(
            bytes, count, swap, out, [](auto b) { return static_cast<std::int8_t>(b); });
    case ElementType::UInt8:
        return each<std::uint8_t>(bytes, count, swap, out, asIs);
    case ElementType::Int16:
        return each<std::uint16_t>(
            bytes, count, swap, out, [](auto b) { return static_cast<std::int16_t>(b); });
    case ElementType::UInt16:
        return each<std::uint16_t>(bytes, count, swap, out, asIs);
    case ElementType::Int32:
        return each<std::uint32_t>(
            bytes, count, swap, out, [](auto b) { return static_cast<std::int32_t>(b); });
    case ElementType::UInt32:
        return each<std::uint32_t>(bytes, count, swap, out, asIs);
    case ElementType::Int64:
        return each<std::uint64_t>(
            bytes, count, swap, out, [](auto b) { return static_cast<std::int64_t>(b); });
    case ElementType::UInt64:
        return each<std::uint64_t>(bytes, count, swap, out, asIs);
    case ElementType::Float16:
        return eachHalf(bytes, count, swap, out);
    case ElementType::BFloat16:
        return each<std::uint16_t>(bytes, count, swap, out,
            [](auto b) { return std::bit_cast<float>(static_cast<std::uint32_t>(b) << 16U); });
    case ElementType::Float32:
        return each<std::uint32_t>(
            bytes, count, swap, out, [](auto b) { return std::bit_cast<float>(b); });
    case ElementType::Float64:
        return each<std::uint64_t>(
            bytes, count, swap, out, [](auto b) { return std::bit_cast<double>(b); });
    default: {
        const ByteTable& table = smallFloats(type);
        return each<std::uint8_t>(bytes, count, swap, out, [&](auto b) { return table[b]; });
    }
    }
}

} // namespace

std::size_t elementBytes(ElementType type)
{
    switch (type) {
    case ElementType::Int16:
    case ElementType::UInt16:
    case ElementType::Float16:
    case ElementType::BFloat16:
        return 2;
    case ElementType::Int32:
    case ElementType::UInt32:
    case ElementType::Float32:
        return 4;
    case ElementType::Int64:
    case ElementType::UInt64:
    case ElementType::Float64:
        return 8;
    default:
        return 1;
    }
}

std::string_view elementName(ElementType type)
{
    switch (type) {
    case ElementType::Bool:
        return "bool";
    case ElementType::Int8:
        return "int8";
    case ElementType::UInt8:
        return "uint8";
    case ElementType::Int16:
        return "int16";
    case ElementType::UInt16:
        return "uint16";
    case ElementType::Int32:
        return "int32";
    case ElementType::UInt32:
        return "uint32";
    case ElementType::Int64:
        return "int64";
    case ElementType::UInt64:
        return "uint64";
    case ElementType::Float16:
        return "float16";
    case ElementType::BFloat16:
        return "bfloat16";
    case ElementType::Float32:
        return "float32";
    case ElementType::Float64:
        return "float64";
    case ElementType::Float8E4M3:
        return "float8_e4m3";
    case ElementType::Float8E5M2:
        return "float8_e5m2";
    case ElementType::Float8E8M0:
        return "float8_e8m0";
    case ElementType::Float8E4M3Fnuz:
        return "float8_e4m3fnuz";
    case ElementType::Float8E5M2Fnuz:
        return "float8_e5m2fnuz";
    }
    return "";
}

bool isStoredAsFloat(ElementType type, bool isBigEndian)
{
    return type == ElementType::Float32 && isBigEndian == (std::endian::native == std::endian::big);
}

void toFloats(ElementType type, bool isBigEndian, const std::byte* bytes, Index count, float* out)
{
    convertElements(type, isBigEndian, bytes, count, out);
}

void toDoubles(ElementType type, bool isBigEndian, const std::byte* bytes, Index count, double* out)
{
    convertElements(type, isBigEndian, bytes, count, out);
}

} // namespace embedscope
