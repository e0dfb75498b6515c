#include "core/plot/depth_order.h"

#include "core/base/parallel.h"
#include "core/plot/depth_cue.h"
#include "core/plot/pick_grid.h"
#include "core/plot/rasterizer.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstring>

using namespace embedscope;

class TestDepthOrder : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithDoublePrecision_data();
    void agreesWithDoublePrecision();
    void nearestFirstAndEqualDepthsInDrawingOrder();
    void sameBytesOnAnyThreadCount();
    void aPrefixIsSeenAsInTheWhole();
    void carriesCodesLayersAndIds();
    void stopsWhereAsked();
    void hugeAndTinyCloudsStayInRange();
    void seenCloudAndUnpackAgree();
    void nearCoversFar();
    void farIsSmallerAndFoggier();
    void slicesGiveTheSamePixels();
    void samePixelsOnAnyThreadCount();
    void theNearDiscIsPicked();

private:
    static PointCloud cloudOf(const Matrix& places)
    {
        return makePointCloud(places, drawingOrder(places.rows()));
    }
    static Matrix placesOf(const std::vector<std::array<float, 3>>& points)
    {
        Matrix m = Matrix::zeros(static_cast<Index>(points.size()), 3);
        for (std::size_t i = 0; i < points.size(); ++i) {
            for (std::size_t j = 0; j < 3; ++j)
                m(static_cast<Index>(i), static_cast<Index>(j)) = points[i][j];
        }
        return m;
    }
    static SpaceView viewOf(const PointCloud& cloud, const Turn& turn = Turn::standard())
    {
        return {turn, cloud.extent};
    }
};

namespace {

constexpr Rgba kGround = 0xffffffff;
const std::vector<Rgba> kColors = {0xffff0000, 0xff0000ff};

RasterStyle styleOf(float radius, float opacity, const std::vector<Rgba>& fogged)
{
    RasterStyle style;
    style.radiusPx = radius;
    style.opacity = opacity;
    style.palette = fogged;
    return style;
}

} // namespace

void TestDepthOrder::agreesWithDoublePrecision_data()
{
    QTest::addColumn<double>("scale");
    QTest::addColumn<double>("offset");
    QTest::addRow("as layouts are") << 10.0 << 0.0;
    QTest::addRow("as t-SNE starts") << 1e-4 << 0.0;
    QTest::addRow("far from the origin") << 1.0 << 1000.0;
}

void TestDepthOrder::agreesWithDoublePrecision()
{
    QFETCH(double, scale);
    QFETCH(double, offset);
    // Neither a multiple of a vector nor of a run.
    const Index n = 5003;
    Matrix places = test::normalMatrix(n, 3);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < 3; ++j)
            places(i, j) = static_cast<float>(places(i, j) * scale + offset);
    }
    const PointCloud cloud = cloudOf(places);
    for (const Turn& turn : {Turn(), Turn::standard(), Turn::fromAngles(200, -70)}) {
        const SpaceView view = viewOf(cloud, turn);
        DepthOrder order;
        const auto points = order.sort(cloud, {}, {}, view, n);
        QCOMPARE(points.size(), static_cast<std::size_t>(n));
        for (const SeenPoint& point : points) {
            const float* row = places.row(point.id);
            const SpaceView::Seen seen = view.place({row[0], row[1], row[2]});
            // Far finer than a pixel of any screen.
            const double error = std::max(std::abs(point.x - seen.x), std::abs(point.y - seen.y));
            QVERIFY2(error < 2e-6 * view.extent().radius,
                qPrintable(QString::number(error / view.extent().radius)));
            QVERIFY(std::abs(point.cue - cueOf(view, seen.nearness)) <= 1);
        }
    }
}

