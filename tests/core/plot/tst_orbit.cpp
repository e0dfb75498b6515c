#include "core/plot/orbit.h"

#include "core/base/random.h"
#include "core/plot/point_cloud.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;

class TestOrbit : public QObject
{
    Q_OBJECT

private slots:
    void unturnedTheAxesRunRightUpAndTowardsTheEye();
    void anglesMoveTheEye();
    void aDragMovesWhatIsNearAlong();
    void thousandsOfTurnsStayOrthonormal();
    void thereAndBackIsWhereItWas();
    void boundsHoldEveryPointFromEverySide();
    void nearThingsLookLarger();
    void theExtentHoldsAllAndKnowsTheBulk();
    void aCloudWithoutExtentIsOnePlace();
    void turnsThatAreNoNumbersAreIgnored();

private:
    static bool isClose(const SpacePoint& a, const SpacePoint& b)
    {
        return std::abs(a.x - b.x) < 1e-9 && std::abs(a.y - b.y) < 1e-9
            && std::abs(a.z - b.z) < 1e-9;
    }
};

void TestOrbit::unturnedTheAxesRunRightUpAndTowardsTheEye()
{
    const SpacePoint p = {1, 2, 3};
    QVERIFY(isClose(Turn().apply(p), p));
    const SpaceView view(Turn(), {{10, 20, 30}, 2, {10, 20, 30}, 1});
    QVERIFY(view.place({11, 20, 30}).x > 0.9);
    QVERIFY(view.place({10, 21, 30}).y > 0.9);
    QCOMPARE(view.place({10, 20, 32}).nearness, 1.0);
    QCOMPARE(view.place({10, 20, 28}).nearness, -1.0);
    QCOMPARE(view.place({10, 20, 30}).x, 0.0);
}

