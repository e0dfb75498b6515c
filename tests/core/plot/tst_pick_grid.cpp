#include "core/base/random.h"
#include "core/plot/pick_grid.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;

class TestPickGrid : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithBruteForce();
    void theFrontDiscWins();
    void higherLayersLieInFront();
    void hiddenPointsAreNotFound();
    void degenerateCloudsWork();
    void buildingStops();
};

namespace {

std::shared_ptr<const PointCloud> cloudOf(const Matrix& positions)
{
    return std::make_shared<const PointCloud>(
        makePointCloud(positions, drawingOrder(positions.rows())));
}

std::shared_ptr<const PickGrid> gridOf(std::shared_ptr<const PointCloud> cloud)
{
    return PickGrid::build(std::move(cloud)).value();
}

std::optional<std::uint32_t> naivePick(const PointCloud& cloud, double x, double y, double radius)
{
    std::optional<std::uint32_t> best;
    double bestDistance = radius * radius;
    for (std::size_t slot = 0; slot < cloud.ids.size(); ++slot) {
        const double dx = cloud.x[slot] - x;
        const double dy = cloud.y[slot] - y;
        const double distance = dx * dx + dy * dy;
        if (distance < bestDistance || (!best && distance <= bestDistance)) {
            best = static_cast<std::uint32_t>(slot);
            bestDistance = distance;
        }
    }
    return best;
}

} // namespace

void TestPickGrid::agreesWithBruteForce()
{
    const auto cloud = cloudOf(test::normalMatrix(5000, 2));
    const auto grid = gridOf(cloud);
    Random random(3);
    int found = 0;
    for (int i = 0; i < 2000; ++i) {
        const double x = 8 * random.uniform() - 4;
        const double y = 8 * random.uniform() - 4;
        const double radius = 0.3 * random.uniform();
        const auto expected = naivePick(*cloud, x, y, radius);
        QVERIFY(grid->pick({x, y, radius, 0, {}}) == expected);
        found += expected ? 1 : 0;
    }
    QVERIFY(found > 500 && found < 2000);
}

void TestPickGrid::theFrontDiscWins()
{
    // Slot order is drawing order: of two discs over the mouse, the first is seen.
    PointCloud cloud;
    cloud.x = {1.0F, 0.0F};
    cloud.y = {0, 0};
    cloud.ids = {0, 1};
    cloud.universe = 2;
    cloud.bounds = {0, 0, 1, 0};
    const auto grid = gridOf(std::make_shared<const PointCloud>(cloud));
    QCOMPARE(*grid->pick({0.1, 0, 2, 1.0, {}}), 0U);
    QCOMPARE(*grid->pick({0.1, 0, 2, 0.5, {}}), 1U);
    QCOMPARE(*grid->pick({-0.9, 0, 2, 0.5, {}}), 1U);
    QVERIFY(!grid->pick({-3, 0, 2, 0.5, {}}));
}

void TestPickGrid::higherLayersLieInFront()
{
    PointCloud cloud;
    cloud.x = {0.0F, 0.0F};
    cloud.y = {0, 0};
    cloud.ids = {0, 1};
    cloud.universe = 2;
    cloud.bounds = {0, 0, 0, 0};
    const auto grid = gridOf(std::make_shared<const PointCloud>(cloud));
    const std::vector<std::uint8_t> layers = {1, 2};
    QCOMPARE(*grid->pick({0, 0, 1, 0.5, layers}), 1U);
    QCOMPARE(*grid->pick({0, 0, 1, 0.5, {}}), 0U);
}

void TestPickGrid::hiddenPointsAreNotFound()
{
    const auto cloud = cloudOf(test::normalMatrix(200, 2));
    const auto grid = gridOf(cloud);
    std::vector<std::uint8_t> layers(200, 0);
    QVERIFY(!grid->pick({0, 0, 10, 0, layers}));
    layers[77] = 1;
    QCOMPARE(*grid->pick({0, 0, 10, 0, layers}), 77U);
}

void TestPickGrid::degenerateCloudsWork()
{
    const auto empty = gridOf(cloudOf(Matrix::zeros(0, 2)));
    QVERIFY(!empty->pick({0, 0, 5, 1, {}}));
    const auto same = gridOf(cloudOf(Matrix::zeros(1000, 2)));
    QCOMPARE(*same->pick({0.5, 0, 1, 0, {}}), 0U);
    Matrix line = Matrix::zeros(1000, 2);
    for (Index i = 0; i < 1000; ++i)
        line(i, 1) = static_cast<float>(i);
    const auto cloud = cloudOf(line);
    const auto picked = gridOf(cloud)->pick({0.2, 500.3, 1, 0, {}});
    QCOMPARE(cloud->ids[*picked], PointId{500});
    QVERIFY(!gridOf(cloud)->pick({std::nan(""), 0, 1, 0, {}}));
    // One point far away squeezes all others into a corner of the grid.
    line(0, 0) = 1e20F;
    const auto squeezed = cloudOf(line);
    QCOMPARE(squeezed->ids[*gridOf(squeezed)->pick({0, 700, 0.4, 0, {}})], PointId{700});
}

void TestPickGrid::buildingStops()
{
    std::stop_source source;
    source.request_stop();
    const auto result
        = PickGrid::build(cloudOf(test::normalMatrix(10, 2)), Progress(source.get_token()));
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::Stopped);
}

QTEST_APPLESS_MAIN(TestPickGrid)
#include "tst_pick_grid.moc"
