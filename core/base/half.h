#pragma once

#include "core/base/index.h"

#include <cstdint>

namespace embedscope {

/// An IEEE 754 binary16 as it lies in memory: 11 significant bits, magnitudes up to 65,504.
struct Half
{
    std::uint16_t bits;

    bool isZero() const { return (bits & 0x7fffU) == 0; }
};

/// Magnitudes from here on are too large for a Half: they round to infinity.
inline constexpr float kHalfOverflow = 65520.0F;

/// `count` values as float32, which holds every one of them exactly. Plain, on the calling thread.
void toFloats(const Half* from, Index count, float* to);

/// `count` values rounded to the nearest, ties to even; magnitudes from kHalfOverflow on become
/// infinite. Plain, on the calling thread.
void toHalves(const float* from, Index count, Half* to);

} // namespace embedscope
