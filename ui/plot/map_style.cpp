#include "ui/plot/map_style.h"

#include "core/plot/palette.h"

#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr double kDimmed = 0.72; ///< How far dimmed colours go towards the background.

} // namespace

std::vector<Rgba> dimmedPalette(const std::vector<Rgba>& palette, Theme theme)
{
    const OkLab ground = toOkLab(backgroundColor(theme));
    std::vector<Rgba> dimmed;
    dimmed.reserve(palette.size());
    for (const Rgba color : palette) {
        const OkLab c = toOkLab(color);
        dimmed.push_back(fromOkLab({c.lightness + kDimmed * (ground.lightness - c.lightness),
            c.a + kDimmed * (ground.a - c.a), c.b + kDimmed * (ground.b - c.b)}));
    }
    return dimmed;
}

double layerRadius(std::uint8_t layer, double radius, double scale)
{
    switch (layer) {
    case kLayerHit:
    case kLayerNeighbor:
    case kLayerSelected:
        return std::max(radius * 1.25, 3.2 * scale);
    case kLayerCurrent:
        return std::max(radius * 1.5, 5.0 * scale);
    default:
        return radius;
    }
}

RasterStyle layerStyle(std::uint8_t layer, double radiusPx, double opacity, double scale,
    const std::vector<Rgba>& palette, Theme theme)
{
    RasterStyle style;
    style.radiusPx = static_cast<float>(layerRadius(layer, radiusPx, scale));
    style.opacity = static_cast<float>(layer > kLayerBase ? 1.0 : opacity);
    style.palette = palette;
    if (layer > kLayerBase) {
        style.haloPx = static_cast<float>(layer == kLayerCurrent ? 2.0 * scale : 1.0 * scale);
        style.haloColor = layer == kLayerCurrent ? foregroundColor(theme) : backgroundColor(theme);
    }
    return style;
}

} // namespace embedscope::ui
