#pragma once

#include "core/data/paths.h"
#include "core/data/point_set.h"
#include "core/plot/coloring.h"

#include <QLineF>
#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace embedscope::ui {

/// What paths have to know of the map they lie on. Positions are the view's, device-independent.
struct PathGround
{
    QRectF area; ///< Of the map.
    std::function<std::optional<QPointF>(PointId)> positionOf; ///< nullopt where it is not shown.
    std::function<double(PointId)> radiusOf; ///< Of its disc as drawn.
    /// Of more than PathOverlay::kMostSteps steps those of these points' sequences are drawn.
    std::vector<PointId> chosen; ///< The most important first.
    const PointSet* alsoChosen = nullptr; ///< May be null.
    double scale = 1; ///< Of lines and arrows: larger pictures have larger ones.
};

/// Lines along sequences of points, over the points and under their names: faint where a sequence
/// begins, strong where it ends, with an arrow in the middle of those that are long enough.
class PathOverlay
{
public:
    /// Above so many only the sequences of chosen points are drawn, and of these no more steps, the
    /// nearest along the sequence.
    static constexpr std::size_t kMostSteps = 20'000;

    /// paths  null: none.
    void setPaths(std::shared_ptr<const Paths> paths);
    const std::shared_ptr<const Paths>& paths() const { return m_paths; }
    void setShown(bool isShown) { m_isShown = isShown; }
    bool isShown() const { return m_isShown; }
    bool isDrawing() const { return m_isShown && m_paths; }
    /// Whether what is drawn depends on which points are chosen.
    bool needsChoice() const { return m_paths && m_paths->steps().size() > kMostSteps; }

    /// O(steps that may be drawn).
    void arrange(const PathGround& ground);
    void paint(QPainter& painter, Theme theme) const;
    /// Lines that are drawn, for tests.
    std::size_t lineCount() const;

private:
    static constexpr int kShades = 8; ///< From the beginning of a sequence to its end.
    struct Shade
    {
        std::vector<QLineF> lines;
        std::vector<QPolygonF> arrows;
    };

    std::vector<std::size_t> chooseSteps(const PathGround& ground) const; ///< Ascending.

    std::shared_ptr<const Paths> m_paths;
    bool m_isShown = true;
    std::array<Shade, kShades> m_shades;
    double m_scale = 1;
};

} // namespace embedscope::ui
