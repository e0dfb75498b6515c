#pragma once

#include "core/plot/coloring.h"

#include <vector>

namespace embedscope {

/// The colours of the map. Categories, gradient and greys are made here and nowhere else; every
/// colour keeps a distance from the map's background, in the light and in the dark theme.

/// A colour in OKLab (Ottosson 2020): lightness 0 to 1, then green-red and blue-yellow. Equal steps
/// look about equal.
struct OkLab
{
    double lightness = 0;
    double a = 0;
    double b = 0;
};

OkLab toOkLab(Rgba color);
/// Chroma is reduced, at the same lightness and hue, until the colour can be shown in sRGB.
Rgba fromOkLab(const OkLab& color);
double colorDistance(const OkLab& a, const OkLab& b);

enum class ColorVision
{
    Normal,
    Protanopia, ///< Without the long-wave cones.
    Deuteranopia, ///< Without the middle-wave cones.
};

/// The colour as somebody with that vision sees it (Machado, Oliveira and Fernandes 2009,
/// severity 1).
Rgba simulateVision(Rgba color, ColorVision vision);

/// WCAG 2 contrast ratio, 1 to 21.
double contrastRatio(Rgba a, Rgba b);

/// Colours that categories get before the rest is put together.
inline constexpr int kMaxCategoryColors = 48;

/// kMaxCategoryColors colours. The first eight are those of Okabe and Ito (2008), with black and
/// yellow moved where the background would swallow them; the others are the ones farthest from all
/// before them, to normal and to colour-blind eyes.
const std::vector<Rgba>& categoryPalette(Theme theme);

/// The perceptually uniform gradient at t in [0, 1]: from dark violet through teal to yellow, its
/// lightness always rising.
Rgba gradientColor(double t, Theme theme);

Rgba backgroundColor(Theme theme); ///< Of the map.
Rgba foregroundColor(Theme theme); ///< Text on it.
Rgba plainColor(Theme theme); ///< Points where nothing colours them.
Rgba missingColor(Theme theme); ///< Points without a value.
Rgba otherColor(Theme theme); ///< Points of the categories beyond the palette.
Rgba tornColor(Theme theme); ///< Lines to neighbours that a map tore away.
Rgba falseColor(Theme theme); ///< Marks on points that are neighbours on the map alone.

} // namespace embedscope
