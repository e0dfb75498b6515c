#pragma once

#include "ui/plot/plot_view.h"
#include "ui/workspace/workspace.h"

#include <QObject>
#include <memory>

namespace embedscope::test {

using namespace embedscope::ui;

/// What the tests of the map share: a workspace with a view on it, and the gestures of a person.
class PlotFixture : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

protected:
    void openBlobs(Index n = 300, Index groups = 3);
    void showLayout(const std::shared_ptr<const Layout>& layout);
    static std::shared_ptr<Layout> layoutOf(const Dataset& dataset, const char* method = "tsne");
    bool settled() const { return m_view->isPictureComplete(); }
    QPoint at(PointId id) const { return m_view->positionOf(id)->toPoint(); }
    QRgb colorAt(const QPoint& position) const { return m_view->grab().toImage().pixel(position); }
    void wheel(const QPointF& position, int angle);
    void moveMouse(const QPoint& position, Qt::MouseButtons buttons = Qt::NoButton,
        Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    void drag(const QList<QPoint>& path, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    QList<QPoint> loopAround(const QList<PointId>& ids, int margin) const;
    /// A point with no other within `px` pixels.
    PointId lonelyPoint(double px = 12) const;
    QPoint emptySpot() const;

    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<PlotView> m_view;
};

} // namespace embedscope::test
