#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/plot/lasso.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;

class TestLasso : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheExactTest_data();
    void agreesWithTheExactTest();
    void crossingLinesLeaveNoHole();
    void thinPolygonsAreExact();
    void fewerThanThreeVerticesHoldNothing();
    void hiddenPointsStayOut();
    void aRectangleIncludesItsEdges();
    void sameSetOnAnyThreadCount();
};

namespace {

PointCloud cloudOf(const Matrix& positions)
{
    return makePointCloud(positions, drawingOrder(positions.rows()));
}

PointSet naive(const PointCloud& cloud, std::span<const MapPoint> polygon)
{
    PointSet set(cloud.universe);
    for (std::size_t slot = 0; slot < cloud.ids.size(); ++slot) {
        if (isInPolygon(polygon, cloud.x[slot], cloud.y[slot]))
            set.insert(cloud.ids[slot]);
    }
    return set;
}

} // namespace

void TestLasso::agreesWithTheExactTest_data()
{
    QTest::addColumn<int>("vertices");
    for (const int vertices : {3, 4, 7, 20, 200})
        QTest::addRow("%d", vertices) << vertices;
}

void TestLasso::agreesWithTheExactTest()
{
    QFETCH(int, vertices);
    const PointCloud cloud = cloudOf(test::normalMatrix(20000, 2));
    Random random(static_cast<std::uint64_t>(vertices));
    for (int round = 0; round < 10; ++round) {
        // Random vertices: as crossed and as pointed as a polygon can be.
        std::vector<MapPoint> polygon;
        for (int i = 0; i < vertices; ++i)
            polygon.push_back({1.5 * random.normal(), 1.5 * random.normal()});
        QVERIFY(pointsInPolygon(cloud, polygon) == naive(cloud, polygon));
        // And one that goes round, as a hand draws it.
        polygon.clear();
        for (int i = 0; i < vertices; ++i) {
            const double angle = 6.283185307 * i / vertices;
            const double radius = 1 + 0.3 * random.uniform();
            polygon.push_back({radius * std::cos(angle), radius * std::sin(angle)});
        }
        const PointSet inside = pointsInPolygon(cloud, polygon);
        QVERIFY(inside == naive(cloud, polygon));
        QVERIFY(inside.count() > 2000);
    }
}

void TestLasso::crossingLinesLeaveNoHole()
{
    // Twice round: the middle is enclosed twice, and stays in.
    std::vector<MapPoint> polygon;
    for (int i = 0; i < 40; ++i) {
        const double angle = 2 * 6.283185307 * i / 40;
        const double radius = i < 20 ? 1 : 2;
        polygon.push_back({radius * std::cos(angle), radius * std::sin(angle)});
    }
    QVERIFY(isInPolygon(polygon, 0, 0));
    QVERIFY(isInPolygon(polygon, 1.5, 0.1));
    QVERIFY(!isInPolygon(polygon, 2.5, 0));
}

void TestLasso::thinPolygonsAreExact()
{
    const PointCloud cloud = cloudOf(test::normalMatrix(20000, 2));
    const std::vector<MapPoint> sliver = {{-3, -3}, {3, 3.001}, {3, 2.999}};
    QVERIFY(pointsInPolygon(cloud, sliver) == naive(cloud, sliver));
    const std::vector<MapPoint> flat = {{-3, 0}, {3, 0}, {0, 0}};
    QVERIFY(pointsInPolygon(cloud, flat) == naive(cloud, flat));
    const std::vector<MapPoint> dot = {{1, 1}, {1, 1}, {1, 1}};
    QVERIFY(pointsInPolygon(cloud, dot).isEmpty());
}

void TestLasso::fewerThanThreeVerticesHoldNothing()
{
    const PointCloud cloud = cloudOf(test::normalMatrix(100, 2));
    QVERIFY(pointsInPolygon(cloud, {}).isEmpty());
    const std::vector<MapPoint> two = {{-5, -5}, {5, 5}};
    QVERIFY(pointsInPolygon(cloud, two).isEmpty());
    const std::vector<MapPoint> broken = {{-5, -5}, {5, -5}, {std::nan(""), 5}};
    QVERIFY(pointsInPolygon(cloud, broken).isEmpty());
    QCOMPARE(pointsInPolygon(cloud, {}).universe(), Index{100});
}

void TestLasso::hiddenPointsStayOut()
{
    const PointCloud cloud = cloudOf(test::normalMatrix(100, 2));
    std::vector<std::uint8_t> layers(100, 1);
    layers[13] = 0;
    const std::vector<MapPoint> all = {{-9, -9}, {9, -9}, {9, 9}, {-9, 9}};
    const PointSet inside = pointsInPolygon(cloud, all, layers);
    QCOMPARE(inside.count(), Index{99});
    QVERIFY(!inside.contains(cloud.ids[13]));
    QVERIFY(pointsInRect(cloud, {-9, -9, 9, 9}, layers) == inside);
}

void TestLasso::aRectangleIncludesItsEdges()
{
    Matrix places = Matrix::zeros(3, 2);
    places(0, 0) = 1;
    places(1, 0) = 2;
    places(2, 0) = 3;
    const PointCloud cloud = cloudOf(places);
    const PointSet inside = pointsInRect(cloud, {1, 0, 2, 0});
    QCOMPARE(inside.ids(), (std::vector<PointId>{0, 1}));
}

void TestLasso::sameSetOnAnyThreadCount()
{
    const PointCloud cloud = cloudOf(test::normalMatrix(200000, 2));
    const std::vector<MapPoint> polygon = {{-1, -1}, {1.3, -0.4}, {0.2, 1.9}};
    setThreadCount(1);
    const PointSet one = pointsInPolygon(cloud, polygon);
    setThreadCount(3);
    const PointSet three = pointsInPolygon(cloud, polygon);
    setThreadCount(0);
    QVERIFY(one == three);
    QVERIFY(!one.isEmpty());
}

QTEST_APPLESS_MAIN(TestLasso)
#include "tst_lasso.moc"
