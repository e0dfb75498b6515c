#include "core/plot/rasterizer.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace embedscope {

namespace {

constexpr int kBandRows = 32; ///< A band of the picture stays in the cache while it is drawn.
constexpr Index kBlock = 8192; ///< Points sorted into bands at a time.
constexpr Index kSlice = 262144; ///< Points sorted before they are drawn.
constexpr int kSub = DiscStamps::kSubPixels;

/// A point on the picture. Places are in quarter pixels, so that they fit with the colour into
/// eight bytes.
struct Spot
{
    std::int32_t x;
    std::int16_t y; ///< From the top of its band.
    std::uint16_t code;
};

/// The spots of a block of points, sorted by band; within one, in drawing order.
struct SortedBlock
{
    std::vector<Spot> spots;
    std::vector<std::uint32_t> bandStart; ///< Bands + 1 offsets into spots.
};

/// Puts `color` behind `pixel` with a weight of 0 to 255. Two channels at a time; the division
/// by 255 is exact rounding (Blinn 1994).
inline std::uint32_t behind(std::uint32_t pixel, std::uint32_t color, std::uint32_t weight)
{
    std::uint32_t w = (255U - (pixel >> 24U)) * weight + 128U;
    w = (w + (w >> 8U)) >> 8U;
    std::uint32_t rb = (color & 0x00ff00ffU) * w + 0x00800080U;
    rb = ((rb + ((rb >> 8U) & 0x00ff00ffU)) >> 8U) & 0x00ff00ffU;
    std::uint32_t ag = ((color >> 8U) & 0x00ff00ffU) * w + 0x00800080U;
    ag = (ag + ((ag >> 8U) & 0x00ff00ffU)) & 0xff00ff00U;
    return pixel + (rb | ag);
}

/// The part of the picture a band's drawing may touch.
struct BandPixels
{
    std::uint32_t* pixels; ///< First pixel of the band.
    int width;
    int rows;
};

void stampSpot(const BandPixels& band, const DiscStamps& stamps, const Spot& spot, Rgba color)
{
    const int column0 = (spot.x >> 2) - stamps.reach();
    const int row0 = (spot.y >> 2) - stamps.reach();
    const std::uint8_t* weights = stamps.weights(spot.x & 3, spot.y & 3);
    const int n = stamps.size();
    const int firstRow = std::max(0, -row0);
    const int lastRow = std::min(n, band.rows - row0);
    for (int row = firstRow; row < lastRow; ++row) {
        const int first = std::max(stamps.firstColumn(row), -column0);
        const int last = std::min(stamps.lastColumn(row), band.width - column0);
        const std::uint8_t* weight = weights + row * n;
        std::uint32_t* line = band.pixels + static_cast<std::ptrdiff_t>(row0 + row) * band.width;
        for (int column = first; column < last; ++column) {
            std::uint32_t& pixel = line[column0 + column];
            // A full pixel takes nothing more, whatever is behind it.
            if (pixel < 0xff000000U)
                pixel = behind(pixel, color, weight[column]);
        }
    }
}

} // namespace

struct Rasterizer::Scratch
{
    std::vector<SortedBlock> blocks;
    std::optional<DiscStamps> disc;
    std::optional<DiscStamps> halo;
    float radiusPx = -1;
    float opacity = -1;
    float haloPx = -1;
};

Rasterizer::Rasterizer(int widthPx, int heightPx)
    : m_width(std::max(1, widthPx))
    , m_height(std::max(1, heightPx))
    , m_pixels(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height), 0)
    , m_scratch(std::make_unique<Scratch>())
{
}

Rasterizer::~Rasterizer() = default;

void Rasterizer::clear()
{
    std::fill(m_pixels.begin(), m_pixels.end(), 0);
}

void Rasterizer::prepare(const RasterStyle& style)
{
    Scratch& s = *m_scratch;
    const float radius = std::clamp(style.radiusPx, 0.3F, 64.0F);
    const float halo = std::clamp(style.haloPx, 0.0F, 16.0F);
    if (s.disc && s.radiusPx == radius && s.opacity == style.opacity && s.haloPx == halo)
        return;
    s.disc.emplace(0.0F, radius, style.opacity);
    s.halo.reset();
    // The ring's inner edge runs under the disc's soft edge, or what is behind would shine through.
    if (halo > 0)
        s.halo.emplace(std::max(0.0F, radius - 1), radius + halo, 1.0F);
    s.radiusPx = radius;
    s.opacity = style.opacity;
    s.haloPx = halo;
}

