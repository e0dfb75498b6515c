#include "core/plot/depth_cue.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

constexpr double kNearSize = 1.35;
constexpr double kFarSize = 0.7;

} // namespace

double cueSize(int cue)
{
    // In equal ratios, and in half as many steps as there are of fog: each needs discs of its own.
    const double t = (cue / 2) / (kCueLevels / 2 - 1.0);
    return kNearSize * std::pow(kFarSize / kNearSize, t);
}

int cueOf(const SpaceView& view, double nearness)
{
    const SpaceExtent& extent = view.extent();
    const double fromMean = nearness - view.place(extent.meanPoint()).nearness;
    const double t = extent.bulk > 0 ? fromMean * extent.radius / extent.bulk : fromMean;
    return std::clamp(
        static_cast<int>((1 - std::clamp(t, -1.0, 1.0)) * kCueLevels / 2), 0, kCueLevels - 1);
}

std::vector<Rgba> foggedPalette(std::span<const Rgba> palette, Rgba background, double fog)
{
    const OkLab ground = toOkLab(background);
    std::vector<OkLab> colors;
    for (const Rgba color : palette)
        colors.push_back(toOkLab(color));
    std::vector<Rgba> fogged;
    fogged.reserve(palette.size() * kCueLevels);
    for (int cue = 0; cue < kCueLevels; ++cue) {
        const double share = fog * cue / (kCueLevels - 1.0);
        for (const OkLab& c : colors) {
            fogged.push_back(fromOkLab({c.lightness + share * (ground.lightness - c.lightness),
                c.a + share * (ground.a - c.a), c.b + share * (ground.b - c.b)}));
        }
    }
    return fogged;
}

} // namespace embedscope
