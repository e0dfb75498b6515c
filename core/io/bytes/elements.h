#pragma once

#include "core/base/index.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace embedscope {

/// The number types that files store, and how they become float32. Every 16- and 8-bit float is a
/// float32 exactly; integers and float64 are rounded to the nearest.
enum class ElementType
{
    Bool,
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float16, ///< IEEE 754 binary16.
    BFloat16, ///< The upper half of a float32.
    Float32,
    Float64,
    Float8E4M3, ///< OCP 8-bit: bias 7, no infinity, NaN is 0x7f and 0xff.
    Float8E5M2, ///< OCP 8-bit: the upper half of a binary16.
    Float8E8M0, ///< OCP scale: a power of two, 2^(bits - 127); 0xff is NaN.
    Float8E4M3Fnuz, ///< Bias 8, no infinity, no negative zero: 0x80 is NaN.
    Float8E5M2Fnuz, ///< Bias 16, the same.
};

/// Bytes of one element: 1 to 8.
std::size_t elementBytes(ElementType type);

/// "float32", "bfloat16", "float8_e4m3": as they stand in provenance and messages.
std::string_view elementName(ElementType type);

/// `count` elements at `bytes` (no alignment needed) as float32. Plain, on the calling thread.
void toFloats(ElementType type, bool isBigEndian, const std::byte* bytes, Index count, float* out);

/// The same as float64: every integer up to 2^53 and every float64 exactly.
void toDoubles(
    ElementType type, bool isBigEndian, const std::byte* bytes, Index count, double* out);

/// True where the bytes are float32 in this machine's order, so that they need no conversion.
bool isStoredAsFloat(ElementType type, bool isBigEndian);

} // namespace embedscope
