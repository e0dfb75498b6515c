#include "tests/support/png_bytes.h"

#include "core/base/text.h"

#include <zlib.h>

namespace embedscope::test {

namespace {

std::string bigEndian(std::uint32_t value)
{
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xffU);
    return out;
}

} // namespace

std::string pngChunk(const std::string& type, const std::string& data)
{
    const std::string whole = type + data;
    const auto sum
        = crc32(0, reinterpret_cast<const Bytef*>(whole.data()), static_cast<uInt>(whole.size()));
    return bigEndian(static_cast<std::uint32_t>(data.size())) + whole
        + bigEndian(static_cast<std::uint32_t>(sum));
}

std::string zlibPacked(const std::string& bytes)
{
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::string out(size, '\0');
    compress2(reinterpret_cast<Bytef*>(out.data()), &size,
        reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()), 9);
    out.resize(size);
    return out;
}

std::string png(
    std::uint32_t width, std::uint32_t height, const std::string& rgb, const std::string& chunks)
{
    // Every row with another filter, as encoders choose them.
    const std::size_t rowBytes = std::size_t{width} * 3;
    std::string raw;
    for (std::size_t y = 0; y < height; ++y) {
        const auto at = [&](std::size_t row, std::size_t i) {
            return static_cast<unsigned char>(rgb[row * rowBytes + i]);
        };
        const std::size_t filter = y % 3; // none, Sub, Up
        raw += static_cast<char>(filter);
        for (std::size_t i = 0; i < rowBytes; ++i) {
            unsigned before = 0;
            if (filter == 1 && i >= 3)
                before = at(y, i - 3);
            else if (filter == 2)
                before = at(y - 1, i);
            raw += static_cast<char>(at(y, i) - before);
        }
    }
    return "\x89PNG\r\n\x1a\n"
        + pngChunk(
            "IHDR", bigEndian(width) + bigEndian(height) + std::string("\x08\x02\x00\x00\x00", 5))
        + chunks + pngChunk("IDAT", zlibPacked(raw)) + pngChunk("IEND", {});
}

std::string base64(const std::string& bytes)
{
    constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            bits = bits << 8U
                | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j <= bytes.size() ? kDigits[bits >> (18 - 6 * j) & 63U] : '=';
    }
    return out;
}

std::string carriedInversion(
    const std::string& name, std::size_t d, const std::vector<float>& values, int step)
{
    std::string rows;
    for (std::size_t i = 0; i < values.size(); ++i) {
        rows += i % d == 0 ? (i == 0 ? "[" : "], [") : ", ";
        rows += formatNumber(values[i]);
    }
    return "{\"string_to_token\": {\"*\": 265}, \"string_to_param\": {\"*\": {\"TORCHTENSOR\": ["
        + rows + "]]}}, \"name\": \"" + name + "\", \"step\": " + std::to_string(step)
        + ", \"sd_checkpoint\": \"abc123\", \"sd_checkpoint_name\": \"model-v1\"}";
}

std::string pngWithHidden(const std::string& json, std::uint32_t height)
{
    std::string packed = zlibPacked(json);
    const std::size_t rowBytes = ((packed.size() + height) / height + 2) / 3 * 3;
    packed.resize(rowBytes * height, '\x5a');
    const auto veiled = [&](unsigned shift) {
        std::uint32_t state = 0;
        std::string block;
        for (const char c : packed) {
            state = state * 1664525U + 1013904223U;
            const auto half = static_cast<unsigned char>(c) >> shift & 15U;
            // The upper half of a pixel's byte is a pattern for the eye; never black here.
            block += static_cast<char>(0x90U | (half ^ (state % 255U & 15U)));
        }
        return block;
    };
    const std::string low = veiled(0);
    const std::string high = veiled(4);
    constexpr std::size_t kPicture = 16;
    std::string rgb;
    for (std::size_t y = 0; y < height; ++y) {
        rgb += low.substr(y * rowBytes, rowBytes) + std::string(3, '\0')
            + std::string(kPicture * 3, '\x77') + std::string(3, '\0')
            + high.substr(y * rowBytes, rowBytes);
    }
    const auto width = static_cast<std::uint32_t>(2 * rowBytes / 3 + kPicture + 2);
    return png(width, height, rgb);
}

} // namespace embedscope::test
