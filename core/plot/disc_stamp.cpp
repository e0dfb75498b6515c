#include "core/plot/disc_stamp.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

/// Share of the pixel whose middle is (dx, dy) from the centre that a disc covers. Small discs are
/// sampled, since their edge is far from straight within a pixel; large ones need no such care.
double coverage(double dx, double dy, double radius)
{
    if (radius <= 0)
        return 0;
    const double distance = std::hypot(dx, dy);
    if (distance >= radius + 0.71)
        return 0;
    if (distance <= radius - 0.71)
        return 1;
    if (radius > 6)
        return std::clamp(radius + 0.5 - distance, 0.0, 1.0);
    constexpr int samples = 16;
    int inside = 0;
    for (int j = 0; j < samples; ++j) {
        for (int i = 0; i < samples; ++i) {
            const double x = dx + (i + 0.5) / samples - 0.5;
            const double y = dy + (j + 0.5) / samples - 0.5;
            inside += x * x + y * y <= radius * radius ? 1 : 0;
        }
    }
    return static_cast<double>(inside) / (samples * samples);
}

} // namespace

DiscStamps::DiscStamps(float innerPx, float outerPx, float opacity)
{
    m_reach = std::max(1, static_cast<int>(std::ceil(outerPx + 0.5F - 0.5F / kSubPixels)));
    const int n = size();
    m_weights.resize(static_cast<std::size_t>(kSubPixels * kSubPixels * n * stride()), 0);
    m_spans.reserve(static_cast<std::size_t>(kSubPixels * kSubPixels * (2 * n + 2)));
    std::size_t place = 0;
    for (int subY = 0; subY < kSubPixels; ++subY) {
        for (int subX = 0; subX < kSubPixels; ++subX) {
            const std::size_t rows = m_spans.size();
            int firstRow = n;
            int lastRow = 0;
            m_spans.insert(m_spans.end(), 2, 0);
            for (int row = 0; row < n; ++row) {
                int first = n;
                int last = 0;
                for (int column = 0; column < n; ++column) {
                    const double dx = column - m_reach + 0.5 - (subX + 0.5) / kSubPixels;
                    const double dy = row - m_reach + 0.5 - (subY + 0.5) / kSubPixels;
                    const double share = coverage(dx, dy, outerPx) - coverage(dx, dy, innerPx);
                    const auto weight = static_cast<std::uint8_t>(
                        std::lround(255 * std::clamp(share * opacity, 0.0, 1.0)));
                    m_weights[place++] = weight;
                    if (weight > 0) {
                        first = std::min(first, column);
                        last = column + 1;
                        firstRow = std::min(firstRow, row);
                        lastRow = row + 1;
                    }
                }
                place += kPadding;
                m_spans.push_back(static_cast<std::uint8_t>(first));
                m_spans.push_back(static_cast<std::uint8_t>(last));
            }
            m_spans[rows] = static_cast<std::uint8_t>(firstRow);
            m_spans[rows + 1] = static_cast<std::uint8_t>(lastRow);
        }
    }
}

} // namespace embedscope
