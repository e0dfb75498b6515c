#include "core/plot/rasterizer.h"

#include "core/base/parallel.h"
#include "core/plot/depth_cue.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
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
    std::int32_t xAndStep; ///< The step of its size is the lowest byte.
    std::int16_t y; ///< From the top of its band.
    std::uint16_t color;

    std::int32_t x() const { return xAndStep >> 8; }
    std::size_t step() const { return static_cast<std::size_t>(xAndStep & 255); }
};

/// Points of the plane, all of one size.
struct FlatPoints
{
    const PointCloud& cloud;
    std::span<const std::uint16_t> codes;
    std::span<const std::uint8_t> layers;
    std::uint8_t layer;

    bool isDrawn(std::size_t i) const { return layers.empty() || layers[i] == layer; }
    double x(std::size_t i) const { return cloud.x[i]; }
    double y(std::size_t i) const { return cloud.y[i]; }
    std::uint16_t color(std::size_t i) const { return codes[i]; }
    static std::int32_t step(std::size_t) { return 0; }
};

/// Points in depth: two steps of colour for one of size.
struct DeepPoints
{
    std::span<const SeenPoint> points;
    std::size_t colors; ///< Of one depth.
    std::uint8_t layer;

    bool isDrawn(std::size_t i) const { return points[i].layer == layer; }
    double x(std::size_t i) const { return points[i].x; }
    double y(std::size_t i) const { return points[i].y; }
    std::uint16_t color(std::size_t i) const
    {
        return static_cast<std::uint16_t>(points[i].cue * colors + points[i].code);
    }
    std::int32_t step(std::size_t i) const { return points[i].cue / 2; }
};

/// The spots of a block of points, sorted by band; within one, in drawing order.
struct SortedBlock
{
    std::vector<Spot> spots;
    std::vector<std::uint32_t> bandStart; ///< Bands + 1 offsets into spots.
};

/// x / 255, rounded, for x up to 255 * 255 (Blinn 1994).
inline std::uint32_t divideBy255(std::uint32_t x)
{
    x += 128U;
    return (x + (x >> 8U)) >> 8U;
}

/// Puts the opaque `color` behind `pixel` with a weight of 0 to 255.
inline std::uint32_t behind(std::uint32_t pixel, Rgba color, std::uint32_t weight)
{
    const std::uint32_t w = divideBy255((255U - (pixel >> 24U)) * weight);
    std::uint32_t sum = 0;
    for (unsigned shift = 0; shift < 32; shift += 8)
        sum |= ((pixel >> shift & 255U) + divideBy255((color >> shift & 255U) * w)) << shift;
    return sum;
}

/// Vectors of 128 bits as both compilers know them: every processor of the baseline has them, and a
/// small disc is hardly wider than four pixels.
using Bytes = std::uint8_t __attribute__((vector_size(16)));
using Words = std::uint16_t __attribute__((vector_size(16)));
using Pixels = std::uint32_t __attribute__((vector_size(16)));

template <typename To, typename From> To asVector(const From& from)
{
    return std::bit_cast<To>(from);
}

