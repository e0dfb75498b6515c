#pragma once

#include "core/plot/coloring.h"
#include "core/plot/rasterizer.h"

#include <QColor>
#include <vector>

namespace embedscope::ui {

/// What the window's map and the exported picture have in common: which layers of points there are
/// and how each is drawn.

/// By RasterStyle layer number; higher ones lie in front.
enum MapLayer : std::uint8_t
{
    kLayerHidden = kHiddenLayer,
    kLayerBase = 1,
    kLayerHit = 2, ///< Search hits.
    kLayerNeighbor = 3, ///< True neighbours of the current point.
    kLayerSelected = 4,
    kLayerCurrent = 5,
};
inline constexpr std::uint8_t kTopLayer = kLayerCurrent;

/// How far the farthest points of three dimensions fade into the background, and those in front.
inline constexpr double kFog = 0.62;
inline constexpr double kFrontFog = 0.25;

inline QColor toColor(Rgba rgba)
{
    return QColor::fromRgba(rgba);
}

/// The colours of points that step back while others are emphasised.
std::vector<Rgba> dimmedPalette(const std::vector<Rgba>& palette, Theme theme);

/// How a layer is drawn, given the radius of the base layer; all lengths in device pixels.
///
/// palette  the colours of this layer; must outlive the style.
/// scale    device pixels for one device-independent pixel.
RasterStyle layerStyle(std::uint8_t layer, double radiusPx, double opacity, double scale,
    const std::vector<Rgba>& palette, Theme theme);

/// Radius, in the same unit as that of the base layer, at which a layer's discs are drawn.
double layerRadius(std::uint8_t layer, double radius, double scale);

} // namespace embedscope::ui
