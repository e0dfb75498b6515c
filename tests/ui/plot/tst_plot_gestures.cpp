#include "core/plot/palette.h"
#include "tests/support/test_data.h"
#include "tests/ui/plot/plot_fixture.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/neighbor_state.h"
#include "ui/workspace/projection_state.h"
#include "ui/workspace/search_state.h"
#include "ui/workspace/selection_state.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;

class TestPlotGestures : public test::PlotFixture
{
    Q_OBJECT

private slots:
    void dragPans();
    void wheelKeepsThePointUnderTheMouse();
    void keysZoomAndPan();
    void fitShowsEverything();
    void fitSelectionBringsItNear();
    void hoverShowsTheLabel();
    void clickSelectsAndAsksForNeighbors();
    void shiftAddsAndControlToggles();
    void lassoSelects();
    void lassoAddsAndSubtracts();
    void boxSelects();
    void escapeAbandonsLeavesClears();
    void contextMenuCopiesCentresAndSelects();
    void clicksOutsideTheFrameAreHarmless();
};

void TestPlotGestures::dragPans()
{
    openBlobs();
    const QPointF before = *m_view->positionOf(7);
    const QPoint start = emptySpot();
    drag({start, start + QPoint(30, 10), start + QPoint(60, 25)});
    const QPointF moved = *m_view->positionOf(7) - before;
    QVERIFY(std::abs(moved.x() - 60) < 1e-6 && std::abs(moved.y() - 25) < 1e-6);
    QTRY_VERIFY(settled());
    const auto& coloring = *m_workspace->color()->coloring();
    const PointId id = lonelyPoint();
    QCOMPARE(colorAt(at(id)), coloring.palette[coloring.codes[id]]);
    QVERIFY(m_workspace->selection()->selected().isEmpty());
}

void TestPlotGestures::wheelKeepsThePointUnderTheMouse()
{
    openBlobs();
    const PointId id = lonelyPoint();
    const QPointF before = *m_view->positionOf(id);
    const QPointF other = *m_view->positionOf((id + 1) % 300);
    const double distance = QLineF(before, other).length();
    for (int i = 0; i < 5; ++i)
        wheel(before, 120);
    const QPointF after = *m_view->positionOf(id);
    QVERIFY(QLineF(before, after).length() < 1e-3);
    const double zoom = QLineF(after, *m_view->positionOf((id + 1) % 300)).length() / distance;
    QVERIFY(zoom > 2 && zoom < 5);
    QTRY_VERIFY(settled());
    const auto& coloring = *m_workspace->color()->coloring();
    QCOMPARE(colorAt(before.toPoint()), coloring.palette[coloring.codes[id]]);
    for (int i = 0; i < 5; ++i)
        wheel(before, -120);
    QVERIFY(std::abs(QLineF(before, *m_view->positionOf((id + 1) % 300)).length() - distance) < 1);
}

void TestPlotGestures::keysZoomAndPan()
{
    openBlobs();
    m_view->setFocus();
    const double scale = m_view->camera().scale();
    QTest::keyClick(m_view.get(), Qt::Key_Plus);
    QVERIFY(m_view->camera().scale() > scale * 1.2);
    QTest::keyClick(m_view.get(), Qt::Key_Minus);
    QVERIFY(std::abs(m_view->camera().scale() - scale) < scale * 1e-9);
    QTest::keyClick(m_view.get(), Qt::Key_Equal);
    QVERIFY(m_view->camera().scale() > scale * 1.2);
    const QPointF before = *m_view->positionOf(0);
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QVERIFY(m_view->positionOf(0)->x() < before.x() - 10);
    QTest::keyClick(m_view.get(), Qt::Key_Left);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QVERIFY(m_view->positionOf(0)->y() < before.y() - 10);
    QTest::keyClick(m_view.get(), Qt::Key_Up);
    QVERIFY(QLineF(before, *m_view->positionOf(0)).length() < 1e-6);
}

void TestPlotGestures::fitShowsEverything()
{
    openBlobs();
    const Camera fitted = m_view->camera();
    const auto moveAway = [&] {
        wheel(m_view->plotArea().center(), 1200);
        QVERIFY(m_view->camera().scale() > 2 * fitted.scale());
    };
    moveAway();
    QTest::keyClick(m_view.get(), Qt::Key_F);
    QVERIFY(m_view->camera() == fitted);
    wheel(m_view->plotArea().center(), -240);
    QVERIFY(!(m_view->camera() == fitted));
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, emptySpot());
    QVERIFY(m_view->camera() == fitted);
    QTRY_VERIFY(settled());
}

