#include "ui/plot/map_scene.h"

#include "core/base/parallel.h"
#include "core/plot/depth_cue.h"
#include "core/plot/palette.h"

#include <cmath>

namespace embedscope::ui {

namespace {

constexpr Index kBlock = 32768;
/// So many points in front are drawn as small as the others: rings and large discs would only hide
/// one another.
constexpr Index kCrowd = 3000;
/// Emphasised points that the first picture of a turning cloud takes in.
constexpr std::size_t kMostFront = 60'000;

std::shared_ptr<const std::vector<std::uint16_t>> makeCodes(
    const PointCloud& cloud, const Coloring& coloring)
{
    auto codes
        = std::make_shared<std::vector<std::uint16_t>>(static_cast<std::size_t>(cloud.size()));
    parallelBlocks(cloud.size(), kBlock, [&](Index, Index begin, Index end) {
        for (auto slot = static_cast<std::size_t>(begin); slot < static_cast<std::size_t>(end);
             ++slot)
            (*codes)[slot] = coloring.codes[cloud.ids[slot]];
    });
    return codes;
}

void assignLayers(MapScene& scene)
{
    const PointCloud& cloud = *scene.cloud;
    const MapSources& s = scene.sources;
    const auto n = static_cast<std::size_t>(cloud.universe);
    std::vector<std::uint8_t> byId(n, kLayerBase);
    const auto raise = [&](PointId id, std::uint8_t layer) {
        if (id < n && byId[id] != kLayerHidden)
            byId[id] = layer;
    };
    if (s.visible && s.visible->universe() == cloud.universe
        && s.visible->count() < cloud.universe) {
        std::fill(byId.begin(), byId.end(), std::uint8_t{kLayerHidden});
        s.visible->forEach([&](PointId id) { byId[id] = kLayerBase; });
    }
    if (s.hits) {
        for (const PointId id : s.hits->ids)
            raise(id, kLayerHit);
    }
    if (s.neighbors && s.neighbors->query == s.current) {
        for (const Neighbor& neighbor : s.neighbors->neighbors)
            raise(neighbor.id, kLayerNeighbor);
    }
    if (s.selected && s.selected->universe() == cloud.universe)
        s.selected->forEach([&](PointId id) { raise(id, kLayerSelected); });
    raise(s.current, kLayerCurrent);

    auto layers = std::make_shared<LayerOf>(static_cast<std::size_t>(cloud.size()));
    std::vector<std::array<Index, kTopLayer + 1>> counts(
        static_cast<std::size_t>(blockCount(cloud.size(), kBlock)));
    parallelBlocks(cloud.size(), kBlock, [&](Index block, Index begin, Index end) {
        auto& mine = counts[static_cast<std::size_t>(block)];
        mine.fill(0);
        for (auto slot = static_cast<std::size_t>(begin); slot < static_cast<std::size_t>(end);
             ++slot) {
            const std::uint8_t layer = byId[cloud.ids[slot]];
            (*layers)[slot] = layer;
            ++mine[layer];
        }
    });
    scene.layerCounts.fill(0);
    for (const auto& mine : counts) {
        for (std::size_t layer = 0; layer < mine.size(); ++layer)
            scene.layerCounts[layer] += mine[layer];
    }
    scene.layers = std::move(layers);
}

std::shared_ptr<const FrontPoints> frontOf(const MapScene& scene)
{
    if (!scene.isSpace() || !scene.isAnyInFront())
        return nullptr;
    const PointCloud& all = *scene.cloud;
    auto front = std::make_shared<FrontPoints>();
    PointCloud& cloud = front->cloud;
    cloud.isSpace = true;
    cloud.universe = all.universe;
    cloud.extent = all.extent;
    for (std::size_t slot = 0; slot < all.ids.size() && cloud.ids.size() < kMostFront; ++slot) {
        const std::uint8_t layer = (*scene.layers)[slot];
        if (layer <= kLayerBase)
            continue;
        cloud.x.push_back(all.x[slot]);
        cloud.y.push_back(all.y[slot]);
        cloud.z.push_back(all.z[slot]);
        cloud.ids.push_back(all.ids[slot]);
        front->codes.push_back((*scene.codes)[slot]);
        front->layers.push_back(layer);
    }
    return front;
}

} // namespace

std::optional<MapPoint> MapScene::placeOf(PointId id) const
{
    if (!sources.layout || id >= sources.layout->size())
        return std::nullopt;
    const float* row = sources.layout->positions.row(id);
    if (!std::isfinite(row[0]) || !std::isfinite(row[1]) || (isSpace() && !std::isfinite(row[2])))
        return std::nullopt;
    if (!isSpace())
        return MapPoint{row[0], row[1]};
    const SpaceView::Seen seen = view.place({row[0], row[1], row[2]});
    return MapPoint{seen.x, seen.y};
}

std::shared_ptr<const PointCloud> MapScene::seen() const
{
    return isSpace() ? std::make_shared<const PointCloud>(seenCloud(*cloud, view)) : cloud;
}

double MapScene::sizeOf(PointId id) const
{
    if (!isSpace() || !placeOf(id))
        return 1;
    const float* row = sources.layout->positions.row(id);
    return cueSize(cueOf(view, view.place({row[0], row[1], row[2]}).nearness));
}

RasterStyle MapScene::style(std::uint8_t layer, double radiusPx, double opacity, double scale) const
{
    const bool isBase = layer == kLayerBase;
    const bool isDimmed = isBase && isAnyInFront();
    const std::vector<Rgba>& colors = !isSpace() ? (isDimmed ? dimmed : palette)
        : isDimmed                               ? foggedDimmed
        : isBase                                 ? foggedPalette
                                                 : foggedFront;
    if (!isBase && layer != kLayerCurrent && layerCounts[layer] > kCrowd)
        return layerStyle(kLayerBase, radiusPx, opacity, scale, colors, sources.theme);
    return layerStyle(layer, radiusPx, opacity, scale, colors, sources.theme);
}

std::shared_ptr<const MapScene> SceneBuilder::build(const MapSources& sources)
{
    auto scene = std::make_shared<MapScene>();
    scene->sources = sources;
    const Index n = sources.layout ? sources.layout->size() : 0;
    const bool sameCloud = m_last && m_last->sources.layout == sources.layout;
    if (sameCloud) {
        scene->cloud = m_last->cloud;
    } else {
        if (static_cast<Index>(m_order.size()) != n)
            m_order = drawingOrder(n);
        scene->cloud = std::make_shared<const PointCloud>(
            n > 0 ? makePointCloud(sources.layout->positions, m_order) : PointCloud());
    }
    if (scene->sources.coloring && static_cast<Index>(scene->sources.coloring->codes.size()) != n)
        scene->sources.coloring.reset();
    const bool sameColors = sameCloud && m_last->sources.coloring == scene->sources.coloring
        && m_last->sources.theme == sources.theme;
    if (sameColors) {
        scene->codes = m_last->codes;
        scene->palette = m_last->palette;
        scene->dimmed = m_last->dimmed;
        scene->foggedPalette = m_last->foggedPalette;
        scene->foggedDimmed = m_last->foggedDimmed;
        scene->foggedFront = m_last->foggedFront;
    } else {
        const Coloring plain
            = scene->sources.coloring ? Coloring() : plainColoring(n, sources.theme);
        const Coloring& coloring = scene->sources.coloring ? *scene->sources.coloring : plain;
        scene->codes = makeCodes(*scene->cloud, coloring);
        scene->palette = coloring.palette;
        scene->dimmed = dimmedPalette(coloring.palette, sources.theme);
        if (scene->isSpace()) {
            const Rgba ground = backgroundColor(sources.theme);
            scene->foggedPalette = embedscope::foggedPalette(scene->palette, ground, kFog);
            scene->foggedDimmed = embedscope::foggedPalette(scene->dimmed, ground, kFog);
            // What is emphasised keeps its colour from near to far.
            scene->foggedFront = embedscope::foggedPalette(scene->palette, ground, kFrontFog);
        }
    }
    scene->view = SpaceView(sources.turn, scene->cloud->extent);
    const bool sameLayers = sameCloud && m_last->sources.visible == sources.visible
        && m_last->sources.selected == sources.selected && m_last->sources.hits == sources.hits
        && m_last->sources.neighbors == sources.neighbors
        && m_last->sources.current == sources.current;
    if (sameLayers) {
        scene->layers = m_last->layers;
        scene->layerCounts = m_last->layerCounts;
    } else {
        assignLayers(*scene);
    }
    scene->front = sameLayers && sameColors ? m_last->front : frontOf(*scene);
    m_last = scene;
    return scene;
}

} // namespace embedscope::ui
