#include "core/plot/label_layout.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace embedscope {

namespace {

/// Boxes sorted into buckets of the area, for asking what is near.
class BoxIndex
{
public:
    explicit BoxIndex(const LabelBox& area)
        : m_area(area)
        , m_columns(1 + static_cast<int>(std::clamp(area.width / kBucketPx, 0.0, 1000.0)))
        , m_rows(1 + static_cast<int>(std::clamp(area.height / kBucketPx, 0.0, 1000.0)))
        , m_buckets(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows))
    {
    }

    void add(const LabelBox& box)
    {
        m_boxes.push_back(box);
        visit(box, [&](std::vector<std::uint32_t>& bucket) {
            bucket.push_back(static_cast<std::uint32_t>(m_boxes.size() - 1));
            return false;
        });
    }

    /// Whether the box meets one that was added; `exceptFor` is left out of it.
    bool meetsAny(const LabelBox& box, std::size_t exceptFor = ~std::size_t{0})
    {
        return visit(box, [&](const std::vector<std::uint32_t>& bucket) {
            return std::any_of(bucket.begin(), bucket.end(),
                [&](std::uint32_t i) { return i != exceptFor && m_boxes[i].overlaps(box); });
        });
    }

private:
    static constexpr double kBucketPx = 64;

    template <typename Visit> bool visit(const LabelBox& box, const Visit& visitBucket)
    {
        const int firstColumn = index(box.x - m_area.x, m_columns);
        const int lastColumn = index(box.x + box.width - m_area.x, m_columns);
        const int firstRow = index(box.y - m_area.y, m_rows);
        const int lastRow = index(box.y + box.height - m_area.y, m_rows);
        for (int r = firstRow; r <= lastRow; ++r) {
            for (int c = firstColumn; c <= lastColumn; ++c) {
                if (visitBucket(
                        m_buckets[static_cast<std::size_t>(r) * static_cast<std::size_t>(m_columns)
                            + static_cast<std::size_t>(c)]))
                    return true;
            }
        }
        return false;
    }

    static int index(double offset, int count)
    {
        return static_cast<int>(std::clamp(offset / kBucketPx, 0.0, count - 1.0));
    }

    LabelBox m_area;
    int m_columns;
    int m_rows;
    std::vector<std::vector<std::uint32_t>> m_buckets;
    std::vector<LabelBox> m_boxes;
};

std::array<LabelBox, 8> candidates(const LabelRequest& r)
{
    const double diagonal = r.gap * 0.7071;
    const double middleX = r.x - r.width / 2;
    const double middleY = r.y - r.height / 2;
    const auto box = [&](double x, double y) { return LabelBox{x, y, r.width, r.height}; };
    return {box(r.x + r.gap, middleY), box(r.x - r.gap - r.width, middleY),
        box(middleX, r.y - r.gap - r.height), box(middleX, r.y + r.gap),
        box(r.x + diagonal, r.y - diagonal - r.height), box(r.x + diagonal, r.y + diagonal),
        box(r.x - diagonal - r.width, r.y - diagonal - r.height),
        box(r.x - diagonal - r.width, r.y + diagonal)};
}

} // namespace

std::vector<std::optional<LabelBox>> placeLabels(
    std::span<const LabelRequest> requests, const LabelBox& area, std::span<const LabelBox> blocked)
{
    BoxIndex placed(area);
    BoxIndex points(area);
    for (const LabelBox& box : blocked)
        placed.add(box);
    for (const LabelRequest& r : requests) {
        const double half = std::max(1.0, r.gap * 0.6);
        points.add({r.x - half, r.y - half, 2 * half, 2 * half});
    }
    std::vector<std::optional<LabelBox>> boxes(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const auto tries = candidates(requests[i]);
        for (const bool mayHidePoints : {false, true}) {
            for (const LabelBox& box : tries) {
                if (!area.contains(box) || placed.meetsAny(box)
                    || (!mayHidePoints && points.meetsAny(box, i)))
                    continue;
                boxes[i] = box;
                placed.add(box);
                break;
            }
            if (boxes[i])
                break;
        }
    }
    return boxes;
}

} // namespace embedscope
