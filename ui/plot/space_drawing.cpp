#include "ui/plot/space_drawing.h"

#include <cmath>

namespace embedscope::ui {

namespace {

constexpr Index kSlice = 160'000;

RasterStyle styleOf(
    const MapScene& scene, std::uint8_t layer, const DrawingScale& scale, double enlarged = 1)
{
    return scene.style(
        layer, scale.radius * enlarged * scale.pixelRatio, scale.opacity, scale.pixelRatio);
}

} // namespace

bool SpaceDrawing::isOrdered(const MapScene& scene) const
{
    return m_cloud == scene.cloud && m_codes == scene.codes && m_layers == scene.layers
        && m_view == scene.view;
}

bool SpaceDrawing::order(const MapScene& scene, const Progress& progress)
{
    if (isOrdered(scene))
        return true;
    m_cloud.reset();
    m_points = m_order.sort(
        *scene.cloud, *scene.codes, *scene.layers, scene.view, scene.cloud->size(), progress);
    if (progress.stopRequested())
        return false;
    m_cloud = scene.cloud;
    m_codes = scene.codes;
    m_layers = scene.layers;
    m_view = scene.view;
    return true;
}

void SpaceDrawing::drawSample(Rasterizer& raster, const MapScene& scene, const DrawingScale& scale)
{
    if (scene.front) {
        const FrontPoints& front = *scene.front;
        const auto points = m_frontOrder.sort(
            front.cloud, front.codes, front.layers, scene.view, front.cloud.size());
        for (std::uint8_t layer = kTopLayer; layer > kLayerBase; --layer) {
            if (scene.layerCounts[layer] > 0)
                raster.drawSeen(points, layer, scale.view, styleOf(scene, layer, scale), 0,
                    static_cast<Index>(points.size()));
        }
    }
    const Index count = std::min(scene.cloud->size(), kSample);
    m_cloud.reset();
    const auto points = m_order.sort(*scene.cloud, *scene.codes, *scene.layers, scene.view, count);
    // As suggestedPointRadius() has it.
    const double enlarged
        = std::pow(static_cast<double>(scene.cloud->size()) / static_cast<double>(count), 0.18);
    raster.drawSeen(
        points, kLayerBase, scale.view, styleOf(scene, kLayerBase, scale, enlarged), 0, count);
}

bool SpaceDrawing::drawAll(
    Rasterizer& raster, const MapScene& scene, const DrawingScale& scale, const Progress& progress)
{
    if (!order(scene, progress))
        return false;
    const Index n = scene.cloud->size();
    for (std::uint8_t layer = kTopLayer; layer >= kLayerBase; --layer) {
        if (scene.layerCounts[layer] == 0)
            continue;
        const RasterStyle style = styleOf(scene, layer, scale);
        for (Index begin = 0; begin < n; begin += kSlice) {
            if (progress.stopRequested())
                return false;
            raster.drawSeen(m_points, layer, scale.view, style, begin, std::min(n, begin + kSlice));
        }
    }
    return true;
}

std::shared_ptr<const MapGrid> SpaceDrawing::makeGrid(
    const MapScene& scene, const Progress& progress)
{
    if (!order(scene, progress))
        return nullptr;
    auto made = std::make_shared<MapGrid>();
    made->source = scene.cloud;
    made->sourceLayers = scene.layers;
    made->turn = scene.view.turn();
    made->seen = unpack(m_points, scene.cloud->universe);
    auto grid = PickGrid::build(made->seen.cloud, progress);
    if (!grid)
        return nullptr;
    made->grid = std::move(grid).value();
    return made;
}

} // namespace embedscope::ui
