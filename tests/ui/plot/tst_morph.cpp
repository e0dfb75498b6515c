#include "ui/plot/morph.h"

#include "tests/support/test_data.h"
#include "tests/ui/plot/plot_fixture.h"
#include "ui/workspace/color_state.h"
#include "ui/workspace/layout_list.h"
#include "ui/workspace/projection_state.h"

#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace embedscope;
using namespace embedscope::ui;

class TestMorph : public test::PlotFixture
{
    Q_OBJECT

private:
    qint64 m_now = 0;

    static std::shared_ptr<const PointCloud> cloudOf(const Matrix& positions)
    {
        return std::make_shared<const PointCloud>(
            makePointCloud(positions, drawingOrder(positions.rows())));
    }

    static std::size_t slotOf(const PointCloud& cloud, PointId id)
    {
        const auto found = std::find(cloud.ids.begin(), cloud.ids.end(), id);
        return static_cast<std::size_t>(found - cloud.ids.begin());
    }

    static QPointF seen(const PointCloud& cloud, PointId id, const Camera& camera)
    {
        const std::size_t slot = slotOf(cloud, id);
        const MapPoint p = camera.toPixels(cloud.x[slot], cloud.y[slot]);
        return {p.x, p.y};
    }

    static bool isNear(const QPointF& a, const QPointF& b)
    {
        return std::hypot(a.x() - b.x(), a.y() - b.y()) < 0.05;
    }

    /// Two maps of the same points, far apart in scale; the first is shown.
    void openTwoMaps()
    {
        openBlobs(120, 3);
        m_view->morph().setTime([this] { return m_now; });
        emit m_workspace->projection()->ended(true);
        auto second = layoutOf(*m_workspace->dataset());
        for (Index i = 0; i < second->size(); ++i) {
            const float x = second->positions(i, 0);
            second->positions(i, 0) = -50 * second->positions(i, 1) + 1000;
            second->positions(i, 1) = 80 * x;
        }
        emit m_workspace->projection()->layoutReady(second);
        m_view->morph().finish();
        emit m_workspace->projection()->ended(true);
        QTRY_VERIFY(settled());
        m_workspace->showLayoutBeside(-1);
        m_view->morph().finish();
        QTRY_VERIFY(settled());
        QCOMPARE(m_workspace->layouts()->entries().size(), std::size_t(2));
    }

private slots:
    void pointsLeaveFromWhereTheyWereSeen()
    {
        const Matrix from = test::normalMatrix(500, 2, 1);
        Matrix to = test::normalMatrix(500, 2, 2);
        for (Index i = 0; i < 500; ++i) {
            to(i, 0) = to(i, 0) * 300 + 7000;
            to(i, 1) *= 300;
        }
        const auto fromCloud = cloudOf(from);
        const auto toCloud = cloudOf(to);
        Camera before(640, 480);
        before.fit(fromCloud->bounds, 10);
        before.zoomAt(100, 50, 2.5);
        Camera after(640, 480);
        after.fit(toCloud->bounds, 14);
        const MorphPath path({fromCloud, before}, toCloud);
        const auto start = path.at(0, after);
        const auto middle = path.at(0.5, after);
        const auto end = path.at(1, after);
        for (const PointId id : {0U, 13U, 499U}) {
            const QPointF a = seen(*fromCloud, id, before);
            const QPointF b = seen(*toCloud, id, after);
            QVERIFY(isNear(seen(*start, id, after), a));
            QVERIFY(isNear(seen(*middle, id, after), (a + b) / 2));
            QVERIFY(isNear(seen(*end, id, after), b));
        }
        QCOMPARE(end->ids, toCloud->ids);
    }

    void pointsThatWereNotOnScreenStandInPlace()
    {
        Matrix from = test::normalMatrix(60, 2, 1);
        Matrix to = test::normalMatrix(60, 2, 2);
        constexpr float none = std::numeric_limits<float>::quiet_NaN();
        from(7, 0) = from(7, 1) = none;
        to(9, 0) = to(9, 1) = none;
        const auto fromCloud = cloudOf(from);
        const auto toCloud = cloudOf(to);
        Camera camera(300, 300);
        camera.fit(toCloud->bounds, 10);
        const MorphPath path({fromCloud, camera}, toCloud);
        const auto early = path.at(0.1, camera);
        QCOMPARE(early->size(), Index(59)); // Point 9 has no place in the new map.
        QVERIFY(isNear(seen(*early, 7, camera), seen(*toCloud, 7, camera)));
        const QPointF a = seen(*fromCloud, 20, camera);
        const QPointF b = seen(*toCloud, 20, camera);
        QVERIFY(isNear(seen(*early, 20, camera), a + (b - a) * 0.1));
        for (const float x : early->x)
            QVERIFY(std::isfinite(x));
    }

