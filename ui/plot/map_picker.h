#pragma once

#include "ui/plot/space_drawing.h"

#include <memory>

namespace embedscope::ui {

/// Says which point of a scene lies under the mouse, with the newest grid where it fits, else by
/// one pass over all points.
class MapPicker
{
public:
    void setGrid(std::shared_ptr<const MapGrid> grid) { m_grid = std::move(grid); }
    const std::shared_ptr<const MapGrid>& grid() const { return m_grid; }

    /// What is pointed at, as PickGrid::Query has it: lengths in units of the map.
    struct Pointing
    {
        MapPoint place;
        double radius = 0; ///< How far away a point may lie.
        double discRadius = 0; ///< As drawn.
    };
    /// kNoPoint where there is none.
    PointId pick(const MapScene& scene, const Pointing& pointing) const;

private:
    std::shared_ptr<const MapGrid> m_grid;
};

} // namespace embedscope::ui
