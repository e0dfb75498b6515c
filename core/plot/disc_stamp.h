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
    static constexpr int kPadding = 4; ///< So that weights can be read four at a time.

    /// The pixels outerPx around the centre without those innerPx around it (0 = a full disc).
    /// opacity scales every weight.
    DiscStamps(float innerPx, float outerPx, float opacity);

    /// Pixels in each direction from the centre's own that the stamp reaches.
    int reach() const { return m_reach; }
    int size() const { return 2 * m_reach + 1; }
    int stride() const { return size() + kPadding; }
    /// The stamp for a centre at ((subX + 0.5) / kSubPixels, (subY + 0.5) / kSubPixels) within its
    /// pixel.
    struct View
    {
        /// size() rows of size() weights, 0 to 255, each row followed by kPadding zeros.
        const std::uint8_t* weights;
        const std::uint8_t* spans; ///< For each row the columns [first, last) that have any weight.
        int firstRow; ///< The rows [firstRow, lastRow) have any weight.
        int lastRow;
    };
    View at(int subX, int subY) const
    {
        const auto place = static_cast<std::size_t>(subY * kSubPixels + subX);
        const auto n = static_cast<std::size_t>(size());
        const std::uint8_t* spans = m_spans.data() + place * (2 * n + 2);
        return {m_weights.data() + place * n * (n + kPadding), spans + 2, spans[0], spans[1]};
    }

private:
    int m_reach = 0;
    std::vector<std::uint8_t> m_weights;
    std::vector<std::uint8_t> m_spans; ///< For each place: first and last row, then the columns.
};

} // namespace embedscope
