#pragma once

#include <cstdint>

namespace embedscope {

/// Counts, sizes and loop variables over points or dimensions.
using Index = std::int64_t;

/// A stored point number: rows count from 0, in file order. Tables of more than 2^32 - 2 rows are refused.
using PointId = std::uint32_t;

inline constexpr PointId kNoPoint = 0xffffffffU;

} // namespace embedscope
