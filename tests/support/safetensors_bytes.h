#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace embedscope::test {

inline std::string safetensorsWithHeader(const std::string& header, const std::string& data)
{
    std::string out;
    for (std::size_t i = 0; i < 8; ++i)
        out += static_cast<char>(header.size() >> (8 * i) & 0xffU);
    return out + header + data;
}

struct TensorBytes
{
    std::string name;
    std::string dtype;
    std::string shape; ///< "[2, 3]"
    std::string data;
};

/// A safetensors file of those tensors, one behind the other. `metadata` is JSON or empty.
inline std::string safetensors(
    const std::vector<TensorBytes>& tensors, const std::string& metadata = {})
{
    std::string header = "{";
    if (!metadata.empty())
        header += "\"__metadata__\":" + metadata + (tensors.empty() ? "" : ",");
    std::string data;
    for (const TensorBytes& tensor : tensors) {
        if (&tensor != &tensors.front())
            header += ',';
        header += '"' + tensor.name + "\":{\"dtype\":\"" + tensor.dtype
            + "\",\"shape\":" + tensor.shape + ",\"data_offsets\":[" + std::to_string(data.size())
            + ',' + std::to_string(data.size() + tensor.data.size()) + "]}";
        data += tensor.data;
    }
    return safetensorsWithHeader(header + '}', data);
}

} // namespace embedscope::test
