#pragma once

#include "core/plot/depth_order.h"
#include "core/plot/palette.h"

#include <span>
#include <vector>

namespace embedscope {

/// How depth is shown in a picture of three dimensions: what is near is larger and stands out, what
/// is far is smaller and fades towards the background.

/// Factor of the points' radius.
double cueSize(int cue);

/// The step of depth of a place as SpaceView::place() gives it.
int cueOf(const SpaceView& view, double nearness);

/// The colours of every depth: kCueLevels times the palette, the nearest first.
///
/// fog  how far the colours of the farthest points go towards the background, 0 to 1.
std::vector<Rgba> foggedPalette(std::span<const Rgba> palette, Rgba background, double fog);

} // namespace embedscope
