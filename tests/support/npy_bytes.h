#pragma once

#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace embedscope::test {

/// An NPY file of version 1 to 3 with that dictionary as its header and those bytes as its data.
inline std::string npyWithHeader(std::string dictionary, const std::string& data, int version = 1)
{
    const std::size_t lead = version == 1 ? 10 : 12;
    while ((lead + dictionary.size() + 1) % 64 != 0)
        dictionary += ' ';
    dictionary += '\n';
    std::string out = "\x93NUMPY";
    out += static_cast<char>(version);
    out += '\0';
    const std::size_t length = dictionary.size();
    for (std::size_t i = 0; i < (version == 1 ? 2U : 4U); ++i)
        out += static_cast<char>(length >> (8 * i) & 0xffU);
    return out + dictionary + data;
}

/// shape and order as Python writes them: "(2, 3)", descr "<f4".
inline std::string npy(const std::string& descr, const std::string& shape, const std::string& data,
    bool fortran = false, int version = 1)
{
    return npyWithHeader("{'descr': '" + descr
            + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }",
        data, version);
}

/// The values one behind the other as T, in the byte order asked for.
template <typename T> std::string packed(const std::vector<double>& values, bool bigEndian = false)
{
    std::string out;
    for (const double value : values) {
        const auto element = static_cast<T>(value);
        std::string bytes(sizeof element, '\0');
        std::memcpy(bytes.data(), &element, sizeof element);
        out.append(bigEndian ? std::string(bytes.rbegin(), bytes.rend()) : bytes);
    }
    return out;
}

} // namespace embedscope::test