void TestOrbit::anglesMoveTheEye()
{
    // A quarter round to the right: what lay to the right lies before the eye.
    QVERIFY(isClose(Turn::fromAngles(90, 0).apply({1, 0, 0}), {0, 0, 1}));
    QVERIFY(isClose(Turn::fromAngles(90, 0).apply({0, 0, 1}), {-1, 0, 0}));
    // From above: what points up points at the eye.
    QVERIFY(isClose(Turn::fromAngles(0, 90).apply({0, 1, 0}), {0, 0, 1}));
    // However far round, up stays up and level where the eye is level.
    QVERIFY(isClose(Turn::fromAngles(77, 0).apply({0, 1, 0}), {0, 1, 0}));
    // From the standard side no axis hides another.
    const Turn standard = Turn::standard();
    for (const SpacePoint& axis : {SpacePoint{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}) {
        const SpacePoint seen = standard.apply(axis);
        QVERIFY(std::hypot(seen.x, seen.y) > 0.4);
    }
}

void TestOrbit::aDragMovesWhatIsNearAlong()
{
    for (const Turn& from : {Turn(), Turn::standard(), Turn::fromAngles(-120, 50)}) {
        // The place of the layout that is now nearest the eye.
        const auto& m = from.rows();
        const SpacePoint front = {m[6], m[7], m[8]};
        Turn turn = from;
        turn.turn(0.1, 0);
        QVERIFY(turn.apply(front).x > 0.05);
        turn = from;
        turn.turn(0, 0.1);
        QVERIFY(turn.apply(front).y < -0.05);
    }
}

void TestOrbit::thousandsOfTurnsStayOrthonormal()
{
    Random random(5);
    Turn turn;
    for (int i = 0; i < 20000; ++i)
        turn.turn(random.uniform() - 0.5, random.uniform() - 0.5);
    const auto& m = turn.rows();
    for (std::size_t a = 0; a < 3; ++a) {
        for (std::size_t b = 0; b < 3; ++b) {
            double dot = 0;
            for (std::size_t i = 0; i < 3; ++i)
                dot += m[3 * a + i] * m[3 * b + i];
            QVERIFY(std::abs(dot - (a == b ? 1 : 0)) < 1e-12);
        }
    }
    // And no mirror.
    const double determinant = m[0] * (m[4] * m[8] - m[5] * m[7])
        - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
    QVERIFY(std::abs(determinant - 1) < 1e-12);
}

void TestOrbit::thereAndBackIsWhereItWas()
{
    Turn turn = Turn::standard();
    turn.turn(0.7, 0);
    turn.turn(-0.7, 0);
    for (const SpacePoint& p : {SpacePoint{1, 2, 3}, {-4, 0, 1}})
        QVERIFY(isClose(turn.apply(p), Turn::standard().apply(p)));
}

void TestOrbit::boundsHoldEveryPointFromEverySide()
{
    const Matrix places = test::normalMatrix(500, 3);
    const PointCloud cloud = makePointCloud(places, drawingOrder(500));
    Random random(9);
    for (int side = 0; side < 50; ++side) {
        Turn turn;
        turn.turn(6.3 * random.uniform(), 6.3 * random.uniform());
        const SpaceView view(turn, cloud.extent);
        const MapRect bounds = view.bounds();
        for (Index i = 0; i < 500; ++i) {
            const SpaceView::Seen seen = view.place({places(i, 0), places(i, 1), places(i, 2)});
            QVERIFY(seen.x >= bounds.left && seen.x <= bounds.right);
            QVERIFY(seen.y >= bounds.bottom && seen.y <= bounds.top);
            QVERIFY(std::abs(seen.nearness) <= 1 + 1e-12);
        }
        QCOMPARE(bounds, SpaceView(Turn(), cloud.extent).bounds());
    }
}

void TestOrbit::nearThingsLookLarger()
{
    const SpaceView view(Turn(), {{0, 0, 0}, 1, {0, 0, 0}, 1});
    const double near = view.place({0.5, 0, 0.5}).x;
    const double middle = view.place({0.5, 0, 0}).x;
    const double far = view.place({0.5, 0, -0.5}).x;
    QVERIFY(near > middle && middle > far);
    QCOMPARE(middle, 0.5);
    QVERIFY(near / far < 1.5); // gently
}

void TestOrbit::theExtentHoldsAllAndKnowsTheBulk()
{
    Matrix places = test::normalMatrix(20000, 3);
    places(77, 0) = 1000; // one far outside
    places(3, 2) = std::nanf("");
    const PointCloud cloud = makePointCloud(places, drawingOrder(20000));
    QVERIFY(cloud.isSpace);
    QCOMPARE(cloud.size(), Index{19999});
    QCOMPARE(cloud.z.size(), std::size_t{19999});
    const SpaceExtent& extent = cloud.extent;
    double farthest = 0;
    SpacePoint mean;
    for (Index i = 0; i < 20000; ++i) {
        if (i == 3)
            continue;
        mean = {mean.x + places(i, 0) / 19999.0, mean.y + places(i, 1) / 19999.0,
            mean.z + places(i, 2) / 19999.0};
        farthest = std::max(farthest,
            std::hypot(places(i, 0) - extent.meanPoint().x, places(i, 1) - extent.meanPoint().y,
                places(i, 2) - extent.meanPoint().z));
    }
    QVERIFY(std::abs(extent.meanPoint().x - mean.x) < 1e-8
        && std::abs(extent.meanPoint().z - mean.z) < 1e-6);
    // A ball round all of them, nearly the smallest: from the far one to the far side of the rest.
    double reach = 0;
    const SpacePoint middle = extent.middle();
    for (Index i = 0; i < 20000; ++i) {
        if (i != 3)
            reach = std::max(reach,
                std::hypot(
                    places(i, 0) - middle.x, places(i, 1) - middle.y, places(i, 2) - middle.z));
    }
    QVERIFY(std::abs(extent.radius - reach) < 1e-9 * reach);
    QVERIFY(extent.radius < 0.6 * farthest && extent.radius > 0.49 * farthest);
    // 95 % of a normal distribution in three dimensions: 2.8.
    QVERIFY(extent.bulk > 2.5 && extent.bulk < 3.1);
    QVERIFY(!makePointCloud(test::normalMatrix(10, 2), drawingOrder(10)).isSpace);
}

void TestOrbit::aCloudWithoutExtentIsOnePlace()
{
    for (const Index n : {Index{1}, Index{5}}) {
        Matrix places = Matrix::zeros(n, 3);
        for (Index i = 0; i < n; ++i)
            places(i, 1) = 7;
        const PointCloud cloud = makePointCloud(places, drawingOrder(n));
        const SpaceView view(Turn::standard(), cloud.extent);
        const SpaceView::Seen seen = view.place({0, 7, 0});
        QCOMPARE(seen.x, 0.0);
        QCOMPARE(seen.y, 0.0);
        Camera camera(300, 200);
        camera.fit(view.bounds(), 10);
        QCOMPARE(camera.toPixels(seen.x, seen.y).x, 150.0);
    }
    QCOMPARE(makePointCloud(Matrix::zeros(0, 3), {}).size(), Index{0});
}

void TestOrbit::turnsThatAreNoNumbersAreIgnored()
{
    Turn turn = Turn::standard();
    turn.turn(std::nan(""), 0);
    turn.turn(0, HUGE_VAL);
    QVERIFY(turn == Turn::standard());
}

QTEST_APPLESS_MAIN(TestOrbit)
#include "tst_orbit.moc"
