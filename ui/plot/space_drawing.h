#pragma once

#include "core/plot/depth_order.h"
#include "core/plot/pick_grid.h"
#include "ui/plot/map_scene.h"

#include <memory>
#include <span>

namespace embedscope::ui {

/// How the points of a scene come onto a picture.
struct DrawingScale
{
    RasterView view;
    double radius = 3; ///< Device-independent.
    double opacity = 0.8;
    double pixelRatio = 1;
};

/// Where the points of a scene are on the map, for picking. A grid fits a scene with the same
/// points, from the same side.
struct MapGrid
{
    std::shared_ptr<const PointCloud> source; ///< Cloud of the scene it was made of.
    std::shared_ptr<const LayerOf> sourceLayers; ///< Its layers then; in three dimensions.
    Turn turn; ///< In three dimensions.
    std::shared_ptr<const PickGrid> grid;
    SeenCloud seen; ///< In three dimensions, with the grid's slots: the nearest point first.

    bool fits(const MapScene& scene) const
    {
        return source == scene.cloud
            && (!scene.isSpace() || (turn == scene.view.turn() && sourceLayers == scene.layers));
    }
};

/// Draws scenes of three dimensions: orders their points by depth, keeps the order while nothing
/// but the camera changes. For the RenderWorker's thread.
class SpaceDrawing
{
public:
    /// Whether there are so many points that a picture of some of them should go before.
    static bool isLarge(const MapScene& scene) { return scene.cloud->size() > 2 * kSample; }
    /// Whether the next drawAll() has the order of depth already.
    bool isOrdered(const MapScene& scene) const;

    /// A fair sample of the points, enlarged to cover as much, and all that is emphasised: a few
    /// milliseconds whatever the size of the cloud.
    void drawSample(Rasterizer& raster, const MapScene& scene, const DrawingScale& scale);
    /// Every point, the nearest first. False where the progress asked to stop; the picture is then
    /// not to be shown.
    bool drawAll(Rasterizer& raster, const MapScene& scene, const DrawingScale& scale,
        const Progress& progress);
    /// After drawAll() of the same scene. Null where the progress asked to stop.
    std::shared_ptr<const MapGrid> makeGrid(const MapScene& scene, const Progress& progress);

private:
    static constexpr Index kSample = 120'000;

    bool order(const MapScene& scene, const Progress& progress);

    DepthOrder m_order;
    DepthOrder m_frontOrder;
    std::span<const SeenPoint> m_points; ///< In m_order; of the scene that m_… tell.
    std::shared_ptr<const PointCloud> m_cloud;
    std::shared_ptr<const std::vector<std::uint16_t>> m_codes;
    std::shared_ptr<const LayerOf> m_layers;
    SpaceView m_view;
};

} // namespace embedscope::ui
