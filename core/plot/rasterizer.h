#pragma once

#include "core/base/index.h"
#include "core/plot/coloring.h"
#include "core/plot/depth_order.h"
#include "core/plot/disc_stamp.h"
#include "core/plot/point_cloud.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace embedscope {

/// Where the map lies on the picture, in its own pixels (device pixels): the map's (left, top) is
/// the outer corner of the first pixel.
struct RasterView
{
    double left = 0;
    double top = 0;
    double scale = 1; ///< Pixels for one unit of the map.
};

/// How the points of a layer look. All lengths in the picture's pixels.
struct RasterStyle
{
    float radiusPx = 1; ///< 0.3 to 64.
    float opacity = 1; ///< 0 to 1.
    float haloPx = 0; ///< Width of a ring round each disc that sets it off from what is behind.
    Rgba haloColor = 0;
    std::span<const Rgba>
        palette; ///< For the colour codes; must outlive the call. Taken as opaque.
};

/// What a point is drawn as, by slot: 0 = not at all, else the number of its layer.
using LayerOf = std::vector<std::uint8_t>;
inline constexpr std::uint8_t kHiddenLayer = 0;

/// Draws points as anti-aliased discs into premultiplied ARGB32 pixels, from front to back: what
/// is drawn later lies behind. So a picture can be refined by drawing more points into it, and
/// slices give the same pixels as one call. Points outside are left out, those that reach in from
/// outside are not. Same bytes for any number of threads.
class Rasterizer
{
public:
    /// A transparent picture; widthPx, heightPx at least 1. Throws std::bad_alloc.
    Rasterizer(int widthPx, int heightPx);
    ~Rasterizer();
    Rasterizer(const Rasterizer&) = delete;
    Rasterizer& operator=(const Rasterizer&) = delete;

    int widthPx() const { return m_width; }
    int heightPx() const { return m_height; }
    /// width x height, row by row.
    const std::vector<std::uint32_t>& pixels() const { return m_pixels; }
    void clear();

    /// Draws the slots [begin, end) that belong to `layer`, the first in front.
    ///
    /// codes    colour codes by slot; each below style.palette.size().
    /// layers   by slot, or empty: every slot is drawn.
    /// cost     about 10 ns a point and 1 ns a pixel touched, over the threads.
    void draw(const PointCloud& cloud, std::span<const std::uint16_t> codes,
        std::span<const std::uint8_t> layers, std::uint8_t layer, const RasterView& view,
        const RasterStyle& style, Index begin, Index end);

    /// Draws the points [begin, end) of a cloud seen in depth that belong to `layer`: the nearest
    /// first, in the order they stand in, their radius times cueSize().
    ///
    /// style    its palette holds the colours of every depth, as from foggedPalette().
    void drawSeen(std::span<const SeenPoint> points, std::uint8_t layer, const RasterView& view,
        const RasterStyle& style, Index begin, Index end);

private:
    struct Stamps;
    struct Scratch;

    const Stamps* stampsOf(const RasterStyle& style, double size);
    template <typename Points>
    void drawPoints(const Points& points, const RasterView& view, const RasterStyle& style,
        std::span<const Stamps* const> stampsByStep, Index begin, Index end);

    int m_width;
    int m_height;
    std::vector<std::uint32_t> m_pixels;
    std::unique_ptr<Scratch> m_scratch;
};

/// A radius, in device-independent pixels, at which n points make a readable map on a screen.
double suggestedPointRadius(Index n);

} // namespace embedscope