void Rasterizer::draw(const PointCloud& cloud, std::span<const std::uint16_t> codes,
    std::span<const std::uint8_t> layers, std::uint8_t layer, const RasterView& view,
    const RasterStyle& style, Index begin, Index end)
{
    prepare(style);
    const Scratch& scratch = *m_scratch;
    const DiscStamps& disc = *scratch.disc;
    const int reach = scratch.halo ? scratch.halo->reach() : disc.reach();
    const int bands = (m_height + kBandRows - 1) / kBandRows;

    // Sorts a block of points by the bands they touch; one that touches several stands in each.
    const auto sortBlock = [&](SortedBlock& out, Index from, Index to) {
        std::array<std::int32_t, kBlock> xs; // NOLINT: filled below as far as it is read
        std::array<std::int32_t, kBlock> ys; // NOLINT
        std::array<std::uint32_t, kBlock> slots; // NOLINT
        std::size_t kept = 0;
        out.bandStart.assign(static_cast<std::size_t>(bands) + 1, 0);
        const double lowX = -reach - 1.0;
        const double lowY = -reach - 1.0;
        const double highX = m_width + reach + 1.0;
        const double highY = m_height + reach + 1.0;
        for (Index i = from; i < to; ++i) {
            const auto slot = static_cast<std::size_t>(i);
            if (!layers.empty() && layers[slot] != layer)
                continue;
            const double x = (static_cast<double>(cloud.x[slot]) - view.left) * view.scale;
            const double y = (view.top - static_cast<double>(cloud.y[slot])) * view.scale;
            if (!(x > lowX && x < highX && y > lowY && y < highY))
                continue;
            // Shifted to be positive, where the conversion's truncation is a floor.
            xs[kept] = static_cast<std::int32_t>((x - lowX) * kSub)
                + static_cast<std::int32_t>(lowX) * kSub;
            const std::int32_t qy = static_cast<std::int32_t>((y - lowY) * kSub)
                + static_cast<std::int32_t>(lowY) * kSub;
            const int row = qy >> 2;
            if (row + reach < 0 || row - reach >= m_height)
                continue;
            const int firstBand = std::max(0, row - reach) / kBandRows;
            const int lastBand = std::min(m_height - 1, row + reach) / kBandRows;
            ys[kept] = qy;
            slots[kept] = static_cast<std::uint32_t>(slot);
            ++kept;
            for (int b = firstBand; b <= lastBand; ++b)
                ++out.bandStart[static_cast<std::size_t>(b) + 1];
        }
        for (std::size_t b = 0; b < static_cast<std::size_t>(bands); ++b)
            out.bandStart[b + 1] += out.bandStart[b];
        out.spots.resize(out.bandStart.back());
        // bandStart[b] is moved on while filling, and so ends up as the start of band b + 1.
        for (std::size_t k = 0; k < kept; ++k) {
            const int row = ys[k] >> 2;
            const int firstBand = std::max(0, row - reach) / kBandRows;
            const int lastBand = std::min(m_height - 1, row + reach) / kBandRows;
            for (int b = firstBand; b <= lastBand; ++b) {
                out.spots[out.bandStart[static_cast<std::size_t>(b)]++] = {xs[k],
                    static_cast<std::int16_t>(ys[k] - b * kBandRows * kSub), codes[slots[k]]};
            }
        }
        for (std::size_t b = static_cast<std::size_t>(bands); b > 0; --b)
            out.bandStart[b] = out.bandStart[b - 1];
        out.bandStart[0] = 0;
    };

    const Rgba haloColor = style.haloColor | 0xff000000U;
    for (Index sliceBegin = begin; sliceBegin < end; sliceBegin += kSlice) {
        const Index count = std::min(kSlice, end - sliceBegin);
        std::vector<SortedBlock>& blocks = m_scratch->blocks;
        const auto blocksNow = static_cast<std::size_t>(blockCount(count, kBlock));
        if (blocks.size() < blocksNow)
            blocks.resize(blocksNow);
        parallelBlocks(count, kBlock, [&](Index block, Index from, Index to) {
            sortBlock(blocks[static_cast<std::size_t>(block)], sliceBegin + from, sliceBegin + to);
        });
        parallelBlocks(bands, 1, [&](Index b, Index, Index) {
            const int firstRow = static_cast<int>(b) * kBandRows;
            const BandPixels band
                = {m_pixels.data() + static_cast<std::ptrdiff_t>(firstRow) * m_width, m_width,
                    std::min(kBandRows, m_height - firstRow)};
            const auto place = static_cast<std::size_t>(b);
            for (std::size_t k = 0; k < blocksNow; ++k) {
                const SortedBlock& block = blocks[k];
                for (std::uint32_t i = block.bandStart[place]; i < block.bandStart[place + 1];
                     ++i) {
                    const Spot& spot = block.spots[i];
                    stampSpot(band, disc, spot, style.palette[spot.code] | 0xff000000U);
                    if (scratch.halo)
                        stampSpot(band, *scratch.halo, spot, haloColor);
                }
            }
        });
    }
}

double suggestedPointRadius(Index n)
{
    const double radius = 4.0 * std::pow(1000.0 / static_cast<double>(std::max<Index>(n, 1)), 0.18);
    return std::clamp(radius, 0.8, 4.5);
}

} // namespace embedscope
