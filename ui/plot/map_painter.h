#pragma once

#include "core/analysis/faithfulness.h"
#include "core/data/dataset.h"
#include "core/data/paths.h"
#include "core/plot/camera.h"
#include "ui/plot/map_scene.h"

#include <QImage>
#include <QSize>
#include <QString>
#include <memory>
#include <optional>

namespace embedscope::ui {

/// Everything a picture of the map is made from. Only `sources.layout` must be given.
struct MapPicture
{
    /// For the names of points; null: neither names nor paths nor marks.
    std::shared_ptr<const Dataset> dataset;
    /// What is emphasised stands in front as on screen, and is named first.
    MapSources sources;
    std::shared_ptr<const Paths> paths; ///< Drawn over the points; null: none.
    /// Its torn and false neighbours are marked; null: none.
    std::shared_ptr<const PointFaithfulness> marked;
    /// At most that many names, spread over the map; fewer where they find no room.
    int labelCount = 0;
    bool hasLegend = true; ///< Of the colours, and of the marks.
    QString legendTitle; ///< The name of the column that colours.
    QString title; ///< Above the map; empty: none.
    bool hasCaption = true; ///< The recipe, how many points, and how to read the picture.
    /// As on a screen; grows with the size of the picture, as text does. 0: as fits the number of
    /// points.
    double pointRadius = 0;
    double opacity = 0.8;
    /// Device-independent; the image has size * devicePixelRatio pixels. Text grows with the size.
    QSize size{1600, 1000};
    double devicePixelRatio = 1;
    std::optional<MapRect> view; ///< The part of the map shown; nullopt: all of it.
};

/// Paints the map as a picture: points and what lies over them on screen, legend, axes and
/// caption. Needs a QGuiApplication
/// (the offscreen platform is enough), no window. Runs on any thread, one picture at a time on
/// each. An empty image where the size is none or more than 16,384 pixels either way.
QImage paintMap(const MapPicture& picture);

} // namespace embedscope::ui
