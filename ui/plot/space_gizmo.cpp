#include "ui/plot/space_gizmo.h"

#include "core/plot/palette.h"
#include "ui/plot/map_style.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPen>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

/// Vermilion, bluish green and blue for x, y and z: as the field has it, and told apart by
/// colour-blind eyes.
QColor axisColor(std::size_t axis, Theme theme)
{
    constexpr std::array<std::size_t, 3> ranks = {3, 2, 0};
    return toColor(categoryPalette(theme)[ranks[axis]]);
}

QColor mixed(const QColor& color, const QColor& ground, double share)
{
    const auto mix = [share](float a, float b) { return static_cast<float>(a + share * (b - a)); };
    return QColor::fromRgbF(mix(color.redF(), ground.redF()), mix(color.greenF(), ground.greenF()),
        mix(color.blueF(), ground.blueF()));
}

/// Beyond the tip of an axis, on the side that it points to.
QRectF nameBox(
    const QPointF& middle, const SpacePoint& end, double lengthPx, double gapPx, const QSizeF& size)
{
    const double length = std::max(1e-6, std::hypot(end.x, end.y));
    const QPointF direction(end.x / length, -end.y / length);
    const QPointF center = middle + QPointF(end.x, -end.y) * lengthPx + direction * gapPx
        + QPointF(direction.x() * (size.width() / 2 - 4), 0);
    return {center - QPointF(size.width() / 2, size.height() / 2), size};
}

} // namespace

void paintSpaceGizmo(QPainter& painter, const QPointF& corner, const Turn& turn,
    const std::array<QString, 3>& names, const QFont& font, Theme theme)
{
    const QColor text = toColor(foregroundColor(theme));
    const QColor ground = toColor(backgroundColor(theme));
    QFont small = font;
    if (font.pixelSize() > 0)
        small.setPixelSize(std::max(7, font.pixelSize() * 85 / 100));
    else
        small.setPointSizeF(std::max(6.0, font.pointSizeF() * 0.85));
    const QFontMetricsF metrics(small);
    const double width = metrics.height() / 8;
    const double lengthPx = metrics.height() * 2.3;
    double longest = 0;
    for (const QString& name : names)
        longest = std::max(longest, metrics.horizontalAdvance(name));
    const double gap = 3 + metrics.height() * 0.35;
    const QPointF middle
        = corner + QPointF(lengthPx + gap + longest + 4, -lengthPx - gap - metrics.height() * 0.75);

    std::array<SpacePoint, 3> ends;
    for (std::size_t axis = 0; axis < 3; ++axis)
        ends[axis] = turn.apply({axis == 0 ? 1.0 : 0, axis == 1 ? 1.0 : 0, axis == 2 ? 1.0 : 0});
    std::array<std::size_t, 3> order = {0, 1, 2};
    std::sort(order.begin(), order.end(),
        [&](std::size_t a, std::size_t b) { return ends[a].z < ends[b].z; });

    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(small);
    // Names first to last by nearness: of two that meet, the farther makes way.
    std::array<QRectF, 3> boxes;
    QRectF room(middle, QSizeF(1, 1));
    for (std::size_t rank = 3; rank-- > 0;) {
        const std::size_t axis = order[rank];
        boxes[axis] = nameBox(middle, ends[axis], lengthPx, gap,
            {metrics.horizontalAdvance(names[axis]) + 4, metrics.height()});
        for (std::size_t nearer = rank + 1; nearer < 3; ++nearer) {
            const QRectF& taken = boxes[order[nearer]];
            if (!taken.intersects(boxes[axis]))
                continue;
            if (boxes[axis].center().y() < taken.center().y())
                boxes[axis].moveBottom(taken.top());
            else
                boxes[axis].moveTop(taken.bottom());
        }
        room = room.united(boxes[axis]);
    }
    QColor plate = ground;
    plate.setAlphaF(0.75F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(plate);
    painter.drawRoundedRect(room.adjusted(-3, -3, 3, 3), 5, 5);
    for (const std::size_t axis : order) {
        const SpacePoint& end = ends[axis];
        const double away = std::clamp((1 - end.z) / 2, 0.0, 1.0);
        const QPointF tip = middle + QPointF(end.x, -end.y) * lengthPx;
        painter.setPen(QPen(mixed(axisColor(axis, theme), ground, 0.55 * away), width,
            Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(middle, tip);
        painter.setPen(mixed(text, ground, 0.5 * away));
        painter.drawText(boxes[axis], Qt::AlignCenter | Qt::TextSingleLine, names[axis]);
    }
    painter.restore();
}

} // namespace embedscope::ui
