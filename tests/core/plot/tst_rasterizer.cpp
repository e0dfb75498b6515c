#include "core/base/parallel.h"
#include "core/plot/palette.h"
#include "core/plot/rasterizer.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace embedscope;

class TestRasterizer : public QObject
{
    Q_OBJECT

private slots:
    void anyPrefixIsAFairSample();
    void slicesGiveTheSamePixels();
    void sameBytesOnAnyThreadCount();
    void pixelsAreValidPremultiplied();
    void firstPointLiesInFront();
    void aDiscHasItsArea_data();
    void aDiscHasItsArea();
    void pointsReachInFromOutside();
    void farAwayPointsAreLeftOut();
    void layersAreDrawnApart();
    void aHaloSetsThePointOff();
    void omittedRowsAreNotInTheCloud();
    void deepZoomKeepsPlaces();

private:
    static PointCloud cloudOf(const Matrix& positions)
    {
        return makePointCloud(positions, drawingOrder(positions.rows()));
    }
    static Matrix placesOf(const std::vector<std::pair<float, float>>& points)
    {
        Matrix m = Matrix::zeros(static_cast<Index>(points.size()), 2);
        for (std::size_t i = 0; i < points.size(); ++i) {
            m(static_cast<Index>(i), 0) = points[i].first;
            m(static_cast<Index>(i), 1) = points[i].second;
        }
        return m;
    }
    static std::vector<PointId> identity(Index n)
    {
        std::vector<PointId> order;
        for (Index i = 0; i < n; ++i)
            order.push_back(static_cast<PointId>(i));
        return order;
    }
    static double alphaSum(const Rasterizer& raster)
    {
        double sum = 0;
        for (const std::uint32_t pixel : raster.pixels())
            sum += pixel >> 24U;
        return sum / 255;
    }
};

namespace {

const std::vector<Rgba> kTwoColors = {0xffff0000, 0xff0000ff};

RasterStyle style(float radius, float opacity)
{
    RasterStyle s;
    s.radiusPx = radius;
    s.opacity = opacity;
    s.palette = kTwoColors;
    return s;
}

} // namespace

void TestRasterizer::anyPrefixIsAFairSample()
{
    const auto order = drawingOrder(100000);
    std::vector<bool> seen(order.size(), false);
    for (const PointId id : order) {
        QVERIFY(!seen[id]);
        seen[id] = true;
    }
    // The first 5,000 fall evenly into ten parts of the table: 500 ± 5 standard deviations each.
    std::vector<int> parts(10, 0);
    for (std::size_t i = 0; i < 5000; ++i)
        ++parts[order[i] / 10000];
    for (const int count : parts)
        QVERIFY2(std::abs(count - 500) < 106, qPrintable(QString::number(count)));
    QCOMPARE(drawingOrder(100000), order);
}

void TestRasterizer::slicesGiveTheSamePixels()
{
    const Index n = 30000;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 2));
    std::vector<std::uint16_t> codes;
    for (Index i = 0; i < n; ++i)
        codes.push_back(static_cast<std::uint16_t>(i % 2));
    const RasterView view = {-3, 2, 60};
    Rasterizer once(360, 240);
    once.draw(cloud, codes, {}, 1, view, style(1.7F, 0.4F), 0, n);
    Rasterizer sliced(360, 240);
    for (Index begin = 0; begin < n; begin += 7001)
        sliced.draw(cloud, codes, {}, 1, view, style(1.7F, 0.4F), begin, std::min(n, begin + 7001));
    QVERIFY(once.pixels() == sliced.pixels());
    QVERIFY(alphaSum(once) > 1000);
}

void TestRasterizer::sameBytesOnAnyThreadCount()
{
    const Index n = 300000;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 2));
    const std::vector<std::uint16_t> codes(static_cast<std::size_t>(n), 1);
    const auto draw = [&](int threads) {
        setThreadCount(threads);
        Rasterizer raster(301, 233);
        raster.draw(cloud, codes, {}, 1, {-3, 2, 55}, style(1.2F, 0.1F), 0, n);
        setThreadCount(0);
        return raster.pixels();
    };
    const auto one = draw(1);
    QVERIFY(one == draw(2));
    QVERIFY(one == draw(3));
}

