#pragma once

#include "core/plot/camera.h"
#include "ui/plot/render_worker.h"

#include <QGraphicsObject>
#include <memory>

namespace embedscope::ui {

/// Draws the newest picture of the points where the camera now sees it: until a picture for a new
/// view is ready, the old one is moved and scaled. A child of the chart, clipped to the plot area.
class PointsItem : public QGraphicsObject
{
    Q_OBJECT

public:
    explicit PointsItem(QGraphicsItem* parent);

    QRectF boundingRect() const override { return m_area; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) override;

    void setArea(const QRectF& area);
    void setCamera(const Camera& camera);
    void setPicture(std::shared_ptr<const RenderedPicture> picture);
    const std::shared_ptr<const RenderedPicture>& picture() const { return m_picture; }

private:
    QRectF m_area;
    Camera m_camera;
    std::shared_ptr<const RenderedPicture> m_picture;
};

} // namespace embedscope::ui
