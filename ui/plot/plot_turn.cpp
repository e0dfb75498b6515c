#include "ui/plot/plot_view.h"
#include "ui/plot/points_item.h"
#include "ui/plot/space_gizmo.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/selection_state.h"
#include "ui/workspace/workspace.h"

#include <algorithm>
#include <cmath>
#include <numbers>

// What PlotView does with a layout of three dimensions.

namespace embedscope::ui {

namespace {

/// A drag over the whole of the plot area's shorter side turns the cloud so far.
constexpr double kTurnPerDrag = std::numbers::pi;
/// Points that are looked at for the middle of what is seen.
constexpr std::size_t kLookedForPivot = 20'000;

} // namespace

bool PlotView::isSpace() const
{
    return m_sources.layout && m_sources.layout->dimensions() >= 3;
}

SpaceView PlotView::spaceView() const
{
    const auto& picture = m_points->picture();
    return {m_sources.turn, picture ? picture->scene->cloud->extent : SpaceExtent()};
}

/// Where a point is on the map, whatever the picture on screen shows. view: as from spaceView().
std::optional<MapPoint> PlotView::placeOf(PointId id, const SpaceView& view) const
{
    const auto& layout = m_sources.layout;
    if (!layout || id >= layout->size())
        return std::nullopt;
    const float* row = layout->positions.row(id);
    if (!std::all_of(row, row + layout->dimensions(), [](float v) { return std::isfinite(v); }))
        return std::nullopt;
    if (!isSpace())
        return MapPoint{row[0], row[1]};
    const SpaceView::Seen seen = view.place({row[0], row[1], row[2]});
    return MapPoint{seen.x, seen.y};
}

/// About which place of the layout to turn: the middle of the cloud while all of it is shown, else
/// the current point or the middle of what is seen, so that it does not swing out of sight.
SpacePoint PlotView::findPivot() const
{
    const auto& picture = m_points->picture();
    const SpaceView view = spaceView();
    if (!m_isMovedByUser || !picture || !picture->scene->isSpace())
        return view.extent().middle();
    const MapRect seen = m_camera.visible();
    const auto isSeen = [&](const MapPoint& p) {
        return p.x >= seen.left && p.x <= seen.right && p.y >= seen.bottom && p.y <= seen.top;
    };
    const PointId current = m_workspace->selection()->current();
    if (const auto place = placeOf(current, view); place && isSeen(*place)) {
        const float* row = m_sources.layout->positions.row(current);
        return {row[0], row[1], row[2]};
    }
    const PointCloud& cloud = *picture->scene->cloud;
    SpacePoint sum;
    double count = 0;
    for (std::size_t slot = 0; slot < std::min(cloud.ids.size(), kLookedForPivot); ++slot) {
        const SpacePoint p = {cloud.x[slot], cloud.y[slot], cloud.z[slot]};
        const SpaceView::Seen place = view.place(p);
        if ((*picture->scene->layers)[slot] == kLayerHidden || !isSeen({place.x, place.y}))
            continue;
        sum = {sum.x + p.x, sum.y + p.y, sum.z + p.z};
        ++count;
    }
    return count > 0 ? SpacePoint{sum.x / count, sum.y / count, sum.z / count}
                     : view.extent().middle();
}

void PlotView::turnBy(double rightwardPx, double downwardPx, const SpacePoint& pivot)
{
    const double perPx = kTurnPerDrag / std::max(1.0, std::min(m_area.width(), m_area.height()));
    Turn turn = m_sources.turn;
    turn.turn(rightwardPx * perPx, downwardPx * perPx);
    setTurn(turn, pivot);
}

void PlotView::turnBack()
{
    setTurn(Turn::standard(), findPivot());
}

void PlotView::setTurn(const Turn& turn, const SpacePoint& pivot)
{
    if (!isSpace() || m_fitsNext)
        return;
    const SpaceView::Seen before = spaceView().place(pivot);
    m_sources.turn = turn;
    const SpaceView::Seen after = spaceView().place(pivot);
    Camera camera = m_camera;
    camera.centerOn(camera.center().x + after.x - before.x, camera.center().y + after.y - before.y);
    setCamera(camera, false);
}

/// Puts the points and what is drawn over them where they are to be seen. Until there is a picture
/// of a cloud that was turned on, the one before is shown with the camera that it was made for.
void PlotView::showCamera()
{
    const auto& picture = m_points->picture();
    const bool isOutdated = isSpace() && picture && picture->scene->isSpace()
        && !(picture->scene->view.turn() == m_sources.turn)
        && picture->camera.widthPx() == m_camera.widthPx()
        && picture->camera.heightPx() == m_camera.heightPx();
    const Camera& shown = isOutdated ? picture->camera : m_camera;
    m_points->setCamera(shown);
    m_overlay.setCamera(shown, m_area);
}

void PlotView::onGrid(const std::shared_ptr<const MapGrid>& grid)
{
    m_picker.setGrid(grid);
    m_overlay.setGrid(grid);
    chooseNames();
}

/// In three dimensions names are chosen once the grid says which points are in front. While the
/// points move, those that stand go along with theirs.
void PlotView::chooseNames()
{
    const auto& picture = m_points->picture();
    const auto& grid = m_picker.grid();
    const bool areMoving = m_drag == Drag::Turn
        || m_workspace->projection()->phase() == ProjectionState::Phase::Running;
    if (!isSpace() || !picture || !grid || !grid->fits(*picture->scene)
        || (areMoving && m_overlay.hasSample()))
        return;
    m_overlay.chooseSample();
    viewport()->update();
}

void PlotView::paintGizmo(QPainter& painter) const
{
    if (!isSpace())
        return;
    paintSpaceGizmo(painter, m_area.bottomLeft() + QPointF(4, -4), m_sources.turn,
        axisNames(*m_sources.layout), font(), m_sources.theme);
}

} // namespace embedscope::ui
