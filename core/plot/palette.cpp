#include "core/plot/palette.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace embedscope {

namespace {

constexpr double kPi = 3.14159265358979323846;

struct LinearRgb
{
    double r = 0, g = 0, b = 0;
};

double toLinear(unsigned byte)
{
    const double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

unsigned toByte(double linear)
{
    const double c = std::clamp(linear, 0.0, 1.0);
    const double encoded = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
    return static_cast<unsigned>(std::lround(encoded * 255));
}

LinearRgb toLinearRgb(Rgba color)
{
    return {toLinear(color >> 16U & 255U), toLinear(color >> 8U & 255U), toLinear(color & 255U)};
}

Rgba toRgba(const LinearRgb& c)
{
    return 0xff000000U | toByte(c.r) << 16U | toByte(c.g) << 8U | toByte(c.b);
}

LinearRgb linearOf(const OkLab& c)
{
    const double l = std::pow(c.lightness + 0.3963377774 * c.a + 0.2158037573 * c.b, 3);
    const double m = std::pow(c.lightness - 0.1055613458 * c.a - 0.0638541728 * c.b, 3);
    const double s = std::pow(c.lightness - 0.0894841775 * c.a - 1.2914855480 * c.b, 3);
    return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

bool isInGamut(const LinearRgb& c)
{
    constexpr double slack = 1e-4;
    const auto inside = [](double v) { return v >= -slack && v <= 1 + slack; };
    return inside(c.r) && inside(c.g) && inside(c.b);
}

double luminance(Rgba color)
{
    const LinearRgb c = toLinearRgb(color);
    return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
}

OkLab fromPolar(double lightness, double chroma, double hueDegrees)
{
    const double hue = hueDegrees * kPi / 180;
    return {lightness, chroma * std::cos(hue), chroma * std::sin(hue)};
}

/// A colour as the three kinds of eyes see it.
using Seen = std::array<OkLab, 3>;

Seen seen(Rgba color)
{
    return {toOkLab(color), toOkLab(simulateVision(color, ColorVision::Protanopia)),
        toOkLab(simulateVision(color, ColorVision::Deuteranopia))};
}

/// Distance for choosing colours: that of normal eyes, held down where colour-blind eyes see less.
double seenDistance(const Seen& a, const Seen& b)
{
    const double blind = std::min(colorDistance(a[1], b[1]), colorDistance(a[2], b[2]));
    return std::min(colorDistance(a[0], b[0]), 2.5 * blind);
}

std::vector<Rgba> makeCategoryPalette(Theme theme)
{
    const bool isLight = theme == Theme::Light;
    std::vector<Rgba> palette = {0xff0072b2, 0xffe69f00, 0xff009e73, 0xffd55e00, 0xffcc79a7,
        0xff56b4e9, isLight ? 0xff222222 : 0xfff2f2f2, isLight ? 0xffd9cc1f : 0xfff0e442};

    std::vector<std::pair<Rgba, Seen>> candidates;
    const Rgba background = backgroundColor(theme);
    for (int step = 0; step < 11; ++step) {
        const double lightness = 0.36 + 0.05 * step;
        for (const double chroma : {0.06, 0.11, 0.17, 0.23}) {
            for (int hue = 0; hue < 360; hue += 12) {
                const Rgba color = fromOkLab(fromPolar(lightness, chroma, hue));
                if (contrastRatio(color, background) >= (isLight ? 1.9 : 2.2))
                    candidates.emplace_back(color, seen(color));
            }
        }
    }
    // The greys that mean "other" and "missing" must stay apart as well.
    std::vector<Rgba> taken = palette;
    taken.insert(taken.end(), {missingColor(theme), otherColor(theme)});
    std::vector<double> nearest(candidates.size(), std::numeric_limits<double>::max());
    const auto keepAwayFrom = [&](Rgba color) {
        const Seen other = seen(color);
        for (std::size_t i = 0; i < candidates.size(); ++i)
            nearest[i] = std::min(nearest[i], seenDistance(candidates[i].second, other));
    };
    for (const Rgba color : taken)
        keepAwayFrom(color);
    while (palette.size() < kMaxCategoryColors) {
        const auto best = std::max_element(nearest.begin(), nearest.end());
        palette.push_back(candidates[static_cast<std::size_t>(best - nearest.begin())].first);
        keepAwayFrom(palette.back());
    }
    return palette;
}

constexpr int kGradientSamples = 1024;

/// The gradient's colours at equal steps along its path through OKLab.
std::vector<Rgba> makeGradient(Theme theme)
{
    const bool isLight = theme == Theme::Light;
    const double low = isLight ? 0.30 : 0.42;
    const double high = isLight ? 0.82 : 0.93;
    // Hue runs against the clock from violet to yellow; chroma dips at teal, where sRGB is narrow.
    constexpr std::array<double, 6> hues = {305, 272, 230, 190, 150, 105};
    constexpr std::array<double, 6> chromas = {0.16, 0.145, 0.10, 0.105, 0.15, 0.165};
    const auto at = [&](double t) {
        const double position = t * (hues.size() - 1);
        const auto i = std::min<std::size_t>(static_cast<std::size_t>(position), hues.size() - 2);
        const double f = position - static_cast<double>(i);
        return toOkLab(fromOkLab(
            fromPolar(low + (high - low) * t, chromas[i] + f * (chromas[i + 1] - chromas[i]),
                hues[i] + f * (hues[i + 1] - hues[i]))));
    };
    constexpr int fine = 4096;
    std::vector<OkLab> path;
    std::vector<double> length = {0};
    for (int i = 0; i <= fine; ++i) {
        path.push_back(at(static_cast<double>(i) / fine));
        if (i > 0) {
            // Rounding to bytes makes the path jagged: measure it over a longer step.
            const OkLab& before = path[static_cast<std::size_t>(std::max(0, i - 64))];
            length.push_back(length.back() + colorDistance(before, path.back()) / std::min(i, 64));
        }
    }
    std::vector<Rgba> gradient;
    std::size_t place = 0;
    for (int k = 0; k < kGradientSamples; ++k) {
        const double target = length.back() * k / (kGradientSamples - 1);
        while (place + 1 < length.size() && length[place] < target)
            ++place;
        gradient.push_back(fromOkLab(path[place]));
    }
    return gradient;
}

} // namespace

OkLab toOkLab(Rgba color)
{
    const LinearRgb c = toLinearRgb(color);
    const double l = std::cbrt(0.4122214708 * c.r + 0.5363325363 * c.g + 0.0514459929 * c.b);
    const double m = std::cbrt(0.2119034982 * c.r + 0.6806995451 * c.g + 0.1073969566 * c.b);
    const double s = std::cbrt(0.0883024619 * c.r + 0.2817188376 * c.g + 0.6299787005 * c.b);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Rgba fromOkLab(const OkLab& color)
{
    if (isInGamut(linearOf(color)))
        return toRgba(linearOf(color));
    double inside = 0;
    double outside = 1;
    for (int i = 0; i < 24; ++i) {
        const double middle = (inside + outside) / 2;
        const bool fits
            = isInGamut(linearOf({color.lightness, color.a * middle, color.b * middle}));
        (fits ? inside : outside) = middle;
    }
    return toRgba(linearOf({color.lightness, color.a * inside, color.b * inside}));
}

double colorDistance(const OkLab& a, const OkLab& b)
{
    return std::hypot(a.lightness - b.lightness, a.a - b.a, a.b - b.b);
}

Rgba simulateVision(Rgba color, ColorVision vision)
{
    const LinearRgb c = toLinearRgb(color);
    switch (vision) {
    case ColorVision::Protanopia:
        return toRgba({0.152286 * c.r + 1.052583 * c.g - 0.204868 * c.b,
            0.114503 * c.r + 0.786281 * c.g + 0.099216 * c.b,
            -0.003882 * c.r - 0.048116 * c.g + 1.051998 * c.b});
    case ColorVision::Deuteranopia:
        return toRgba({0.367322 * c.r + 0.860646 * c.g - 0.227968 * c.b,
            0.280085 * c.r + 0.672501 * c.g + 0.047413 * c.b,
            -0.011820 * c.r + 0.042940 * c.g + 0.968881 * c.b});
    case ColorVision::Normal:
        break;
    }
    return color;
}

double contrastRatio(Rgba a, Rgba b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

const std::vector<Rgba>& categoryPalette(Theme theme)
{
    static const std::vector<Rgba> light = makeCategoryPalette(Theme::Light);
    static const std::vector<Rgba> dark = makeCategoryPalette(Theme::Dark);
    return theme == Theme::Light ? light : dark;
}

Rgba gradientColor(double t, Theme theme)
{
    static const std::vector<Rgba> light = makeGradient(Theme::Light);
    static const std::vector<Rgba> dark = makeGradient(Theme::Dark);
    const double clamped = t >= 0 ? std::min(t, 1.0) : 0.0;
    const auto index = static_cast<std::size_t>(std::lround(clamped * (kGradientSamples - 1)));
    return (theme == Theme::Light ? light : dark)[index];
}

Rgba backgroundColor(Theme theme)
{
    return theme == Theme::Light ? 0xffffffff : 0xff181b20;
}

Rgba foregroundColor(Theme theme)
{
    return theme == Theme::Light ? 0xff1f2328 : 0xffe6e8eb;
}

Rgba plainColor(Theme theme)
{
    return theme == Theme::Light ? 0xff2f6fb0 : 0xff6aa9e6;
}

Rgba missingColor(Theme theme)
{
    return theme == Theme::Light ? 0xffb4b8bd : 0xff5c6168;
}

Rgba otherColor(Theme theme)
{
    return theme == Theme::Light ? 0xff85898f : 0xff8b9097;
}

Rgba tornColor(Theme theme)
{
    return theme == Theme::Light ? 0xffc84c00 : 0xffff9a4d;
}

Rgba falseColor(Theme theme)
{
    return theme == Theme::Light ? 0xff8a1fb8 : 0xffd99bff;
}

} // namespace embedscope