inline Bytes lowHalves(Bytes a, Bytes b)
{
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

inline Bytes highHalves(Bytes a, Bytes b)
{
    return __builtin_shufflevector(
        a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

inline Words divideBy255(Words x)
{
    x += 128;
    return (x + (x >> 8)) >> 8;
}

/// The channels of a colour as words, twice.
inline Words channelsOf(Rgba color)
{
    const Pixels four = {color, color, color, color};
    return asVector<Words>(lowHalves(asVector<Bytes>(four), Bytes{}));
}

/// behind() for four pixels in a row: the same bytes.
inline void fourBehind(std::uint32_t* pixels, Words color, const std::uint8_t* weights)
{
    Pixels before;
    std::memcpy(&before, pixels, sizeof before);
    std::uint32_t fourWeights = 0;
    std::memcpy(&fourWeights, weights, sizeof fourWeights);
    // Each weight, and what each pixel still lets through, once for each channel.
    const Pixels loaded = {fourWeights, 0, 0, 0};
    Bytes w = asVector<Bytes>(loaded);
    w = lowHalves(w, w);
    w = lowHalves(w, w);
    Pixels open = ~before >> 24;
    open |= open << 16;
    const Words openLow = asVector<Words>(Pixels(__builtin_shufflevector(open, open, 0, 0, 1, 1)));
    const Words openHigh = asVector<Words>(Pixels(__builtin_shufflevector(open, open, 2, 2, 3, 3)));
    const Bytes zero = {};
    const Bytes bytes = asVector<Bytes>(before);
    const Words low = asVector<Words>(lowHalves(bytes, zero))
        + divideBy255(color * divideBy255(asVector<Words>(lowHalves(w, zero)) * openLow));
    const Words high = asVector<Words>(highHalves(bytes, zero))
        + divideBy255(color * divideBy255(asVector<Words>(highHalves(w, zero)) * openHigh));
    const Bytes packed = __builtin_shufflevector(asVector<Bytes>(low), asVector<Bytes>(high), 0, 2,
        4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    std::memcpy(pixels, &packed, sizeof packed);
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
    const int column0 = (spot.x() >> 2) - stamps.reach();
    const int row0 = (spot.y >> 2) - stamps.reach();
    const DiscStamps::View stamp = stamps.at(spot.x() & 3, spot.y & 3);
    const int firstRow = std::max(stamp.firstRow, -row0);
    const int lastRow = std::min(stamp.lastRow, band.rows - row0);
    if (column0 >= 0 && column0 + stamps.stride() <= band.width) {
        const Words channels = channelsOf(color);
        for (int row = firstRow; row < lastRow; ++row) {
            const std::uint8_t* weight = stamp.weights + row * stamps.stride();
            std::uint32_t* line
                = band.pixels + static_cast<std::ptrdiff_t>(row0 + row) * band.width + column0;
            for (int column = stamp.spans[2 * row]; column < stamp.spans[2 * row + 1]; column += 4)
                fourBehind(line + column, channels, weight + column);
        }
        return;
    }
    // At the sides of the picture, pixel by pixel.
    for (int row = firstRow; row < lastRow; ++row) {
        const int first = std::max<int>(stamp.spans[2 * row], -column0);
        const int last = std::min<int>(stamp.spans[2 * row + 1], band.width - column0);
        const std::uint8_t* weight = stamp.weights + row * stamps.stride();
        std::uint32_t* line = band.pixels + static_cast<std::ptrdiff_t>(row0 + row) * band.width;
        for (int column = first; column < last; ++column)
            line[column0 + column] = behind(line[column0 + column], color, weight[column]);
    }
}

} // namespace

/// The discs of one radius.
struct Rasterizer::Stamps
{
    float radiusPx;
    float opacity;
    float haloPx;
    DiscStamps disc;
    std::optional<DiscStamps> halo;

    int reach() const { return halo ? halo->reach() : disc.reach(); }
};

struct Rasterizer::Scratch
{
    std::vector<SortedBlock> blocks;
    std::vector<std::unique_ptr<const Stamps>> stamps; ///< Made before.

    /// Before a picture's stamps are asked for: as points grow and shrink, ever more would be kept.
    void forgetOld()
    {
        constexpr std::size_t most = 8 * kCueLevels / 2;
        if (stamps.size() > most)
            stamps.clear();
    }
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

const Rasterizer::Stamps* Rasterizer::stampsOf(const RasterStyle& style, double size)
{
    const float radius = std::clamp(style.radiusPx * static_cast<float>(size), 0.3F, 64.0F);
    const float halo = std::clamp(style.haloPx, 0.0F, 16.0F);
    auto& known = m_scratch->stamps;
    for (const auto& stamps : known) {
        if (stamps->radiusPx == radius && stamps->opacity == style.opacity
            && stamps->haloPx == halo)
            return stamps.get();
    }
    auto stamps = std::make_unique<Stamps>(
        Stamps{radius, style.opacity, halo, DiscStamps(0.0F, radius, style.opacity), std::nullopt});
    // The ring's inner edge runs under the disc's soft edge, or what is behind would shine through.
    if (halo > 0)
        stamps->halo.emplace(std::max(0.0F, radius - 1), radius + halo, 1.0F);
    known.push_back(std::move(stamps));
    return known.back().get();
}

void Rasterizer::draw(const PointCloud& cloud, std::span<const std::uint16_t> codes,
    std::span<const std::uint8_t> layers, std::uint8_t layer, const RasterView& view,
    const RasterStyle& style, Index begin, Index end)
{
    m_scratch->forgetOld();
    const std::array<const Stamps*, 1> stamps = {stampsOf(style, 1)};
    drawPoints(FlatPoints{cloud, codes, layers, layer}, view, style, stamps, begin, end);
}

void Rasterizer::drawSeen(std::span<const SeenPoint> points, std::uint8_t layer,
    const RasterView& view, const RasterStyle& style, Index begin, Index end)
{
    m_scratch->forgetOld();
    std::array<const Stamps*, kCueLevels / 2> stamps{};
    for (int step = 0; step < kCueLevels / 2; ++step)
        stamps[static_cast<std::size_t>(step)] = stampsOf(style, cueSize(2 * step));
    drawPoints(DeepPoints{points, style.palette.size() / kCueLevels, layer}, view, style, stamps,
        begin, end);
}

template <typename Points>
void Rasterizer::drawPoints(const Points& points, const RasterView& view, const RasterStyle& style,
    std::span<const Stamps* const> stampsByStep, Index begin, Index end)
{
    int reach = 0;
    for (const Stamps* stamps : stampsByStep)
        reach = std::max(reach, stamps->reach());
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
            if (!points.isDrawn(slot))
                continue;
            const double x = (points.x(slot) - view.left) * view.scale;
            const double y = (view.top - points.y(slot)) * view.scale;
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
                out.spots[out.bandStart[static_cast<std::size_t>(b)]++]
                    = {xs[k] * 256 + points.step(slots[k]),
                        static_cast<std::int16_t>(ys[k] - b * kBandRows * kSub),
                        points.color(slots[k])};
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
                    const Stamps& stamps = *stampsByStep[spot.step()];
                    stampSpot(band, stamps.disc, spot, style.palette[spot.color] | 0xff000000U);
                    if (stamps.halo)
                        stampSpot(band, *stamps.halo, spot, haloColor);
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
