#pragma once

#include "core/data/dataset.h"
#include "core/data/layout.h"
#include "core/plot/camera.h"
#include "core/plot/coloring.h"
#include "core/plot/orbit.h"

#include <QImage>
#include <QSize>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

namespace embedscope::ui {

/// Everything a picture of the map is made from. Only `layout` must be given.
struct MapPicture
{
    std::shared_ptr<const Dataset> dataset; ///< For the names of points; null: no labels.
    std::shared_ptr<const Layout> layout;
    std::shared_ptr<const Coloring> coloring; ///< n codes; null: all in one colour.
    std::shared_ptr<const PointSet> visible; ///< Null: all.
    /// Drawn in front, larger, and labelled first; the rest is dimmed.
    std::vector<PointId> emphasized;
    /// At most that many names, spread over the map; fewer where they find no room.
    int labelCount = 0;
    bool hasLegend = true;
    QString legendTitle; ///< The name of the column that colours.
    QString title; ///< Above the map; empty: none.
    bool hasCaption = true; ///< The recipe, how many points, and how to read the picture.
    Theme theme = Theme::Light;
    /// As on a screen; grows with the size of the picture, as text does. 0: as fits the number of
    /// points.
    double pointRadius = 0;
    double opacity = 0.8;
    /// Device-independent; the image has size * devicePixelRatio pixels. Text grows with the size.
    QSize size{1600, 1000};
    double devicePixelRatio = 1;
    std::optional<MapRect> view; ///< The part of the map shown; nullopt: all of it.
    Turn turn = Turn::standard(); ///< From where a layout of three dimensions is seen.
};

/// Paints the map as a picture: points, labels, legend, axes and caption. Needs a QGuiApplication
/// (the offscreen platform is enough), no window. Runs on any thread, one picture at a time on
/// each. An empty image where the size is none or more than 16,384 pixels either way.
QImage paintMap(const MapPicture& picture);

} // namespace embedscope::ui
