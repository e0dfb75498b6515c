#pragma once

#include <string>
#include <utility>
#include <vector>

namespace embedscope::test {

enum class Packing
{
    None,
    Gzip,
    Bzip2,
    Xz,
    Lzma,
    Zstd
};

using Members = std::vector<std::pair<std::string, std::string>>;

/// The bytes as gzip and the others would write them.
std::string packedBytes(const std::string& bytes, Packing packing);

/// A tar archive of those members (name, bytes), perhaps packed. A name that ends in '/' is a
/// folder, one with " -> " in it a symbolic link.
std::string tarOf(const Members& members, Packing packing = Packing::None);

/// Tables of text in every wrapper, for the fuzz target.
std::vector<std::string> wrappedSamples();

} // namespace embedscope::test
