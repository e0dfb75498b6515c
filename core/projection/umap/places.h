#pragma once

#include "core/base/index.h"

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <vector>

namespace embedscope {

/// Places of n points where all coordinates of a point lie together, because a method looks at
/// points in any order: a 64-bit word for x and y, in space a second one for z.
class Places
{
public:
    Places() = default;
    /// All points at the origin.
    Places(Index n, int dimensions)
        : m_words(static_cast<std::size_t>(n) * (dimensions == 2 ? 1 : 2))
        , m_size(n)
        , m_dimensions(dimensions)
    {
        assert(dimensions == 2 || dimensions == 3);
    }

    Index size() const { return m_size; }
    int dimensions() const { return m_dimensions; }
    const std::uint64_t* words() const { return m_words.data(); }

    /// x, y and z; z is 0 in the plane.
    std::array<float, 3> get(Index i) const
    {
        const std::uint64_t* word = m_words.data() + i * wordsPerPoint();
        const auto xy = std::bit_cast<std::array<float, 2>>(word[0]);
        if (m_dimensions == 2)
            return {xy[0], xy[1], 0};
        return {xy[0], xy[1], std::bit_cast<std::array<float, 2>>(word[1])[0]};
    }
    void set(Index i, const std::array<float, 3>& place)
    {
        std::uint64_t* word = m_words.data() + i * wordsPerPoint();
        word[0] = std::bit_cast<std::uint64_t>(std::array{place[0], place[1]});
        if (m_dimensions == 3)
            word[1] = std::bit_cast<std::uint64_t>(std::array{place[2], 0.0F});
    }

private:
    Index wordsPerPoint() const { return m_dimensions == 2 ? 1 : 2; }

    std::vector<std::uint64_t> m_words;
    Index m_size = 0;
    int m_dimensions = 2;
};

} // namespace embedscope
