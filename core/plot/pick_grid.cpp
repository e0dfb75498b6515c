#include "core/plot/pick_grid.h"

#include "core/plot/depth_cue.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace embedscope {

namespace {

constexpr double kPointsPerCell = 2;
constexpr Index kStopEvery = 1 << 16;

} // namespace

int PickGrid::column(double x) const
{
    const double c = (x - m_cloud->bounds.left) * m_cellsPerX;
    return static_cast<int>(std::clamp(c, 0.0, m_columns - 1.0));
}

int PickGrid::row(double y) const
{
    const double r = (y - m_cloud->bounds.bottom) * m_cellsPerY;
    return static_cast<int>(std::clamp(r, 0.0, m_rows - 1.0));
}

Result<std::shared_ptr<const PickGrid>> PickGrid::build(
    std::shared_ptr<const PointCloud> cloud, const Progress& progress)
{
    auto grid = std::shared_ptr<PickGrid>(new PickGrid);
    grid->m_cloud = std::move(cloud);
    const PointCloud& c = *grid->m_cloud;
    const double width = c.bounds.width();
    const double height = c.bounds.height();
    // Square cells where the bounds allow it.
    const double cells = std::max(1.0, static_cast<double>(c.size()) / kPointsPerCell);
    const double aspect = width > 0 && height > 0 ? std::clamp(width / height, 1e-3, 1e3)
        : width > 0                               ? 1e3
                                                  : 1e-3;
    grid->m_columns = static_cast<int>(std::clamp(std::sqrt(cells * aspect), 1.0, 8192.0));
    grid->m_rows = static_cast<int>(std::clamp(cells / grid->m_columns, 1.0, 8192.0));
    grid->m_cellsPerX = width > 0 ? grid->m_columns / width : 0;
    grid->m_cellsPerY = height > 0 ? grid->m_rows / height : 0;

    const auto cellOf = [&](std::size_t slot) {
        return static_cast<std::size_t>(grid->row(c.y[slot]))
            * static_cast<std::size_t>(grid->m_columns)
            + static_cast<std::size_t>(grid->column(c.x[slot]));
    };
    const auto size = static_cast<std::size_t>(c.size());
    auto& start = grid->m_cellStart;
    start.assign(
        static_cast<std::size_t>(grid->m_columns) * static_cast<std::size_t>(grid->m_rows) + 2, 0);
    for (std::size_t slot = 0; slot < size; ++slot) {
        if (slot % kStopEvery == 0 && progress.stopRequested())
            return stoppedError();
        ++start[cellOf(slot) + 2];
    }
    for (std::size_t i = 2; i < start.size(); ++i)
        start[i] += start[i - 1];
    // start[cell + 1] is moved on while filling, and so becomes the end of the cell.
    grid->m_slots.resize(size);
    for (std::size_t slot = 0; slot < size; ++slot) {
        if (slot % kStopEvery == 0 && progress.stopRequested())
            return stoppedError();
        grid->m_slots[start[cellOf(slot) + 1]++] = static_cast<std::uint32_t>(slot);
    }
    start.pop_back();
    return std::shared_ptr<const PickGrid>(std::move(grid));
}

std::optional<std::uint32_t> PickGrid::pick(const Query& query) const
{
    const PointCloud& c = *m_cloud;
    std::array<double, kCueLevels> disc2{};
    for (int cue = 0; cue < kCueLevels; ++cue) {
        const double disc = query.discRadius * (query.cues.empty() ? 1 : cueSize(cue));
        disc2[static_cast<std::size_t>(cue)] = disc * disc;
    }
    const double reach = std::max(query.radius, std::sqrt(disc2.front()));
    if (c.size() == 0 || !(reach >= 0) || !std::isfinite(query.x) || !std::isfinite(query.y))
        return std::nullopt;
    const int firstColumn = column(query.x - reach);
    const int lastColumn = column(query.x + reach);
    const int firstRow = row(query.y - reach);
    const int lastRow = row(query.y + reach);
    const double reach2 = reach * reach;

    struct Best
    {
        bool isCovering = false;
        int layer = -1;
        double distance2 = 0;
        std::uint32_t slot = 0;
    };
    Best best;
    bool found = false;
    const auto isBetter = [](const Best& a, const Best& b) {
        if (a.isCovering != b.isCovering)
            return a.isCovering;
        if (!a.isCovering && a.distance2 != b.distance2)
            return a.distance2 < b.distance2;
        if (a.layer != b.layer)
            return a.layer > b.layer;
        return a.slot < b.slot;
    };
    for (int r = firstRow; r <= lastRow; ++r) {
        const std::size_t rowStart
            = static_cast<std::size_t>(r) * static_cast<std::size_t>(m_columns);
        const std::uint32_t from = m_cellStart[rowStart + static_cast<std::size_t>(firstColumn)];
        const std::uint32_t to = m_cellStart[rowStart + static_cast<std::size_t>(lastColumn) + 1];
        for (std::uint32_t i = from; i < to; ++i) {
            const std::uint32_t slot = m_slots[i];
            const double dx = c.x[slot] - query.x;
            const double dy = c.y[slot] - query.y;
            const double distance2 = dx * dx + dy * dy;
            if (distance2 > reach2)
                continue;
            const int layer = query.layers.empty() ? 1 : query.layers[slot];
            if (layer == 0)
                continue;
            const std::size_t cue = query.cues.empty() ? 0 : query.cues[slot];
            const Best candidate = {distance2 <= disc2[cue], layer, distance2, slot};
            if (!candidate.isCovering && distance2 > query.radius * query.radius)
                continue;
            if (!found || isBetter(candidate, best)) {
                best = candidate;
                found = true;
            }
        }
    }
    return found ? std::optional(best.slot) : std::nullopt;
}

} // namespace embedscope
