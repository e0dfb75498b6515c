#pragma once

#include "core/base/index.h"

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace embedscope {

/// Portable random numbers: the same seed gives the same numbers with every standard library
/// (std::mt19937_64 is fixed by the standard, its distributions are not; ours are).
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_engine(seed) {}

    std::uint64_t next() { return m_engine(); }
    /// Uniform in [0, 1), 53 bits.
    double uniform() { return static_cast<double>(m_engine() >> 11U) * 0x1.0p-53; }
    /// Uniform in [0, bound); bound >= 1. Without modulo bias (Lemire 2019).
    std::uint64_t below(std::uint64_t bound);
    /// Standard normal (Marsaglia's polar method).
    double normal();
    /// Fisher-Yates.
    template <typename T> void shuffle(std::vector<T>& items)
    {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[below(i)]);
    }
    /// `count` different numbers of [0, n), ascending; all of them when count >= n.
    std::vector<PointId> sample(Index n, Index count);

private:
    std::mt19937_64 m_engine;
    double m_spare = 0;
    bool m_hasSpare = false;
};

} // namespace embedscope
