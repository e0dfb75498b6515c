#include "tests/ui/plot/plot_fixture.h"

#include "tests/support/test_data.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/projection_state.h"

#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

namespace embedscope::test {

void PlotFixture::init()
{
    m_workspace = std::make_unique<Workspace>();
    m_view = std::make_unique<PlotView>(m_workspace.get());
    m_view->setSampleLabels(false);
    m_view->resize(640, 480);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void PlotFixture::cleanup()
{
    m_view.reset();
    m_workspace.reset();
}

std::shared_ptr<Layout> PlotFixture::layoutOf(const Dataset& dataset, const char* method)
{
    auto layout = std::make_shared<Layout>();
    layout->positions = Matrix::zeros(dataset.size(), 2);
    for (Index i = 0; i < dataset.size(); ++i) {
        for (Index j = 0; j < 2; ++j)
            layout->positions(i, j) = dataset.vectors()(i, j);
    }
    layout->recipe.method = method;
    return layout;
}

void PlotFixture::showLayout(const std::shared_ptr<const Layout>& layout)
{
    emit m_workspace->projection()->layoutReady(layout);
    QCOMPARE(m_workspace->layout(), layout);
    QTRY_VERIFY(settled());
}

void PlotFixture::openBlobs(Index n, Index groups)
{
    const auto dataset = blobDataset(n, 2, groups);
    m_workspace->show(dataset);
    m_workspace->projection()->discard();
    m_workspace->color()->setColumn(findColumn(dataset->columns(), "group"));
    m_workspace->color()->setMode(ColorMode::Categories);
    m_workspace->color()->setOpacity(1);
    showLayout(layoutOf(*dataset));
    QTRY_VERIFY(m_workspace->color()->coloring()->legend.size() == static_cast<std::size_t>(groups)
        && settled());
}

void PlotFixture::wheel(const QPointF& position, int angle)
{
    QWheelEvent event(position, m_view->viewport()->mapToGlobal(position), {}, QPoint(0, angle),
        Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(m_view->viewport(), &event);
}

void PlotFixture::moveMouse(
    const QPoint& position, Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers)
{
    QMouseEvent move(QEvent::MouseMove, position, m_view->viewport()->mapToGlobal(position),
        Qt::NoButton, buttons, modifiers);
    QCoreApplication::sendEvent(m_view->viewport(), &move);
}

void PlotFixture::drag(const QList<QPoint>& path, Qt::KeyboardModifiers modifiers)
{
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, modifiers, path.first());
    for (const QPoint& p : path)
        moveMouse(p, Qt::LeftButton, modifiers);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, modifiers, path.last());
}

QList<QPoint> PlotFixture::loopAround(const QList<PointId>& ids, int margin) const
{
    QRect box(at(ids.first()), QSize(1, 1));
    for (const PointId id : ids)
        box |= QRect(at(id), QSize(1, 1));
    box.adjust(-margin, -margin, margin, margin);
    return {box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft(), box.topLeft()};
}

PointId PlotFixture::lonelyPoint(double px) const
{
    const Index n = m_workspace->dataset()->size();
    for (PointId i = 0; i < n; ++i) {
        bool isAlone
            = m_view->plotArea().adjusted(30, 30, -30, -30).contains(*m_view->positionOf(i));
        for (PointId j = 0; j < n && isAlone; ++j) {
            const QPointF d = *m_view->positionOf(i) - *m_view->positionOf(j);
            isAlone = i == j || std::hypot(d.x(), d.y()) > px;
        }
        if (isAlone)
            return i;
    }
    return kNoPoint;
}

QPoint PlotFixture::emptySpot() const
{
    const QRect area = m_view->plotArea().toRect().adjusted(10, 10, -10, -10);
    for (int y = area.top(); y < area.bottom(); y += 7) {
        for (int x = area.left(); x < area.right(); x += 7) {
            if (m_view->pointAt(QPoint(x, y)) == kNoPoint)
                return {x, y};
        }
    }
    return {};
}

} // namespace embedscope::test