void TestDepthOrder::nearestFirstAndEqualDepthsInDrawingOrder()
{
    const Index n = 100000;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 3));
    const Matrix places = test::normalMatrix(n, 3);
    const SpaceView view = viewOf(cloud);
    DepthOrder order;
    const auto points = order.sort(cloud, {}, {}, view, n);
    std::vector<bool> seen(static_cast<std::size_t>(n), false);
    double before = 2;
    for (const SeenPoint& point : points) {
        QVERIFY(!seen[point.id]);
        seen[point.id] = true;
        const float* row = places.row(point.id);
        const double nearness = view.place({row[0], row[1], row[2]}).nearness;
        QVERIFY(nearness <= before + 2.1 / DepthOrder::kDepths);
        before = nearness;
    }
    // In one plane across the line of sight nothing is nearer: all keep their order.
    Matrix flat = test::normalMatrix(1000, 3);
    for (Index i = 0; i < 1000; ++i)
        flat(i, 2) = 5;
    const PointCloud flatCloud = cloudOf(flat);
    const auto same = order.sort(flatCloud, {}, {}, viewOf(flatCloud, Turn()), 1000);
    for (std::size_t i = 0; i < same.size(); ++i)
        QCOMPARE(same[i].id, flatCloud.ids[i]);
}

void TestDepthOrder::sameBytesOnAnyThreadCount()
{
    const Index n = 300001;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 3));
    const auto sorted = [&](int threads) {
        setThreadCount(threads);
        DepthOrder order;
        const auto points = order.sort(cloud, {}, {}, viewOf(cloud), n);
        const std::vector<SeenPoint> copy(points.begin(), points.end());
        const PointCloud again = cloudOf(test::normalMatrix(1000, 3));
        setThreadCount(0);
        return copy;
    };
    const auto one = sorted(1);
    for (const int threads : {2, 3}) {
        const auto other = sorted(threads);
        QCOMPARE(other.size(), one.size());
        QVERIFY(std::memcmp(other.data(), one.data(), one.size() * sizeof(SeenPoint)) == 0);
    }
}

void TestDepthOrder::aPrefixIsSeenAsInTheWhole()
{
    const Index n = 50000;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 3));
    DepthOrder order;
    const auto whole = order.sort(cloud, {}, {}, viewOf(cloud), n);
    std::vector<SeenPoint> byId(static_cast<std::size_t>(n));
    for (const SeenPoint& point : whole)
        byId[point.id] = point;
    const auto some = order.sort(cloud, {}, {}, viewOf(cloud), 7777);
    QCOMPARE(some.size(), std::size_t{7777});
    for (const SeenPoint& point : some)
        QVERIFY(std::memcmp(&point, &byId[point.id], sizeof point) == 0);
    QVERIFY(order.sort(cloud, {}, {}, viewOf(cloud), 0).empty());
}

void TestDepthOrder::carriesCodesLayersAndIds()
{
    const Index n = 3000;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 3));
    std::vector<std::uint16_t> codes;
    std::vector<std::uint8_t> layers;
    for (const PointId id : cloud.ids) {
        codes.push_back(static_cast<std::uint16_t>(id % 300));
        layers.push_back(static_cast<std::uint8_t>(id % 6));
    }
    DepthOrder order;
    for (const SeenPoint& point : order.sort(cloud, codes, layers, viewOf(cloud), n)) {
        QCOMPARE(point.code, static_cast<std::uint16_t>(point.id % 300));
        QCOMPARE(point.layer, static_cast<std::uint8_t>(point.id % 6));
    }
}

void TestDepthOrder::stopsWhereAsked()
{
    const PointCloud cloud = cloudOf(test::normalMatrix(1000, 3));
    std::stop_source stop;
    DepthOrder order;
    QCOMPARE(order.sort(cloud, {}, {}, viewOf(cloud), 1000, Progress(stop.get_token())).size(),
        std::size_t{1000});
    stop.request_stop();
    QVERIFY(order.sort(cloud, {}, {}, viewOf(cloud), 1000, Progress(stop.get_token())).empty());
}

