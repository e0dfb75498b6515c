#include "ui/plot/map_picker.h"

namespace embedscope::ui {

namespace {

/// The grid is still being built: the nearest point, of those equally near the one in front.
PointId nearest(const MapScene& scene, const MapPicker::Pointing& pointing)
{
    const PointCloud& cloud = *scene.cloud;
    double best = pointing.radius * pointing.radius;
    double bestNearness = -2;
    PointId found = kNoPoint;
    for (std::size_t slot = 0; slot < cloud.ids.size(); ++slot) {
        SpaceView::Seen seen = {cloud.x[slot], cloud.y[slot], 0};
        if (scene.isSpace())
            seen = scene.view.place({cloud.x[slot], cloud.y[slot], cloud.z[slot]});
        const double dx = seen.x - pointing.place.x;
        const double dy = seen.y - pointing.place.y;
        const double distance = dx * dx + dy * dy;
        if (distance > best || (distance == best && seen.nearness <= bestNearness)
            || (*scene.layers)[slot] == kLayerHidden)
            continue;
        best = distance;
        bestNearness = seen.nearness;
        found = cloud.ids[slot];
    }
    return found;
}

} // namespace

PointId MapPicker::pick(const MapScene& scene, const Pointing& pointing) const
{
    if (!m_grid || !m_grid->fits(scene))
        return nearest(scene, pointing);
    PickGrid::Query query;
    query.x = pointing.place.x;
    query.y = pointing.place.y;
    query.radius = pointing.radius;
    query.discRadius = pointing.discRadius;
    query.layers = *scene.layers;
    if (scene.isSpace()) {
        query.layers = *m_grid->seen.layers;
        query.cues = *m_grid->seen.cues;
    }
    const auto slot = m_grid->grid->pick(query);
    return slot ? m_grid->grid->cloud().ids[*slot] : kNoPoint;
}

} // namespace embedscope::ui
