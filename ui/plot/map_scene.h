#pragma once

#include "core/analysis/search.h"
#include "core/data/layout.h"
#include "core/neighbors/exact.h"
#include "core/plot/coloring.h"
#include "core/plot/orbit.h"
#include "core/plot/point_cloud.h"
#include "core/plot/rasterizer.h"
#include "ui/plot/map_style.h"

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace embedscope::ui {

/// What the map shows, as the workspace has it. Cheap to copy; everything in it is immutable.
struct MapSources
{
    std::shared_ptr<const Layout> layout; ///< Null: nothing is shown.
    std::shared_ptr<const Coloring> coloring; ///< Null, or of another length: one colour.
    std::shared_ptr<const PointSet> visible; ///< Null: all.
    std::shared_ptr<const PointSet> selected; ///< Null: none.
    std::shared_ptr<const SearchResult> hits; ///< Null: none.
    std::shared_ptr<const NeighborList> neighbors; ///< Null: none.
    PointId current = kNoPoint;
    Theme theme = Theme::Light;
    Turn turn = Turn::standard(); ///< Of a layout of three dimensions.
};

/// Points that stand in front of the others, drawn whole even into the first picture of a cloud
/// that is being turned.
struct FrontPoints
{
    PointCloud cloud;
    std::vector<std::uint16_t> codes;
    LayerOf layers;
};

/// The same in drawing order, ready for the rasteriser. Immutable, shared between the threads that
/// draw, pick and paint overlays.
struct MapScene
{
    MapSources sources;
    std::shared_ptr<const PointCloud> cloud;
    std::shared_ptr<const std::vector<std::uint16_t>> codes; ///< By slot.
    std::shared_ptr<const LayerOf> layers; ///< By slot.
    std::array<Index, kTopLayer + 1> layerCounts{};
    std::vector<Rgba> palette;
    std::vector<Rgba> dimmed; ///< Of the base layer while others stand in front.
    SpaceView view; ///< From where a layout of three dimensions is seen.
    std::shared_ptr<const FrontPoints> front; ///< In three dimensions; null where there are none.

    /// Whether the layout has three dimensions. Its points are then seen on a plane, and it is this
    /// plane that a Camera, picking and the lasso deal with.
    bool isSpace() const { return cloud->isSpace; }
    /// Where a point is on the map: what Camera::toPixels() takes. nullopt where it is left out.
    std::optional<MapPoint> placeOf(PointId id) const;
    /// By how much a point is drawn larger or smaller than the others of its layer.
    double sizeOf(PointId id) const;
    /// The points as they are on the map, by slot. In three dimensions O(n), parallel.
    std::shared_ptr<const PointCloud> seen() const;
    /// That shows all points; in three dimensions the same from every side.
    MapRect bounds() const { return isSpace() ? view.bounds() : cloud->bounds; }
    bool isAnyInFront() const
    {
        return layerCounts[kLayerBase] + layerCounts[kLayerHidden] < cloud->size();
    }
    /// How a layer is drawn; lengths in device pixels, as for layerStyle(). In three dimensions
    /// with the colours of every depth.
    RasterStyle style(std::uint8_t layer, double radiusPx, double opacity, double scale) const;

    /// In three dimensions, the colours of every depth.
    std::vector<Rgba> foggedPalette;
    std::vector<Rgba> foggedDimmed;
    std::vector<Rgba> foggedFront;
};

/// Makes scenes from sources and keeps what did not change since the last: the drawing order, the
/// cloud of a layout, the codes of a coloring. For one thread, off the main one: O(n).
class SceneBuilder
{
public:
    std::shared_ptr<const MapScene> build(const MapSources& sources);

private:
    std::shared_ptr<const MapScene> m_last;
    std::vector<PointId> m_order;
};

} // namespace embedscope::ui
