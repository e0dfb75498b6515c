#include "core/plot/label_candidates.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <set>

using namespace embedscope;

class TestLabelCandidates : public QObject
{
    Q_OBJECT

private slots:
    void namesAreSpreadOverTheCells();
    void hiddenAndUnseenPointsAreLeftOut();
    void theFullestCellComesFirst();
};

namespace {

PointCloud cloudOf(const Matrix& positions)
{
    return makePointCloud(positions, drawingOrder(positions.rows()));
}

} // namespace

void TestLabelCandidates::namesAreSpreadOverTheCells()
{
    const PointCloud cloud = cloudOf(test::normalMatrix(5000, 2));
    const auto chosen = labelCandidates(cloud, {}, {-2, -2, 2, 2}, 4, 4, 16);
    QCOMPARE(chosen.size(), std::size_t{16});
    std::set<std::pair<int, int>> cells;
    for (const std::uint32_t slot : chosen)
        cells.insert({static_cast<int>(cloud.x[slot] + 2), static_cast<int>(cloud.y[slot] + 2)});
    QCOMPARE(cells.size(), std::size_t{16});
    // More than there are: every point at most once.
    const auto all = labelCandidates(cloud, {}, {-2, -2, 2, 2}, 4, 4, 100000);
    QCOMPARE(std::set<std::uint32_t>(all.begin(), all.end()).size(), all.size());
}

void TestLabelCandidates::hiddenAndUnseenPointsAreLeftOut()
{
    const PointCloud cloud = cloudOf(test::normalMatrix(500, 2));
    std::vector<std::uint8_t> layers(500, 1);
    for (std::size_t slot = 0; slot < 500; slot += 2)
        layers[slot] = 0;
    const auto found = labelCandidates(cloud, layers, {0, 0, 1, 1}, 3, 3, 1000);
    QVERIFY(!found.empty());
    for (const std::uint32_t slot : found) {
        QCOMPARE(layers[slot], std::uint8_t{1});
        QVERIFY(cloud.x[slot] >= 0 && cloud.x[slot] <= 1);
        QVERIFY(cloud.y[slot] >= 0 && cloud.y[slot] <= 1);
    }
    QVERIFY(labelCandidates(cloud, layers, {100, 100, 101, 101}, 3, 3, 10).empty());
    QVERIFY(labelCandidates(cloud, layers, {0, 0, 1, 1}, 0, 0, 0).empty());
}

void TestLabelCandidates::theFullestCellComesFirst()
{
    Matrix places = Matrix::zeros(11, 2);
    places(10, 0) = 9;
    const PointCloud cloud = cloudOf(places);
    const auto found = labelCandidates(cloud, {}, {-1, -1, 10, 1}, 2, 1, 2);
    QCOMPARE(found.size(), std::size_t{2});
    QCOMPARE(cloud.x[found[0]], 0.0F);
    QCOMPARE(cloud.x[found[1]], 9.0F);
}

QTEST_APPLESS_MAIN(TestLabelCandidates)
#include "tst_label_candidates.moc"
