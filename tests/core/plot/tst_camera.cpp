#include "core/plot/camera.h"

#include <QTest>
#include <cmath>

using namespace embedscope;

class TestCamera : public QObject
{
    Q_OBJECT

private slots:
    void fitShowsEverythingWithAMargin();
    void zoomKeepsThePointUnderTheMouse();
    void zoomHasItsLimits();
    void panFollowsTheDrag();
    void resizeKeepsMiddleAndScale();
    void onePointIsShownInTheMiddle();
    void thereAndBack();
    void ticksAreRound();
    void ticksOfAnEmptyRangeAreNone();
};

void TestCamera::fitShowsEverythingWithAMargin()
{
    Camera camera(800, 400);
    camera.fit({-3, 10, 5, 30}, 20);
    const MapPoint topLeft = camera.toPixels(-3, 30);
    const MapPoint bottomRight = camera.toPixels(5, 10);
    QVERIFY(topLeft.x >= 20 - 1e-9 && bottomRight.x <= 780 + 1e-9);
    QVERIFY(std::abs(topLeft.y - 20) < 1e-9);
    QVERIFY(std::abs(bottomRight.y - 380) < 1e-9);
    // One scale in both directions.
    QVERIFY(std::abs((bottomRight.x - topLeft.x) / 8 - (bottomRight.y - topLeft.y) / 20) < 1e-9);
}

void TestCamera::zoomKeepsThePointUnderTheMouse()
{
    Camera camera(640, 480);
    camera.fit({0, 0, 1, 1}, 10);
    const MapPoint before = camera.toMap(123, 45);
    const double scale = camera.scale();
    for (int i = 0; i < 40; ++i)
        camera.zoomAt(123, 45, 1.2);
    const MapPoint after = camera.toMap(123, 45);
    QVERIFY(std::abs(before.x - after.x) < 1e-9 && std::abs(before.y - after.y) < 1e-9);
    QVERIFY(std::abs(camera.scale() / scale - std::pow(1.2, 40)) < 1e-6 * std::pow(1.2, 40));
}

void TestCamera::zoomHasItsLimits()
{
    Camera camera(640, 480);
    camera.fit({0, 0, 1, 1}, 0);
    const double scale = camera.scale();
    camera.zoomAt(1, 1, 1e300);
    QVERIFY(camera.scale() < scale * 1e6);
    camera.zoomAt(1, 1, 1e-300);
    QVERIFY(camera.scale() > scale * 1e-3);
}

void TestCamera::panFollowsTheDrag()
{
    Camera camera(640, 480);
    camera.fit({0, 0, 1, 1}, 10);
    const MapPoint grabbed = camera.toMap(100, 100);
    camera.pan(30, -20);
    const MapPoint now = camera.toMap(130, 80);
    QVERIFY(std::abs(grabbed.x - now.x) < 1e-12 && std::abs(grabbed.y - now.y) < 1e-12);
}

void TestCamera::resizeKeepsMiddleAndScale()
{
    Camera camera(640, 480);
    camera.fit({0, 0, 1, 1}, 10);
    const double scale = camera.scale();
    camera.resize(300, 200);
    QCOMPARE(camera.scale(), scale);
    const MapPoint middle = camera.toMap(150, 100);
    QVERIFY(std::abs(middle.x - 0.5) < 1e-12 && std::abs(middle.y - 0.5) < 1e-12);
}

void TestCamera::onePointIsShownInTheMiddle()
{
    for (const double place : {0.0, 1e-20, 17.0, -1e8, 1e30}) {
        Camera camera(640, 480);
        camera.fit({place, place, place, place}, 20);
        QVERIFY(std::isfinite(camera.scale()) && camera.scale() > 0);
        const MapPoint p = camera.toPixels(place, place);
        QVERIFY(std::abs(p.x - 320) < 1e-6 && std::abs(p.y - 240) < 1e-6);
    }
    // Points on a line.
    Camera camera(640, 480);
    camera.fit({0, 2, 10, 2}, 20);
    QVERIFY(std::abs(camera.toPixels(0, 2).x - 20) < 1e-9);
}

void TestCamera::thereAndBack()
{
    Camera camera(333, 777);
    camera.fit({-1, 2, 5, 9}, 3);
    const MapPoint pixels = camera.toPixels(1.25, 3.5);
    const MapPoint map = camera.toMap(pixels.x, pixels.y);
    QVERIFY(std::abs(map.x - 1.25) < 1e-12 && std::abs(map.y - 3.5) < 1e-12);
    const MapRect visible = camera.visible();
    QVERIFY(std::abs(camera.toPixels(visible.left, visible.top).x) < 1e-9);
    QVERIFY(std::abs(camera.toPixels(visible.right, visible.bottom).y - 777) < 1e-9);
}

void TestCamera::ticksAreRound()
{
    const Ticks ticks = roundTicks(-4.1, 7.3, 6);
    QCOMPARE(ticks.step, 2.0);
    QCOMPARE(ticks.first, -4.0);
    QCOMPARE(ticks.count, 6);
    QCOMPARE(ticks.decimals, 0);
    const Ticks fine = roundTicks(0.101, 0.123, 5);
    QCOMPARE(fine.decimals, 3);
    QVERIFY(std::abs(fine.step - 0.005) < 1e-12);
    for (double range = 1e-6; range < 1e9; range *= 3.7) {
        const Ticks t = roundTicks(range / 3, range / 3 + range, 6);
        QVERIFY(t.count >= 3 && t.count <= 8);
        QVERIFY(t.first >= range / 3 * (1 - 1e-6));
        QVERIFY(t.first + (t.count - 1) * t.step <= (range / 3 + range) * (1 + 1e-6));
    }
}

void TestCamera::ticksOfAnEmptyRangeAreNone()
{
    QCOMPARE(roundTicks(1, 1, 5).count, 0);
    QCOMPARE(roundTicks(2, 1, 5).count, 0);
    QCOMPARE(roundTicks(0, std::nan(""), 5).count, 0);
}

QTEST_APPLESS_MAIN(TestCamera)
#include "tst_camera.moc"
