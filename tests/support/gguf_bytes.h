#pragma once

#include "tests/support/npy_bytes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope::test {

inline std::string ggufNumber(std::uint64_t value, std::size_t bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xffU);
    return out;
}

inline std::string ggufString(const std::string& text)
{
    return ggufNumber(text.size(), 8) + text;
}

/// A key with a string, and one with an array of strings.
inline std::string ggufKey(const std::string& key, const std::string& value)
{
    return ggufString(key) + ggufNumber(8, 4) + ggufString(value);
}

inline std::string ggufKey(const std::string& key, const std::vector<std::string>& values)
{
    std::string out
        = ggufString(key) + ggufNumber(9, 4) + ggufNumber(8, 4) + ggufNumber(values.size(), 8);
    for (const std::string& value : values)
        out += ggufString(value);
    return out;
}

/// A key with an array of numbers that are packed already; type 5 is int32, 6 float32.
inline std::string ggufArray(const std::string& key, std::uint32_t type, std::uint64_t count,
    const std::string& packedValues)
{
    return ggufString(key) + ggufNumber(9, 4) + ggufNumber(type, 4) + ggufNumber(count, 8)
        + packedValues;
}

struct GgufTensorBytes
{
    std::string name;
    std::uint32_t type;
    std::vector<std::uint64_t> shape; ///< Innermost first, as in the file.
    std::string data;
};

/// A GGUF file of version 3 with those keys (ready-made) and tensors.
inline std::string gguf(
    const std::vector<std::string>& keys, const std::vector<GgufTensorBytes>& tensors)
{
    std::string out
        = "GGUF" + ggufNumber(3, 4) + ggufNumber(tensors.size(), 8) + ggufNumber(keys.size(), 8);
    for (const std::string& key : keys)
        out += key;
    std::string data;
    for (const GgufTensorBytes& tensor : tensors) {
        out += ggufString(tensor.name) + ggufNumber(tensor.shape.size(), 4);
        for (const std::uint64_t extent : tensor.shape)
            out += ggufNumber(extent, 8);
        out += ggufNumber(tensor.type, 4) + ggufNumber(data.size(), 8);
        data += tensor.data;
        data.resize((data.size() + 31) / 32 * 32, '\0');
    }
    out.resize((out.size() + 31) / 32 * 32, '\0');
    return out + data;
}

} // namespace embedscope::test