    void theClockStartsAndEndsSlowly()
    {
        MorphClock clock;
        qint64 now = 1000;
        clock.setTime([&now] { return now; });
        QCOMPARE(clock.share(), 1.0);
        clock.start();
        QCOMPARE(clock.share(), 0.0);
        now += MorphClock::kDurationMs / 10;
        QVERIFY(clock.share() > 0 && clock.share() < 0.1);
        now = 1000 + MorphClock::kDurationMs / 2;
        QCOMPARE(clock.share(), 0.5);
        now = 1000 + MorphClock::kDurationMs * 9 / 10;
        QVERIFY(clock.share() > 0.9 && clock.share() < 1);
        QSignalSpy finished(&clock, &MorphClock::finished);
        now = 1000 + MorphClock::kDurationMs;
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(!clock.isRunning());
    }

    void switchingMapsMovesThePointsOver()
    {
        openTwoMaps();
        const QPointF was = *m_view->positionOf(5);
        m_now = 0;
        m_workspace->showLayoutBeside(1);
        QVERIFY(m_view->morph().isRunning());
        QVERIFY(!settled());
        QSignalSpy pictures(m_view.get(), &PlotView::cameraChanged);
        QTRY_VERIFY(!pictures.isEmpty()); // The first picture of the way has come.
        const QPointF goal = *m_view->positionOf(5);
        QVERIFY(std::hypot(goal.x() - was.x(), goal.y() - was.y()) > 20);
        m_now = MorphClock::kDurationMs;
        QTRY_VERIFY(settled());
        QVERIFY(!m_view->morph().isRunning());
        const PointId lonely = lonelyPoint();
        QVERIFY(lonely != kNoPoint);
        const auto& coloring = *m_workspace->color()->coloring();
        QCOMPARE(colorAt(at(lonely)), coloring.palette[coloring.codes[lonely]]);
        // All of the other map is seen.
        for (PointId i = 0; i < 120; ++i)
            QVERIFY(m_view->plotArea().contains(*m_view->positionOf(i)));
    }

    void whoeverActsNeedNotWait()
    {
        openTwoMaps();
        m_now = 0;
        m_workspace->showLayoutBeside(1);
        QVERIFY(m_view->morph().isRunning());
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, emptySpot());
        QVERIFY(!m_view->morph().isRunning());
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, emptySpot());
        QTRY_VERIFY(settled());
        m_workspace->showLayoutBeside(-1);
        QVERIFY(m_view->morph().isRunning());
        wheel(m_view->plotArea().center(), 120);
        QVERIFY(!m_view->morph().isRunning());
    }

    void aSwitchInTheMiddleOfASwitchArrives()
    {
        openTwoMaps();
        m_now = 0;
        m_workspace->showLayoutBeside(1);
        m_now = MorphClock::kDurationMs / 2;
        QCoreApplication::processEvents();
        m_workspace->showLayoutBeside(-1);
        QVERIFY(m_view->morph().isRunning());
        QCOMPARE(m_view->morph().share(), 0.0);
        m_now += MorphClock::kDurationMs;
        QTRY_VERIFY(settled());
        QCOMPARE(m_workspace->layout(), m_workspace->layouts()->entries().front().layout);
        for (PointId i = 0; i < 120; ++i)
            QVERIFY(m_view->plotArea().contains(*m_view->positionOf(i)));
    }

    void aRunThatMovesItsPointsIsNoSwitch()
    {
        openBlobs();
        emit m_workspace->projection()->layoutReady(layoutOf(*m_workspace->dataset()));
        QVERIFY(!m_view->morph().isRunning());
    }

    void closingTheTableEndsIt()
    {
        openTwoMaps();
        m_workspace->showLayoutBeside(1);
        m_workspace->close();
        QVERIFY(!m_view->morph().isRunning());
        QTRY_VERIFY(!m_view->positionOf(0));
    }
};

QTEST_MAIN(TestMorph)
#include "tst_morph.moc"