void TestRasterizer::pixelsAreValidPremultiplied()
{
    const Index n = 50000;
    const PointCloud cloud = cloudOf(test::normalMatrix(n, 2));
    const std::vector<std::uint16_t> codes(static_cast<std::size_t>(n), 0);
    for (const float opacity : {0.02F, 0.3F, 1.0F}) {
        Rasterizer raster(100, 100);
        raster.draw(cloud, codes, {}, 1, {-3, 3, 17}, style(2.3F, opacity), 0, n);
        for (const std::uint32_t pixel : raster.pixels()) {
            const std::uint32_t alpha = pixel >> 24U;
            QVERIFY((pixel >> 16U & 255U) <= alpha);
            QVERIFY((pixel >> 8U & 255U) == 0 && (pixel & 255U) == 0);
        }
    }
}

void TestRasterizer::firstPointLiesInFront()
{
    const Matrix places = placesOf({{0, 0}, {0, 0}});
    const PointCloud cloud = makePointCloud(places, identity(2));
    const std::vector<std::uint16_t> codes = {0, 1};
    Rasterizer raster(21, 21);
    raster.draw(cloud, codes, {}, 1, {-10.5, 10.5, 1}, style(4, 1), 0, 2);
    QCOMPARE(raster.pixels()[10 * 21 + 10], 0xffff0000U);
    // Through a half transparent one the other shows.
    raster.clear();
    raster.draw(cloud, codes, {}, 1, {-10.5, 10.5, 1}, style(4, 0.5F), 0, 2);
    const std::uint32_t pixel = raster.pixels()[10 * 21 + 10];
    QVERIFY(std::abs(static_cast<int>(pixel >> 24U) - 191) <= 2);
    QVERIFY(std::abs(static_cast<int>(pixel >> 16U & 255U) - 128) <= 2);
    QVERIFY(std::abs(static_cast<int>(pixel & 255U) - 64) <= 2);
}

void TestRasterizer::aDiscHasItsArea_data()
{
    QTest::addColumn<double>("radius");
    for (const double radius : {0.5, 0.8, 1.0, 1.5, 2.2, 4.0, 7.5, 16.0, 40.0})
        QTest::addRow("%g", radius) << radius;
}

void TestRasterizer::aDiscHasItsArea()
{
    QFETCH(double, radius);
    const std::vector<std::uint16_t> codes = {0};
    for (const float shift : {0.0F, 0.2F, 0.61F, 0.93F}) {
        const Matrix places = placesOf({{50 + shift, -50 - 0.7F * shift}});
        const PointCloud cloud = makePointCloud(places, identity(1));
        Rasterizer raster(101, 101);
        raster.draw(cloud, codes, {}, 1, {0, 0, 1}, style(static_cast<float>(radius), 1), 0, 1);
        const double area = 3.14159265 * radius * radius;
        QVERIFY2(std::abs(alphaSum(raster) - area) < 0.02 * area + 0.03,
            qPrintable(QStringLiteral("%1 for %2").arg(alphaSum(raster)).arg(area)));
        // Its middle is where the point is, to the eighth of a pixel that places are rounded to and
        // the little that square pixels do to a small disc.
        double x = 0;
        double y = 0;
        for (int row = 0; row < 101; ++row) {
            for (int column = 0; column < 101; ++column) {
                const double a
                    = raster.pixels()[static_cast<std::size_t>(row * 101 + column)] >> 24U;
                x += a * (column + 0.5);
                y += a * (row + 0.5);
            }
        }
        QVERIFY(std::abs(x / alphaSum(raster) / 255 - (50 + shift)) < 0.2);
        QVERIFY(std::abs(y / alphaSum(raster) / 255 - (50 + 0.7 * shift)) < 0.2);
    }
}

void TestRasterizer::pointsReachInFromOutside()
{
    const Matrix places = placesOf({{-2, 5}, {12, 5}, {5, 12}, {5, -2}});
    const PointCloud cloud = makePointCloud(places, identity(4));
    const std::vector<std::uint16_t> codes(4, 0);
    Rasterizer raster(10, 10);
    raster.draw(cloud, codes, {}, 1, {0, 10, 1}, style(4, 1), 0, 4);
    for (const int pixel : {5 * 10 + 0, 5 * 10 + 9, 0 * 10 + 5, 9 * 10 + 5})
        QCOMPARE(raster.pixels()[static_cast<std::size_t>(pixel)], 0xffff0000U);
}

