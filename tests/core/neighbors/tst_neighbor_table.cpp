#include "core/base/parallel.h"
#include "core/neighbors/block_pairs.h"
#include "core/neighbors/exact.h"
#include "tests/core/neighbors/brute_force.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <set>
#include <thread>

using namespace embedscope;

/// Exact neighbours of every point, and of rows of another table, under every metric.
class TestNeighborTable : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void agreesWithTheDefinition_data();
    void agreesWithTheDefinition();
    void tiesGoByRow();
    void equalRowsHaveNeighboursToo();
    void zeroRowsAreAsUnlikeAsCanBe();
    void rowsAmongAnotherTableLeaveNothingOut_data();
    void rowsAmongAnotherTableLeaveNothingOut();
    void wrongArgumentsAreRefused();
    void aStopIsHeardInTheMiddle_data();
    void aStopIsHeardInTheMiddle();
    void everyPairOfBlocksMeetsOnce();
};

namespace {

constexpr Metric kMetrics[] = {Metric::Cosine, Metric::Euclidean, Metric::Dot, Metric::Manhattan};

/// Values may differ in the last digit, as sums in double and in long double do, and then ties
/// with them: each value must be the one at that rank, and belong to the row that is named.
void compareWithDefinition(
    const NeighborTable& table, MatrixView queries, MatrixView points, bool isSelf, Index row)
{
    const Index k = table.k;
    const Metric metric = table.metric;
    const auto self = isSelf ? static_cast<PointId>(row) : kNoPoint;
    const auto expected = test::rankedByDefinition(queries.row(row), points, self, metric);
    std::set<PointId> seen;
    for (Index a = 0; a < k; ++a) {
        const float value = table.valuesOf(row)[a];
        const PointId id = table.idsOf(row)[a];
        QVERIFY(std::isfinite(value));
        QVERIFY(id != self && static_cast<Index>(id) < points.rows());
        QVERIFY(seen.insert(id).second);
        // A cosine near 0 or a dot product that cancels is good to the size of its terms.
        const float size = isSimilarity(metric)
            ? std::sqrt(std::abs(test::valueByDefinition(
                  queries.row(row), queries.row(row), points.columns(), Metric::Dot)))
                * std::sqrt(std::abs(test::valueByDefinition(
                    points.row(id), points.row(id), points.columns(), Metric::Dot)))
            : std::abs(value);
        const float tolerance = metric == Metric::Cosine ? 1e-7F : 1e-6F * size;
        const Neighbor& right = expected[static_cast<std::size_t>(a)];
        QVERIFY(std::abs(value - right.value) <= tolerance);
        QVERIFY(std::abs(value
                    - test::valueByDefinition(
                        queries.row(row), points.row(id), points.columns(), metric))
            <= tolerance);
        if (id != right.id)
            QVERIFY(std::abs(value - right.value) <= tolerance);
    }
}

} // namespace

void TestNeighborTable::agreesWithTheDefinition_data()
{
    QTest::addColumn<Metric>("metric");
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("d");
    QTest::addColumn<int>("k");
    QTest::addColumn<double>("offset");
    QTest::addColumn<double>("factor");
    for (const Metric metric : kMetrics) {
        const std::string id(metricId(metric));
        const auto row = [&](const char* name) -> QTestData& {
            return QTest::addRow("%s: %s", id.c_str(), name) << metric;
        };
        row("a pair") << 2 << 3 << 1 << 0.0 << 1.0;
        row("three, all of them") << 3 << 2 << 2 << 0.0 << 1.0;
        row("all of them") << 70 << 3 << 69 << 0.0 << 1.0;
        row("one dimension") << 300 << 1 << 20 << 0.0 << 1.0;
        row("usual") << 1700 << 50 << 30 << 0.0 << 1.0;
        row("longer than a piece") << 300 << 700 << 15 << 0.0 << 1.0;
        row("40,000 dimensions") << 40 << 40000 << 7 << 0.0 << 1.0;
        row("far from the origin") << 500 << 10 << 15 << 1000.0 << 1.0;
        row("huge") << 400 << 10 << 15 << 0.0 << 1e18;
        row("tiny") << 400 << 10 << 15 << 0.0 << 1e-18;
    }
}

