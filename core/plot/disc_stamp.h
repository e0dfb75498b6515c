#pragma once

#include <cstdint>
#include <vector>

namespace embedscope {

/// Pre-rendered coverage of an anti-aliased disc, for each of kSubPixels x kSubPixels places of its
/// centre within a pixel: drawing a point then is a copy with weights.
class DiscStamps
{
public:
    static constexpr int kSubPixels = 4;

    /// The pixels outerPx around the centre without those innerPx around it (0 = a full disc).
    /// opacity scales every weight.
    DiscStamps(float innerPx, float outerPx, float opacity);

    /// Pixels in each direction from the centre's own that the stamp reaches.
    int reach() const { return m_reach; }
    int size() const { return 2 * m_reach + 1; }
    /// size() x size() weights, 0 to 255, row by row, for the centre at
    /// ((subX + 0.5) / kSubPixels, (subY + 0.5) / kSubPixels) within its pixel.
    const std::uint8_t* weights(int subX, int subY) const
    {
        return m_weights.data()
            + static_cast<std::size_t>(subY * kSubPixels + subX)
            * static_cast<std::size_t>(size() * size());
    }
    /// The columns of a row that have any weight: [first, last), the same for every place.
    int firstColumn(int row) const { return m_spans[static_cast<std::size_t>(2 * row)]; }
    int lastColumn(int row) const { return m_spans[static_cast<std::size_t>(2 * row) + 1]; }

private:
    int m_reach = 0;
    std::vector<std::uint8_t> m_weights;
    std::vector<int> m_spans;
};

} // namespace embedscope