void TestRasterizer::farAwayPointsAreLeftOut()
{
    const Matrix places = placesOf({{1e30F, 0}, {-1e30F, 1e30F}, {0, -3e38F}, {40, 40}});
    const PointCloud cloud = makePointCloud(places, identity(4));
    const std::vector<std::uint16_t> codes(4, 0);
    Rasterizer raster(10, 10);
    raster.draw(cloud, codes, {}, 1, {0, 10, 1e6}, style(5, 1), 0, 4);
    QCOMPARE(alphaSum(raster), 0.0);
}

void TestRasterizer::layersAreDrawnApart()
{
    const Matrix places = placesOf({{2, 5}, {8, 5}, {5, 5}});
    const PointCloud cloud = makePointCloud(places, identity(3));
    const std::vector<std::uint16_t> codes = {0, 1, 0};
    const LayerOf layers = {1, 2, kHiddenLayer};
    Rasterizer raster(10, 10);
    raster.draw(cloud, codes, layers, 2, {0, 10, 1}, style(1, 1), 0, 3);
    QCOMPARE(raster.pixels()[5 * 10 + 2], 0U);
    QVERIFY(raster.pixels()[5 * 10 + 8] != 0U);
    raster.draw(cloud, codes, layers, 1, {0, 10, 1}, style(1, 1), 0, 3);
    QVERIFY(raster.pixels()[5 * 10 + 2] != 0U);
    QCOMPARE(raster.pixels()[5 * 10 + 5], 0U);
}

void TestRasterizer::aHaloSetsThePointOff()
{
    const Matrix places = placesOf({{20, -20}, {20, -20}});
    const PointCloud cloud = makePointCloud(places, identity(2));
    const std::vector<std::uint16_t> codes = {0, 1};
    RasterStyle s = style(5, 1);
    s.haloPx = 3;
    s.haloColor = 0xffffffff;
    Rasterizer raster(40, 40);
    raster.draw(cloud, codes, {}, 1, {0, 0, 1}, s, 0, 1);
    raster.draw(cloud, codes, {}, 1, {0, 0, 1}, style(12, 1), 1, 2);
    QCOMPARE(raster.pixels()[20 * 40 + 20], 0xffff0000U);
    QCOMPARE(raster.pixels()[20 * 40 + 26], 0xffffffffU);
    QCOMPARE(raster.pixels()[20 * 40 + 30], 0xff0000ffU);
    // Nothing of what is behind shines through between disc and ring.
    for (int column = 15; column < 28; ++column)
        QCOMPARE(raster.pixels()[static_cast<std::size_t>(20 * 40 + column)] >> 24U, 255U);
}

void TestRasterizer::omittedRowsAreNotInTheCloud()
{
    Matrix places = placesOf({{1, 1}, {2, 2}, {3, 3}});
    places(1, 0) = std::nanf("");
    const PointCloud cloud = cloudOf(places);
    QCOMPARE(cloud.size(), Index{2});
    QCOMPARE(cloud.universe, Index{3});
    QVERIFY(std::find(cloud.ids.begin(), cloud.ids.end(), PointId{1}) == cloud.ids.end());
    QCOMPARE(cloud.bounds, (MapRect{1, 1, 3, 3}));
    QCOMPARE(cloudOf(Matrix::zeros(0, 2)).size(), Index{0});
}

void TestRasterizer::deepZoomKeepsPlaces()
{
    // A hundred thousand times in: the view's corner is far larger than what is seen.
    const float x = 1.000123F;
    const Matrix places = placesOf({{x, 0}});
    const PointCloud cloud = makePointCloud(places, identity(1));
    const std::vector<std::uint16_t> codes = {0};
    const double scale = 1e7;
    Rasterizer raster(100, 100);
    raster.draw(cloud, codes, {}, 1, {static_cast<double>(x) - 30 / scale, 50 / scale, scale},
        style(3, 1), 0, 1);
    QCOMPARE(raster.pixels()[50 * 100 + 30], 0xffff0000U);
}

QTEST_APPLESS_MAIN(TestRasterizer)
#include "tst_rasterizer.moc"
