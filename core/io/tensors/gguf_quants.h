#pragma once

#include "core/base/index.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace embedscope {

/// The number types of GGUF. Quantised ones store blocks: a few scales and small whole numbers, for
/// 32 or 256 values at a time.
struct GgufType
{
    std::uint32_t id;
    std::string_view name; ///< "Q4_K"
    std::uint32_t blockValues; ///< Values of a block.
    std::uint32_t blockBytes; ///< Bytes of a block.
    /// One block as float32; null for types that are listed but not read.
    void (*decode)(const std::uint8_t* block, float* out);
};

/// nullptr for an unknown number.
const GgufType* ggufType(std::uint32_t id);
std::span<const GgufType> ggufTypes();

} // namespace embedscope