void TestDepthOrder::hugeAndTinyCloudsStayInRange()
{
    for (const float scale : {3e38F, 1e30F, 1e-30F, 1e-44F, 0.0F}) {
        const PointCloud cloud = cloudOf(placesOf({{scale, -scale, scale}, {-scale, scale, scale},
            {scale, scale, -scale}, {0, 0, 0}, {-scale, -scale, -scale}}));
        DepthOrder order;
        const auto points = order.sort(cloud, {}, {}, viewOf(cloud), cloud.size());
        QCOMPARE(points.size(), std::size_t{5});
        std::vector<PointId> ids;
        for (const SeenPoint& point : points) {
            QVERIFY(point.cue < kCueLevels);
            ids.push_back(point.id);
        }
        std::sort(ids.begin(), ids.end());
        QCOMPARE(ids, (std::vector<PointId>{0, 1, 2, 3, 4}));
    }
}

void TestDepthOrder::seenCloudAndUnpackAgree()
{
    const Index n = 70001;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 3));
    const PointCloud flat = seenCloud(cloud, viewOf(cloud));
    QCOMPARE(flat.ids, cloud.ids);
    QVERIFY(!flat.isSpace);
    DepthOrder order;
    const SeenCloud seen = unpack(order.sort(cloud, {}, {}, viewOf(cloud), n), cloud.universe);
    QVERIFY(seen.cloud->bounds.left > flat.bounds.left && seen.cloud->bounds.top < flat.bounds.top);
    QCOMPARE(seen.cloud->universe, cloud.universe);
    std::vector<std::size_t> slotOf(static_cast<std::size_t>(n));
    for (std::size_t slot = 0; slot < flat.ids.size(); ++slot)
        slotOf[flat.ids[slot]] = slot;
    for (std::size_t slot = 0; slot < seen.cloud->ids.size(); ++slot) {
        const std::size_t there = slotOf[seen.cloud->ids[slot]];
        QCOMPARE(seen.cloud->x[slot], flat.x[there]);
        QCOMPARE(seen.cloud->y[slot], flat.y[there]);
        // Fog is stepped through from near to far, but for points of one depth.
        QVERIFY(slot == 0 || (*seen.cues)[slot] + 1 >= (*seen.cues)[slot - 1]);
    }
}

void TestDepthOrder::nearCoversFar()
{
    // Two points behind one another; from the other side the other is in front.
    const PointCloud cloud = cloudOf(placesOf({{0, 0, 1}, {0, 0, -1}}));
    const auto fogged = foggedPalette(kColors, kGround, 0);
    for (const double azimuth : {0.0, 180.0}) {
        std::vector<std::uint16_t> codes;
        for (const PointId id : cloud.ids)
            codes.push_back(static_cast<std::uint16_t>(id));
        DepthOrder order;
        const auto points
            = order.sort(cloud, codes, {}, viewOf(cloud, Turn::fromAngles(azimuth, 0)), 2);
        Rasterizer raster(41, 41);
        raster.drawSeen(points, 1, {-2.05, 2.05, 10}, styleOf(6, 1, fogged), 0, 2);
        QCOMPARE(raster.pixels()[20 * 41 + 20], azimuth == 0 ? 0xffff0000U : 0xff0000ffU);
    }
}

