#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/bytes/elements.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace embedscope {

/// The header of a safetensors file, as its README and reference reader lay it down: a JSON object
/// that gives each tensor its type, shape and place.

struct SafetensorsEntry
{
    std::string name;
    std::string dtype; ///< As it stands in the file: "BF16".
    std::optional<ElementType>
        type; ///< nullopt for types of the format that are not read (F4, C64).
    std::vector<std::uint64_t> shape;
    std::uint64_t offset = 0; ///< In the file.
    std::uint64_t bytes = 0;
};

struct SafetensorsHeader
{
    std::vector<SafetensorsEntry> tensors; ///< In the header's order.
    std::vector<std::pair<std::string, std::string>> metadata;
};

/// Reads and checks the header: no name twice, shapes that agree with their bytes, no holes, no
/// overlap, nothing left over, nothing beyond the end. Malformed, Truncated or Unsupported
/// otherwise.
Result<SafetensorsHeader> readSafetensorsHeader(const ByteSource& source);

} // namespace embedscope
