#pragma once

#include "core/base/index.h"
#include "core/data/columns.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// 0xAARRGGBB, not premultiplied.
using Rgba = std::uint32_t;

enum class Theme
{
    Light,
    Dark
};

/// How a column is to be shown: as it is, or against its kind.
enum class ColorMode
{
    Auto, ///< Numbers by gradient, everything else by category.
    Categories,
    Gradient,
};

/// A row of the legend.
struct LegendEntry
{
    std::string name; ///< Empty for the missing values.
    Rgba color = 0;
    Index count = 0;
    std::uint16_t code = 0; ///< As in Coloring::codes.
    bool isMissing = false;
};

/// Colours for the n points, as a small code each and a palette: 2 bytes a point.
struct Coloring
{
    std::vector<std::uint16_t> codes; ///< n long; index into palette.
    std::vector<Rgba> palette;
    /// By category: one entry for each, most frequent first, the missing values last. A column of
    /// more categories than the palette holds puts the rarest together under "other". By gradient:
    /// only the missing values, where there are any.
    std::vector<LegendEntry> legend;
    bool isGradient = false;
    double minimum = 0; ///< Of the gradient's scale.
    double maximum = 0;
    std::uint16_t missingCode = 0xffff; ///< 0xffff where nothing is missing.
};

/// All points in one colour.
Coloring plainColoring(Index n, Theme theme);

/// Colours by a column. Categories get a colour-blind-safe palette (Okabe and Ito, then further
/// hues at other lightnesses), numbers a perceptually uniform gradient over [minimum, maximum] of
/// the finite values, missing values a colour of their own. Image columns give plainColoring().
Coloring colorByColumn(const Column& column, ColorMode mode, Theme theme);

/// n colours of the gradient from low to high, for the scale in the legend.
std::vector<Rgba> gradientRamp(int n, Theme theme);

} // namespace embedscope
