#pragma once

#include "core/data/dataset.h"
#include "core/plot/camera.h"
#include "ui/plot/map_picker.h"
#include "ui/plot/path_overlay.h"
#include "ui/plot/text_labels.h"
#include "ui/plot/trust_overlay.h"

#include <QFont>
#include <QImage>
#include <QLineF>
#include <QPolygonF>
#include <QRectF>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace embedscope::ui {

/// What is drawn over the points: paths along sequences, names, lines to the neighbours, marks of
/// those that the map tore away, the ring and card of the point under the mouse, the lasso or box
/// being drawn. Works out places and paints; knows no input. Positions are the view's,
/// device-independent.
class MapOverlay
{
public:
    void setDataset(std::shared_ptr<const Dataset> dataset);
    /// onTheWay  the points as drawn, by the scene's slots, where they are not yet in their places;
    ///           the paths go along with them.
    void setScene(std::shared_ptr<const MapScene> scene,
        std::shared_ptr<const PointCloud> onTheWay = nullptr);
    void setCamera(const Camera& camera, const QRectF& area);
    void setPointRadius(double radius);
    /// Of lines, marks and gaps; those of a larger picture are larger. 1 from the start.
    void setScale(double scale);
    void setFont(const QFont& font);
    void setHovered(PointId id, const QImage& thumbnail);
    /// As TrustOverlay::setMarked().
    void setMarked(
        bool isShown, std::shared_ptr<const PointFaithfulness> marked, const QString& hint);
    /// The legend of the marks; on from the start.
    void setMarkLegendShown(bool isShown);
    /// The line drawn so far; empty: none.
    void setRubberBand(const QPolygonF& line, bool isSubtracting);
    /// Sequences of the dataset's points; null: none.
    void setPaths(std::shared_ptr<const Paths> paths);
    /// Lines along them; on from the start.
    void setPathsShown(bool areShown);
    /// Names of some points where nothing is emphasised.
    void setSampleLabels(bool areShown);
    /// For a picture that does not move: so many names at most, and after those of the points that
    /// are emphasised these points', the first ones first. Takes the place of chooseSample().
    void setNames(std::vector<PointId> points, int most);
    /// Where the points of a scene of three dimensions are, the nearest first.
    void setGrid(std::shared_ptr<const MapGrid> grid) { m_grid = std::move(grid); }
    /// The picture stands: chooses anew which names are shown where nothing is emphasised. In three
    /// dimensions the present ones stay until there is a grid for the scene.
    void chooseSample();
    bool hasPaths() const { return m_paths.paths() != nullptr; }
    bool arePathsShown() const { return m_paths.isShown(); }
    /// Those of the whole dataset, shown or not; null: none.
    const std::shared_ptr<const Paths>& allPaths() const { return m_paths.paths(); }
    bool hasSample() const { return !m_sample.empty(); }

    void paint(QPainter& painter);
    /// The names that stand on the map now, for tests and for reading aloud.
    const std::vector<PlacedLabel>& labels();
    /// The card of the hovered point: its name, and where it stands. Empty where there is none.
    const PlacedLabel& hoverCard();

    /// The paths as they are drawn now, for tests.
    const PathOverlay& paths();
    /// Where the legend of the marks lies; empty where there is none.
    QRectF markLegend();

    /// Where a point is; nullopt where it is not on the map.
    std::optional<QPointF> positionOf(PointId id) const;

private:
    void arrange();
    void arrangePaths();
    void arrangeTrust();
    void arrangeLines();
    void arrangeLabels();
    void arrangeHover();
    double radiusOf(PointId id) const;
    /// Of a point that may or may not stand in front.
    double drawnRadiusOf(PointId id) const;
    bool isShown(PointId id) const;

    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const MapScene> m_scene;
    std::shared_ptr<const MapGrid> m_grid;
    Camera m_camera;
    QRectF m_area;
    QFont m_font;
    double m_radius = 3;
    double m_scale = 1;
    PointId m_hovered = kNoPoint;
    QImage m_thumbnail;
    QPolygonF m_rubberBand;
    bool m_isSubtracting = false;
    bool m_areSamplesShown = true;
    std::vector<PointId> m_sample;
    std::optional<int> m_mostNames; ///< Of setNames().

    TrustOverlay m_trust;
    PathOverlay m_paths;
    std::shared_ptr<const PointCloud> m_onTheWay;
    std::shared_ptr<const PointCloud> m_slotsOf; ///< What m_slots belongs to.
    std::vector<std::uint32_t> m_slots; ///< Of each row; kNoPoint where it has none.
    bool m_isArranged = false;
    bool m_arePathsArranged = false; ///< Apart: they do not change with the point under the mouse.
    std::vector<PlacedLabel> m_labels;
    std::vector<QLineF> m_lines;
    PlacedLabel m_card;
    QRectF m_thumbnailRect;
};

} // namespace embedscope::ui
