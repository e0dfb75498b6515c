#include "core/io/tensors/gguf_quants.h"

#include "core/io/bytes/elements.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

// The layouts as ggml's documentation of its block structures describes them. d is a block's scale,
// m its offset; in the K types each 16 or 32 values have a scale of their own, in units of d.

namespace embedscope {

namespace {

using Bytes = const std::uint8_t*;

float half(Bytes at)
{
    float value = 0;
    toFloats(ElementType::Float16, false, reinterpret_cast<const std::byte*>(at), 1, &value);
    return value;
}

float times(float scale, int value)
{
    return scale * static_cast<float>(value);
}

template <ElementType type> void plain(Bytes block, float* out)
{
    toFloats(type, false, reinterpret_cast<const std::byte*>(block), 1, out);
}

// 32 values: the low nibbles are the first half, the high ones the second.

void q4_0(Bytes block, float* out)
{
    const float d = half(block);
    for (int j = 0; j < 16; ++j) {
        out[j] = times(d, (block[2 + j] & 15) - 8);
        out[j + 16] = times(d, (block[2 + j] >> 4) - 8);
    }
}

void q4_1(Bytes block, float* out)
{
    const float d = half(block);
    const float m = half(block + 2);
    for (int j = 0; j < 16; ++j) {
        out[j] = times(d, block[4 + j] & 15) + m;
        out[j + 16] = times(d, block[4 + j] >> 4) + m;
    }
}

/// Bit i of a little-endian row of bits.
int bit(Bytes bits, int i)
{
    return bits[i / 8] >> (i % 8) & 1;
}

void q5_0(Bytes block, float* out)
{
    const float d = half(block);
    for (int j = 0; j < 16; ++j) {
        out[j] = times(d, ((block[6 + j] & 15) | bit(block + 2, j) << 4) - 16);
        out[j + 16] = times(d, ((block[6 + j] >> 4) | bit(block + 2, j + 16) << 4) - 16);
    }
}

void q5_1(Bytes block, float* out)
{
    const float d = half(block);
    const float m = half(block + 2);
    for (int j = 0; j < 16; ++j) {
        out[j] = times(d, (block[8 + j] & 15) | bit(block + 4, j) << 4) + m;
        out[j + 16] = times(d, (block[8 + j] >> 4) | bit(block + 4, j + 16) << 4) + m;
    }
}

void q8_0(Bytes block, float* out)
{
    const float d = half(block);
    for (int j = 0; j < 32; ++j)
        out[j] = times(d, static_cast<std::int8_t>(block[2 + j]));
}

void q8_1(Bytes block, float* out)
{
    const float d = half(block);
    for (int j = 0; j < 32; ++j)
        out[j] = times(d, static_cast<std::int8_t>(block[4 + j]));
}

// 256 values. In the two- and three-bit types, 32 bytes hold 128 values: first all lowest pairs of
// bits, then the next.

void q2_K(Bytes block, float* out)
{
    const Bytes scales = block;
    const Bytes quants = block + 16;
    const float d = half(block + 80);
    const float m = half(block + 82);
    for (int i = 0; i < 256; ++i) {
        const int within = i % 128;
        const int quant = quants[i / 128 * 32 + within % 32] >> (within / 32 * 2) & 3;
        const int scale = scales[i / 16];
        out[i] = times(d, scale & 15) * static_cast<float>(quant) - times(m, scale >> 4);
    }
}

void q3_K(Bytes block, float* out)
{
    const Bytes highBits = block;
    const Bytes quants = block + 32;
    const Bytes packed = block + 96;
    const float d = half(block + 108);
    std::array<float, 16> scales{};
    for (int j = 0; j < 16; ++j) {
        const int low = packed[j % 8] >> (j / 8 * 4) & 15;
        const int high = packed[8 + j % 4] >> (j / 4 * 2) & 3;
        scales[static_cast<std::size_t>(j)] = times(d, (low | high << 4) - 32);
    }
    for (int i = 0; i < 256; ++i) {
        const int within = i % 128;
        const int low = quants[i / 128 * 32 + within % 32] >> (within / 32 * 2) & 3;
        const int high = highBits[i % 32] >> (i / 32) & 1;
        out[i] = times(scales[static_cast<std::size_t>(i / 16)], low - (high != 0 ? 0 : 4));
    }
}

/// Eight scales and eight offsets of six bits in twelve bytes.
struct ScaleAndOffset
{
    int scale;
    int offset;
};

ScaleAndOffset sixBits(Bytes packed, int j)
{
    if (j < 4)
        return {packed[j] & 63, packed[j + 4] & 63};
    return {
        (packed[j + 4] & 15) | packed[j - 4] >> 6 << 4, packed[j + 4] >> 4 | packed[j] >> 6 << 4};
}

void q4_K(Bytes block, float* out)
{
    const float d = half(block);
    const float m = half(block + 2);
    const Bytes quants = block + 16;
    for (int part = 0; part < 8; ++part) {
        const auto [scale, offset] = sixBits(block + 4, part);
        const float factor = times(d, scale);
        const float less = times(m, offset);
        for (int l = 0; l < 32; ++l) {
            const int quant = quants[part / 2 * 32 + l] >> (part % 2 * 4) & 15;
            out[part * 32 + l] = times(factor, quant) - less;
        }
    }
}

void q5_K(Bytes block, float* out)
{
    const float d = half(block);
    const float m = half(block + 2);
    const Bytes highBits = block + 16;
    const Bytes quants = block + 48;
    for (int part = 0; part < 8; ++part) {
        const auto [scale, offset] = sixBits(block + 4, part);
        const float factor = times(d, scale);
        const float less = times(m, offset);
        for (int l = 0; l < 32; ++l) {
            const int low = quants[part / 2 * 32 + l] >> (part % 2 * 4) & 15;
            const int high = highBits[l] >> part & 1;
            out[part * 32 + l] = times(factor, low | high << 4) - less;
        }
    }
}

void q6_K(Bytes block, float* out)
{
    const Bytes lowBits = block;
    const Bytes highBits = block + 128;
    const Bytes scales = block + 192;
    const float d = half(block + 208);
    for (int i = 0; i < 256; ++i) {
        const int halfBlock = i / 128;
        const int quarter = i % 128 / 32; // of the 128 values
        const int l = i % 32;
        const int low = lowBits[halfBlock * 64 + quarter % 2 * 32 + l] >> (quarter / 2 * 4) & 15;
        const int high = highBits[halfBlock * 32 + l] >> (quarter * 2) & 3;
        const int scale = static_cast<std::int8_t>(scales[i / 16]);
        out[i] = times(times(d, scale), (low | high << 4) - 32);
    }
}

void q8_K(Bytes block, float* out)
{
    float d = 0;
    std::memcpy(&d, block, sizeof d);
    for (int i = 0; i < 256; ++i)
        out[i] = times(d, static_cast<std::int8_t>(block[4 + i]));
}

/// The sixteen levels of the four-bit types that are not evenly spaced.
constexpr std::array<int, 16> kLevels{
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

void iq4_nl(Bytes block, float* out)
{
    const float d = half(block);
    for (int j = 0; j < 16; ++j) {
        out[j] = times(d, kLevels[block[2 + j] & 15]);
        out[j + 16] = times(d, kLevels[block[2 + j] >> 4]);
    }
}

void iq4_xs(Bytes block, float* out)
{
    const float d = half(block);
    const int highScales = block[2] | block[3] << 8;
    for (int part = 0; part < 8; ++part) {
        const int low = block[4 + part / 2] >> (part % 2 * 4) & 15;
        const int high = highScales >> (part * 2) & 3;
        const float factor = times(d, (low | high << 4) - 32);
        const Bytes quants = block + 8 + part * 16;
        for (int j = 0; j < 16; ++j) {
            out[part * 32 + j] = times(factor, kLevels[quants[j] & 15]);
            out[part * 32 + j + 16] = times(factor, kLevels[quants[j] >> 4]);
        }
    }
}

/// Digit `place` of a byte that holds five digits of base three as a fraction of 256.
int ternaryDigit(int byte, int place)
{
    constexpr std::array<int, 5> kPowers{1, 3, 9, 27, 81};
    return (byte * kPowers[static_cast<std::size_t>(place)] & 255) * 3 >> 8;
}

void tq1_0(Bytes block, float* out)
{
    const float d = half(block + 52);
    for (int i = 0; i < 160; ++i)
        out[i] = times(d, ternaryDigit(block[i % 32], i / 32) - 1);
    for (int i = 0; i < 80; ++i)
        out[160 + i] = times(d, ternaryDigit(block[32 + i % 16], i / 16) - 1);
    for (int i = 0; i < 16; ++i)
        out[240 + i] = times(d, ternaryDigit(block[48 + i % 4], i / 4) - 1);
}

void tq2_0(Bytes block, float* out)
{
    const float d = half(block + 64);
    for (int i = 0; i < 256; ++i) {
        const int within = i % 128;
        out[i] = times(d, (block[i / 128 * 32 + within % 32] >> (within / 32 * 2) & 3) - 1);
    }
}

constexpr auto kTypes = std::to_array<GgufType>({
    {0, "F32", 1, 4, plain<ElementType::Float32>},
    {1, "F16", 1, 2, plain<ElementType::Float16>},
    {2, "Q4_0", 32, 18, q4_0},
    {3, "Q4_1", 32, 20, q4_1},
    {6, "Q5_0", 32, 22, q5_0},
    {7, "Q5_1", 32, 24, q5_1},
    {8, "Q8_0", 32, 34, q8_0},
    {9, "Q8_1", 32, 36, q8_1},
    {10, "Q2_K", 256, 84, q2_K},
    {11, "Q3_K", 256, 110, q3_K},
    {12, "Q4_K", 256, 144, q4_K},
    {13, "Q5_K", 256, 176, q5_K},
    {14, "Q6_K", 256, 210, q6_K},
    {15, "Q8_K", 256, 292, q8_K},
    {16, "IQ2_XXS", 256, 66, nullptr},
    {17, "IQ2_XS", 256, 74, nullptr},
    {18, "IQ3_XXS", 256, 98, nullptr},
    {19, "IQ1_S", 256, 50, nullptr},
    {20, "IQ4_NL", 32, 18, iq4_nl},
    {21, "IQ3_S", 256, 110, nullptr},
    {22, "IQ2_S", 256, 82, nullptr},
    {23, "IQ4_XS", 256, 136, iq4_xs},
    {24, "I8", 1, 1, plain<ElementType::Int8>},
    {25, "I16", 1, 2, plain<ElementType::Int16>},
    {26, "I32", 1, 4, plain<ElementType::Int32>},
    {27, "I64", 1, 8, plain<ElementType::Int64>},
    {28, "F64", 1, 8, plain<ElementType::Float64>},
    {29, "IQ1_M", 256, 56, nullptr},
    {30, "BF16", 1, 2, plain<ElementType::BFloat16>},
    {34, "TQ1_0", 256, 54, tq1_0},
    {35, "TQ2_0", 256, 66, tq2_0},
    {39, "MXFP4", 32, 17, nullptr},
});

} // namespace

std::span<const GgufType> ggufTypes()
{
    return kTypes;
}

const GgufType* ggufType(std::uint32_t id)
{
    const auto found = std::find_if(
        kTypes.begin(), kTypes.end(), [&](const GgufType& type) { return type.id == id; });
    return found == kTypes.end() ? nullptr : &*found;
}

} // namespace embedscope
