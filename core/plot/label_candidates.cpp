#include "core/plot/label_candidates.h"

#include <algorithm>
#include <numeric>

namespace embedscope {

namespace {
constexpr Index kLooked = 200'000;
constexpr std::size_t kPerCell = 6;
} // namespace

std::vector<std::uint32_t> labelCandidates(const PointCloud& cloud,
    std::span<const std::uint8_t> layers, const MapRect& view, int columns, int rows, int count)
{
    struct CellPoints
    {
        std::vector<std::uint32_t> front; ///< Up to kPerCell slots.
        Index count = 0;
    };
    columns = std::max(1, columns);
    rows = std::max(1, rows);
    std::vector<CellPoints> cells(
        static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
    const double perX = view.width() > 0 ? columns / view.width() : 0;
    const double perY = view.height() > 0 ? rows / view.height() : 0;
    const auto looked = static_cast<std::size_t>(std::min(cloud.size(), kLooked));
    for (std::size_t slot = 0; slot < looked; ++slot) {
        const double x = cloud.x[slot];
        const double y = cloud.y[slot];
        if ((!layers.empty() && layers[slot] == 0) || x < view.left || x > view.right
            || y < view.bottom || y > view.top)
            continue;
        const int column = std::min(columns - 1, static_cast<int>((x - view.left) * perX));
        const int row = std::min(rows - 1, static_cast<int>((y - view.bottom) * perY));
        CellPoints& cell = cells[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns)
            + static_cast<std::size_t>(column)];
        ++cell.count;
        if (cell.front.size() < kPerCell)
            cell.front.push_back(static_cast<std::uint32_t>(slot));
    }
    std::vector<std::size_t> order(cells.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
        [&](std::size_t a, std::size_t b) { return cells[a].count > cells[b].count; });
    std::vector<std::uint32_t> slots;
    for (std::size_t round = 0; round < kPerCell; ++round) {
        for (const std::size_t cell : order) {
            if (static_cast<int>(slots.size()) >= count)
                return slots;
            if (round < cells[cell].front.size())
                slots.push_back(cells[cell].front[round]);
        }
    }
    return slots;
}

} // namespace embedscope
