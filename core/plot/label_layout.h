#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace embedscope {

/// A rectangle of the picture in pixels; y grows downwards.
struct LabelBox
{
    double x = 0, y = 0, width = 0, height = 0;

    bool overlaps(const LabelBox& other) const
    {
        return x < other.x + other.width && other.x < x + width && y < other.y + other.height
            && other.y < y + height;
    }
    bool contains(const LabelBox& other) const
    {
        return other.x >= x && other.y >= y && other.x + other.width <= x + width
            && other.y + other.height <= y + height;
    }
};

/// A text that wants to stand beside its point.
struct LabelRequest
{
    double x = 0, y = 0; ///< The point.
    double gap = 0; ///< From the point's middle to the text: its radius and a little more.
    double width = 0, height = 0; ///< Of the text, margins included.
};

/// Places labels so that none overlaps another or anything in `blocked`, and all lie in `area`.
/// Greedy, in the order given (the most important first); each is tried right, left, above, below
/// and at the corners of its point, first where it hides no other point that has a label, then
/// anywhere. Those that find no room stay out.
///
/// returns  a box for each request, or nullopt.
/// cost     about O(requests) through a grid of buckets.
std::vector<std::optional<LabelBox>> placeLabels(std::span<const LabelRequest> requests,
    const LabelBox& area, std::span<const LabelBox> blocked = {});

} // namespace embedscope
