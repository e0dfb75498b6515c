#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/plot/point_cloud.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace embedscope {

/// Finds the point under the mouse: the points of a cloud sorted into the cells of a uniform grid,
/// about 6 bytes a point beside the cloud's own. Immutable once built, so it can be built in the
/// background and asked from any thread.
class PickGrid
{
public:
    /// Keeps the cloud. O(n). Stopped where the progress asks for it.
    static Result<std::shared_ptr<const PickGrid>> build(
        std::shared_ptr<const PointCloud> cloud, const Progress& progress = {});

    /// What a person would say they point at.
    struct Query
    {
        double x = 0, y = 0; ///< In map units.
        double radius = 0; ///< How far away a point may lie.
        double discRadius = 0; ///< Of the discs as drawn: under one of them, the front one wins.
        /// Layer of each slot as drawn, or empty: 0 is never found, and a higher layer lies in
        /// front.
        std::span<const std::uint8_t> layers;
        /// Depth of each slot as drawn, or empty: discs are cueSize() times as large.
        std::span<const std::uint8_t> cues = {};
    };

    /// The slot of the front-most disc that covers the place, else of the nearest point within the
    /// radius (the front one where equally near). Visits the cells that the radius touches.
    std::optional<std::uint32_t> pick(const Query& query) const;

    const PointCloud& cloud() const { return *m_cloud; }

private:
    PickGrid() = default;
    int column(double x) const;
    int row(double y) const;

    std::shared_ptr<const PointCloud> m_cloud;
    std::vector<std::uint32_t> m_cellStart; ///< Cells + 1 offsets into m_slots.
    std::vector<std::uint32_t> m_slots; ///< Ascending within a cell.
    int m_columns = 1;
    int m_rows = 1;
    double m_cellsPerX = 0;
    double m_cellsPerY = 0;
};

} // namespace embedscope