void TestPlotGestures::fitSelectionBringsItNear()
{
    openBlobs();
    m_workspace->selection()->select(PointSet(300, {0, 3, 6}), SelectionMode::Replace);
    const double scale = m_view->camera().scale();
    QTest::keyClick(m_view.get(), Qt::Key_F, Qt::ShiftModifier);
    QVERIFY(m_view->camera().scale() > scale);
    for (const PointId id : {0U, 3U, 6U})
        QVERIFY(m_view->plotArea().contains(*m_view->positionOf(id)));
    // Of nothing: nothing happens.
    m_workspace->selection()->clear();
    const Camera camera = m_view->camera();
    QTest::keyClick(m_view.get(), Qt::Key_F, Qt::ShiftModifier);
    QVERIFY(m_view->camera() == camera);
}

void TestPlotGestures::hoverShowsTheLabel()
{
    openBlobs();
    const PointId id = lonelyPoint(20);
    const QImage before = m_view->grab().toImage();
    moveMouse(at(id));
    QCOMPARE(m_workspace->selection()->hovered(), id);
    QCOMPARE(m_view->overlay().hoverCard().text, QStringLiteral("p%1").arg(id));
    QVERIFY(m_view->plotArea().contains(m_view->overlay().hoverCard().box));
    const QImage after = m_view->grab().toImage();
    const QRect card = m_view->overlay().hoverCard().box.toRect();
    QVERIFY(before.copy(card) != after.copy(card));
    moveMouse(emptySpot());
    QCOMPARE(m_workspace->selection()->hovered(), kNoPoint);
    QVERIFY(m_view->overlay().hoverCard().text.isEmpty());
    // And it goes when the mouse leaves.
    moveMouse(at(id));
    QCOMPARE(m_workspace->selection()->hovered(), id);
    QEvent leave(QEvent::Leave);
    QCoreApplication::sendEvent(m_view.get(), &leave);
    QCOMPARE(m_workspace->selection()->hovered(), kNoPoint);
}

void TestPlotGestures::clickSelectsAndAsksForNeighbors()
{
    openBlobs();
    const PointId id = lonelyPoint();
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at(id));
    QCOMPARE(m_workspace->selection()->current(), id);
    QCOMPARE(m_workspace->selection()->selected().ids(), std::vector<PointId>{id});
    QTRY_VERIFY(m_workspace->neighbors()->list() != nullptr);
    QCOMPARE(m_workspace->neighbors()->list()->query, id);
    // A click beside all points changes nothing.
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, emptySpot());
    QCOMPARE(m_workspace->selection()->current(), id);
}

void TestPlotGestures::shiftAddsAndControlToggles()
{
    openBlobs();
    const PointId first = lonelyPoint();
    PointId second = kNoPoint;
    for (PointId i = 0; i < 300 && second == kNoPoint; ++i) {
        if (i != first && m_view->pointAt(at(i)) == i)
            second = i;
    }
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, at(first));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, at(second));
    QCOMPARE(m_workspace->selection()->selected().count(), Index{2});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ControlModifier, at(second));
    QCOMPARE(m_workspace->selection()->selected().ids(), std::vector<PointId>{first});
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ControlModifier, at(second));
    QCOMPARE(m_workspace->selection()->selected().count(), Index{2});
}

void TestPlotGestures::lassoSelects()
{
    openBlobs();
    QList<PointId> group;
    for (PointId i = 0; i < 300; i += 3)
        group << i;
    QTest::keyClick(m_view.get(), Qt::Key_L);
    QCOMPARE(m_view->mode(), PlotView::Mode::Lasso);
    const QList<QPoint> loop = loopAround(group, 4);
    PointSet expected(300);
    for (PointId i = 0; i < 300; ++i) {
        if (QRectF(loop[0], loop[2]).contains(*m_view->positionOf(i)))
            expected.insert(i);
    }
    drag(loop);
    QVERIFY(m_workspace->selection()->selected() == expected);
    QVERIFY(expected.count() >= 100);
    QCOMPARE(m_view->mode(), PlotView::Mode::Lasso);
}

void TestPlotGestures::lassoAddsAndSubtracts()
{
    openBlobs();
    m_view->setMode(PlotView::Mode::Lasso);
    drag(loopAround({0}, 6));
    const Index first = m_workspace->selection()->selected().count();
    QVERIFY(m_workspace->selection()->selected().contains(0));
    drag(loopAround({1}, 6), Qt::ShiftModifier);
    QVERIFY(m_workspace->selection()->selected().contains(0));
    QVERIFY(m_workspace->selection()->selected().contains(1));
    QVERIFY(m_workspace->selection()->selected().count() > first);
    drag(loopAround({0}, 6), Qt::AltModifier);
    QVERIFY(!m_workspace->selection()->selected().contains(0));
    QVERIFY(m_workspace->selection()->selected().contains(1));
}