void TestNeighborTable::agreesWithTheDefinition()
{
    QFETCH(Metric, metric);
    QFETCH(int, n);
    QFETCH(int, d);
    QFETCH(int, k);
    QFETCH(double, offset);
    QFETCH(double, factor);
    Matrix points = test::normalMatrix(n, d, 5);
    for (Index i = 0; i < points.size(); ++i)
        points.data()[i] = static_cast<float>(points.data()[i] * factor + offset);
    setThreadCount(1);
    const auto table = exactNeighborTable(points, k, metric, Progress()).value();
    QCOMPARE(table.size(), Index{n});
    QCOMPARE(table.k, Index{k});
    QCOMPARE(table.metric, metric);
    QVERIFY(table.isExact);
    for (const int threads : {2, 3}) {
        setThreadCount(threads);
        const auto again = exactNeighborTable(points, k, metric, Progress()).value();
        QVERIFY(again.ids == table.ids);
        QVERIFY(again.values == table.values);
    }
    for (Index row = 0; row < n; row += 1 + n / 12)
        compareWithDefinition(table, points, points, true, row);
}

void TestNeighborTable::tiesGoByRow()
{
    // Small whole numbers: every sum is exact, so equal values are equal to the last bit.
    Matrix points = Matrix::zeros(900, 4);
    for (Index i = 0; i < points.rows(); ++i) {
        for (Index j = 0; j < 4; ++j)
            points(i, j) = static_cast<float>((i * 7 + j * j) % 3);
    }
    for (const Metric metric : {Metric::Euclidean, Metric::Dot, Metric::Manhattan}) {
        const auto table = exactNeighborTable(points, 400, metric, Progress()).value();
        for (const Index row : {0, 450, 899}) {
            const auto expected = test::rankedByDefinition(
                points.row(row), points, static_cast<PointId>(row), metric);
            for (Index a = 0; a < 400; ++a) {
                QCOMPARE(table.idsOf(row)[a], expected[static_cast<std::size_t>(a)].id);
                QCOMPARE(table.valuesOf(row)[a], expected[static_cast<std::size_t>(a)].value);
            }
        }
    }
}

void TestNeighborTable::equalRowsHaveNeighboursToo()
{
    Matrix points = Matrix::zeros(200, 5);
    std::fill_n(points.data(), points.size(), 0.3F);
    for (const Metric metric : kMetrics) {
        const auto table = exactNeighborTable(points, 10, metric, Progress()).value();
        for (Index row = 0; row < 200; ++row) {
            for (Index a = 0; a < 10; ++a) {
                // Ties by smaller id, self left out.
                QCOMPARE(table.idsOf(row)[a], static_cast<PointId>(a + (a >= row ? 1 : 0)));
                QCOMPARE(table.valuesOf(row)[a], table.valuesOf(row)[0]);
            }
        }
    }
}

void TestNeighborTable::zeroRowsAreAsUnlikeAsCanBe()
{
    Matrix points = test::normalMatrix(120, 6);
    for (const Index row : {4, 70})
        std::fill_n(points.row(row), 6, 0.0F);
    const auto table = exactNeighborTable(points, 119, Metric::Cosine, Progress()).value();
    for (Index row = 0; row < 120; ++row) {
        if (row != 4 && row != 70) {
            QCOMPARE(table.idsOf(row)[117], PointId{4});
            QCOMPARE(table.idsOf(row)[118], PointId{70});
            QCOMPARE(table.valuesOf(row)[118], -1.0F);
            QVERIFY(table.valuesOf(row)[116] > -1.0F);
        }
    }
    for (Index a = 0; a < 119; ++a)
        QCOMPARE(table.valuesOf(4)[a], -1.0F);
}

