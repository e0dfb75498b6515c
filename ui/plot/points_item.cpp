#include "ui/plot/points_item.h"

#include <QPainter>
#include <cmath>

namespace embedscope::ui {

PointsItem::PointsItem(QGraphicsItem* parent)
    : QGraphicsObject(parent)
{
    setAcceptedMouseButtons(Qt::NoButton);
    setZValue(10);
}

void PointsItem::setArea(const QRectF& area)
{
    prepareGeometryChange();
    m_area = area;
}

void PointsItem::setCamera(const Camera& camera)
{
    m_camera = camera;
    update();
}

void PointsItem::setPicture(std::shared_ptr<const RenderedPicture> picture)
{
    m_picture = std::move(picture);
    update();
}

void PointsItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    if (!m_picture || m_picture->image.isNull())
        return;
    painter->save();
    painter->setClipRect(m_area);
    const MapRect seen = m_picture->camera.visible();
    const MapPoint topLeft = m_camera.toPixels(seen.left, seen.top);
    const double zoom = m_camera.scale() / m_picture->camera.scale();
    QRectF target(m_area.left() + topLeft.x, m_area.top() + topLeft.y,
        m_picture->camera.widthPx() * zoom, m_picture->camera.heightPx() * zoom);
    if (std::abs(zoom - 1) < 1e-9) {
        // On whole device pixels nothing is resampled.
        const double ratio = m_picture->image.devicePixelRatio();
        target.moveTo(
            std::round(target.left() * ratio) / ratio, std::round(target.top() * ratio) / ratio);
        painter->drawImage(target.topLeft(), m_picture->image);
    } else {
        // Only the part that is seen: far in, the whole would be larger than a painter can take.
        const QRectF part = target.intersected(m_area);
        if (!part.isEmpty()) {
            const double ratio = m_picture->image.devicePixelRatio() / zoom;
            const QRectF source((part.left() - target.left()) * ratio,
                (part.top() - target.top()) * ratio, part.width() * ratio, part.height() * ratio);
            painter->drawImage(part, m_picture->image, source);
        }
    }
    painter->restore();
}

} // namespace embedscope::ui