void TestPlotGestures::boxSelects()
{
    openBlobs();
    QTest::keyClick(m_view.get(), Qt::Key_B);
    QCOMPARE(m_view->mode(), PlotView::Mode::Box);
    const QRectF area = m_view->plotArea();
    drag({area.topLeft().toPoint() + QPoint(1, 1), area.bottomRight().toPoint() - QPoint(1, 1)});
    QCOMPARE(m_workspace->selection()->selected().count(), Index{300});
    const QPoint p = at(5);
    drag({p - QPoint(5, 5), p + QPoint(5, 5)}, Qt::AltModifier);
    QVERIFY(!m_workspace->selection()->selected().contains(5));
    QVERIFY(m_workspace->selection()->selected().count() > 200);
}

void TestPlotGestures::escapeAbandonsLeavesClears()
{
    openBlobs();
    m_workspace->selection()->selectPoint(4);
    m_view->setMode(PlotView::Mode::Box);
    const QPoint start = emptySpot();
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, start);
    moveMouse(QPoint(400, 300), Qt::LeftButton);
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, QPoint(400, 300));
    QCOMPARE(m_workspace->selection()->selected().ids(), std::vector<PointId>{4});
    QCOMPARE(m_view->mode(), PlotView::Mode::Box);
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QCOMPARE(m_view->mode(), PlotView::Mode::Pan);
    QCOMPARE(m_workspace->selection()->selected().count(), Index{1});
    QTest::keyClick(m_view.get(), Qt::Key_Escape);
    QVERIFY(m_workspace->selection()->selected().isEmpty());
    QTest::keyClick(m_view.get(), Qt::Key_L);
    QTest::keyClick(m_view.get(), Qt::Key_V);
    QCOMPARE(m_view->mode(), PlotView::Mode::Pan);
}

void TestPlotGestures::contextMenuCopiesCentresAndSelects()
{
    openBlobs();
    const PointId id = lonelyPoint();
    const auto openMenu = [&]() -> QMenu* {
        QContextMenuEvent event(
            QContextMenuEvent::Mouse, at(id), m_view->viewport()->mapToGlobal(at(id)));
        QCoreApplication::sendEvent(m_view->viewport(), &event);
        return m_view->findChild<QMenu*>(QStringLiteral("mapMenu"));
    };
    const auto choose = [&](const char* name) {
        QMenu* menu = openMenu();
        QVERIFY(menu);
        auto* action = menu->findChild<QAction*>(QLatin1String(name));
        QVERIFY(action);
        action->trigger();
        const QPointer<QMenu> closing(menu);
        menu->close();
        QTRY_VERIFY(closing.isNull());
    };
    choose("copyLabel");
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("p%1").arg(id));
    choose("selectNeighbors");
    QTRY_VERIFY(m_workspace->selection()->selected().count() > 5);
    QCOMPARE(m_workspace->selection()->current(), id);
    choose("centerHere");
    QVERIFY(QLineF(*m_view->positionOf(id), m_view->plotArea().center()).length() < 1);
    choose("fitAll");
    QVERIFY(QLineF(*m_view->positionOf(id), m_view->plotArea().center()).length() > 5);
}

void TestPlotGestures::clicksOutsideTheFrameAreHarmless()
{
    // Without data and with: the corners of the viewport, and every button.
    for (const bool isOpen : {false, true}) {
        if (isOpen)
            openBlobs();
        for (const auto button : {Qt::LeftButton, Qt::RightButton, Qt::MiddleButton}) {
            for (const QPoint p : {QPoint(0, 0), QPoint(639, 479), QPoint(320, 240)}) {
                QTest::mousePress(m_view->viewport(), button, {}, p);
                moveMouse(p + QPoint(9, 9));
                QTest::mouseRelease(m_view->viewport(), button, {}, p + QPoint(9, 9));
                QTest::mouseDClick(m_view->viewport(), button, {}, p);
            }
        }
        for (const auto key : {Qt::Key_F, Qt::Key_L, Qt::Key_B, Qt::Key_V, Qt::Key_Escape,
                 Qt::Key_Plus, Qt::Key_Left, Qt::Key_PageDown})
            QTest::keyClick(m_view.get(), key);
        wheel({0, 0}, 120);
        wheel({639, 479}, -120);
    }
    QTRY_VERIFY(settled());
}

QTEST_MAIN(TestPlotGestures)
#include "tst_plot_gestures.moc"