void TestNeighborTable::rowsAmongAnotherTableLeaveNothingOut_data()
{
    QTest::addColumn<Metric>("metric");
    for (const Metric metric : kMetrics)
        QTest::newRow(std::string(metricId(metric)).c_str()) << metric;
}

void TestNeighborTable::rowsAmongAnotherTableLeaveNothingOut()
{
    QFETCH(Metric, metric);
    const Matrix points = test::normalMatrix(700, 33, 2);
    Matrix queries = test::normalMatrix(90, 33, 3);
    for (Index i = 0; i < queries.size(); ++i)
        queries.data()[i] *= 40; // Of another size than the points.
    std::copy_n(points.row(17), 33, queries.row(5));
    setThreadCount(1);
    const auto table = neighborsAmong(queries, points, 20, metric, Progress()).value();
    setThreadCount(2);
    const auto again = neighborsAmong(queries, points, 20, metric, Progress()).value();
    QVERIFY(again.ids == table.ids && again.values == table.values);
    QCOMPARE(table.size(), Index{90});
    for (Index row = 0; row < 90; row += 5)
        compareWithDefinition(table, queries, points, false, row);
    if (metric != Metric::Dot)
        QCOMPARE(table.idsOf(5)[0], PointId{17});
    const auto all = neighborsAmong(queries, points, 700, metric, Progress()).value();
    QCOMPARE(all.k, Index{700});
    compareWithDefinition(all, queries, points, false, 3);
}

void TestNeighborTable::wrongArgumentsAreRefused()
{
    const Matrix points = test::normalMatrix(20, 3);
    for (const Index k : {-1, 0, 20}) {
        QCOMPARE(exactNeighborTable(points, k, Metric::Dot, Progress()).error().code,
            ErrorCode::InvalidArgument);
    }
    QCOMPARE(neighborsAmong(points, points, 21, Metric::Dot, Progress()).error().code,
        ErrorCode::InvalidArgument);
    QCOMPARE(
        neighborsAmong(test::normalMatrix(2, 4), points, 2, Metric::Dot, Progress()).error().code,
        ErrorCode::InvalidArgument);
}

void TestNeighborTable::aStopIsHeardInTheMiddle_data()
{
    QTest::addColumn<double>("at");
    QTest::newRow("at once") << 0.0;
    QTest::newRow("among the products") << 0.2;
    QTest::newRow("among the values") << 0.85;
}

void TestNeighborTable::aStopIsHeardInTheMiddle()
{
    QFETCH(double, at);
    const Matrix points = test::normalMatrix(4000, 20);
    std::stop_source source;
    double last = 0;
    const Progress progress(source.get_token(), [&](std::string_view, double fraction) {
        QVERIFY(fraction >= last);
        last = fraction;
        if (fraction >= at)
            source.request_stop();
    });
    QCOMPARE(exactNeighborTable(points, 10, Metric::Euclidean, progress).error().code,
        ErrorCode::Stopped);
    QVERIFY(last < 1);
}

void TestNeighborTable::everyPairOfBlocksMeetsOnce()
{
    for (Index count = 0; count <= 9; ++count) {
        std::set<std::pair<Index, Index>> met;
        for (Index round = 0; round < tournamentRounds(count); ++round) {
            std::set<Index> busy;
            for (const auto& [a, b] : tournamentRound(count, round)) {
                QVERIFY(a != b && std::min(a, b) >= 0 && std::max(a, b) < count);
                QVERIFY(busy.insert(a).second && busy.insert(b).second);
                QVERIFY(met.insert({std::min(a, b), std::max(a, b)}).second);
            }
        }
        QCOMPARE(static_cast<Index>(met.size()), count * (count - 1) / 2);
    }
}

QTEST_APPLESS_MAIN(TestNeighborTable)
#include "tst_neighbor_table.moc"