void TestDepthOrder::farIsSmallerAndFoggier()
{
    for (int cue = 1; cue < kCueLevels; ++cue)
        QVERIFY(cueSize(cue) <= cueSize(cue - 1));
    QVERIFY(cueSize(0) > 1.15 && cueSize(kCueLevels - 1) < 0.85);
    const auto fogged = foggedPalette(kColors, kGround, 0.6);
    QCOMPARE(fogged.size(), kColors.size() * kCueLevels);
    for (std::size_t color = 0; color < kColors.size(); ++color) {
        QVERIFY(colorDistance(toOkLab(fogged[color]), toOkLab(kColors[color])) < 0.01);
        double before = 10;
        for (std::size_t cue = 0; cue < kCueLevels; ++cue) {
            const double distance
                = colorDistance(toOkLab(fogged[cue * kColors.size() + color]), toOkLab(kGround));
            QVERIFY(distance <= before + 0.01);
            before = distance;
        }
        QVERIFY(before < 0.55 * colorDistance(toOkLab(kColors[color]), toOkLab(kGround)));
    }
    // And so they are drawn.
    const PointCloud cloud = cloudOf(placesOf({{-1, 0, 1}, {1, 0, -1}}));
    DepthOrder order;
    const auto points = order.sort(cloud, {}, {}, viewOf(cloud, Turn()), 2);
    Rasterizer raster(60, 40);
    raster.drawSeen(points, 1, {-3, 2, 10}, styleOf(4, 1, fogged), 0, 2);
    double near = 0;
    double far = 0;
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 60; ++x)
            (x < 30 ? near : far) += raster.pixels()[static_cast<std::size_t>(y * 60 + x)] >> 24U;
    }
    QVERIFY(near > 1.5 * far && far > 0);
}

void TestDepthOrder::slicesGiveTheSamePixels()
{
    const Index n = 30000;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 3));
    std::vector<std::uint16_t> codes;
    for (Index i = 0; i < n; ++i)
        codes.push_back(static_cast<std::uint16_t>(i % 2));
    DepthOrder order;
    const auto points = order.sort(cloud, codes, {}, viewOf(cloud), n);
    const auto fogged = foggedPalette(kColors, kGround, 0.6);
    const RasterView view = {-5, 4, 30};
    Rasterizer once(300, 240);
    once.drawSeen(points, 1, view, styleOf(1.7F, 0.4F, fogged), 0, n);
    Rasterizer sliced(300, 240);
    for (Index begin = 0; begin < n; begin += 7001)
        sliced.drawSeen(
            points, 1, view, styleOf(1.7F, 0.4F, fogged), begin, std::min(n, begin + 7001));
    QVERIFY(once.pixels() == sliced.pixels());
    QVERIFY(std::count(once.pixels().begin(), once.pixels().end(), 0U) < 300 * 240 - 10000);
}

void TestDepthOrder::samePixelsOnAnyThreadCount()
{
    const Index n = 200000;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 3));
    const auto fogged = foggedPalette(kColors, kGround, 0.6);
    const auto draw = [&](int threads) {
        setThreadCount(threads);
        DepthOrder order;
        const auto points = order.sort(cloud, {}, {}, viewOf(cloud), n);
        Rasterizer raster(301, 233);
        raster.drawSeen(points, 1, {-5, 4, 30}, styleOf(1.2F, 0.3F, fogged), 0, n);
        setThreadCount(0);
        return raster.pixels();
    };
    const auto one = draw(1);
    QVERIFY(one == draw(2));
    QVERIFY(one == draw(3));
}

void TestDepthOrder::theNearDiscIsPicked()
{
    // A far point exactly under the mouse, and a near one whose larger disc covers the place.
    const PointCloud cloud = cloudOf(placesOf({{0, 0, -1}, {0.3F, 0, 1}, {-0.3F, 0, 0}}));
    DepthOrder order;
    const SeenCloud seen
        = unpack(order.sort(cloud, {}, {}, viewOf(cloud, Turn()), 3), cloud.universe);
    const auto grid = PickGrid::build(seen.cloud).value();
    PickGrid::Query query;
    query.layers = *seen.layers;
    query.cues = *seen.cues;
    query.x = viewOf(cloud, Turn()).place({0, 0, -1}).x;
    query.radius = 0.5;
    query.discRadius = 0.6;
    QCOMPARE(seen.cloud->ids[*grid->pick(query)], PointId{1});
    // Discs too small to cover it: the nearest on the picture.
    query.discRadius = 0.01;
    QCOMPARE(seen.cloud->ids[*grid->pick(query)], PointId{0});
}

QTEST_APPLESS_MAIN(TestDepthOrder)
#include "tst_depth_order.moc"
