#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/neighbors/cell_tuning.h"
#include "core/neighbors/graph.h"
#include "tests/core/neighbors/brute_force.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <array>
#include <cmath>
#include <set>

using namespace embedscope;

/// Graphs of large tables: exact or approximate, with their recall.
class TestNeighborGraph : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void theMeasuredRecallIsTheTrueOne_data();
    void theMeasuredRecallIsTheTrueOne();
    void sameSeedSameBytes();
    void valuesAreThoseOfTheMetric();
    void smallTablesAreSearchedExactly();
    void exactCanBeForced();
    void hardTablesAreSearchedExactly();
    void asManyCellsAreLookedAtAsTheNeighboursLieIn();
    void duplicatesByTheThousandHaveNeighbours();
    void zeroRowsHaveNeighbours();
    void loneRowsFindTheirNeighbours();
    void wrongArgumentsAreRefused();
    void aStopIsHeardInTheMiddle_data();
    void aStopIsHeardInTheMiddle();
};

namespace {

/// Groups of different size and density in a space of d dimensions, as real tables have them.
Matrix mixture(Index n, Index d, std::uint64_t seed = 3)
{
    Random random(seed);
    constexpr Index kGroups = 40;
    const Matrix centers = test::normalMatrix(kGroups, d, seed + 1);
    const Matrix shapes = test::normalMatrix(kGroups * 8, d, seed + 2);
    Matrix points = Matrix::zeros(n, d);
    for (Index i = 0; i < n; ++i) {
        const auto group = static_cast<Index>(kGroups * random.uniform() * random.uniform());
        const double spread = 0.1 + 0.05 * static_cast<double>(group % 7);
        std::array<double, 8> along{};
        for (double& value : along)
            value = random.normal();
        for (Index j = 0; j < d; ++j) {
            double value = centers(group, j) + 0.05 * random.normal();
            for (Index a = 0; a < 8; ++a)
                value += spread * along[static_cast<std::size_t>(a)] * shapes(group * 8 + a, j);
            points(i, j) = static_cast<float>(value);
        }
    }
    return points;
}

GraphRequest approximately(Index k, Metric metric = Metric::Euclidean)
{
    GraphRequest request;
    request.k = k;
    request.metric = metric;
    request.search = GraphSearch::Approximate;
    return request;
}

/// Share of all neighbours that are as near as the true k-th.
double trueRecall(const NeighborTable& table, MatrixView points)
{
    const auto exact = exactNeighborTable(points, table.k, table.metric, Progress()).value();
    Index hits = 0;
    for (Index i = 0; i < table.size(); ++i) {
        const float kth = exact.valuesOf(i)[table.k - 1];
        for (Index a = 0; a < table.k; ++a) {
            const float value = table.valuesOf(i)[a];
            hits += (isSimilarity(table.metric) ? value >= kth : value <= kth) ? 1 : 0;
        }
    }
    return static_cast<double>(hits) / static_cast<double>(table.size() * table.k);
}

void checkLists(const NeighborTable& table, MatrixView points)
{
    const Index n = points.rows();
    QCOMPARE(table.size(), n);
    QCOMPARE(table.ids.size(), table.values.size());
    for (Index i = 0; i < n; ++i) {
        std::set<PointId> seen;
        for (Index a = 0; a < table.k; ++a) {
            const PointId id = table.idsOf(i)[a];
            const float value = table.valuesOf(i)[a];
            QVERIFY(static_cast<Index>(id) < n && static_cast<Index>(id) != i);
            QVERIFY(seen.insert(id).second);
            QVERIFY(std::isfinite(value));
            if (a == 0)
                continue;
            const float before = table.valuesOf(i)[a - 1];
            QVERIFY(isSimilarity(table.metric) ? before >= value : before <= value);
            if (before == value)
                QVERIFY(table.idsOf(i)[a - 1] < id);
        }
    }
}

} // namespace

void TestNeighborGraph::theMeasuredRecallIsTheTrueOne_data()
{
    QTest::addColumn<Metric>("metric");
    QTest::addColumn<int>("k");
    for (const Metric metric : {Metric::Euclidean, Metric::Cosine, Metric::Manhattan}) {
        for (const int k : {5, 30})
            QTest::addRow("%s %d", std::string(metricId(metric)).c_str(), k) << metric << k;
    }
}

void TestNeighborGraph::theMeasuredRecallIsTheTrueOne()
{
    QFETCH(Metric, metric);
    QFETCH(int, k);
    const Matrix points = mixture(9000, 20);
    const auto table = neighborGraph(points, approximately(k, metric), Progress()).value();
    checkLists(table, points);
    QVERIFY(!table.isExact);
    QVERIFY(table.recallSample >= 500);
    QVERIFY(table.recall >= 0.99 && table.recall <= 1);
    const double truth = trueRecall(table, points);
    QVERIFY2(truth >= 0.985, std::to_string(truth).c_str());
    // Four times the largest standard error that lists of that length could have.
    QVERIFY(std::abs(truth - table.recall) <= 0.006);
}

void TestNeighborGraph::sameSeedSameBytes()
{
    const Matrix points = mixture(8000, 16);
    GraphRequest request = approximately(12);
    request.seed = 7;
    setThreadCount(1);
    const auto one = neighborGraph(points, request, Progress()).value();
    QVERIFY(!one.isExact);
    for (const int threads : {2, 3}) {
        setThreadCount(threads);
        const auto more = neighborGraph(points, request, Progress()).value();
        QVERIFY(more.ids == one.ids);
        QVERIFY(more.values == one.values);
        QCOMPARE(more.recall, one.recall);
    }
}

void TestNeighborGraph::valuesAreThoseOfTheMetric()
{
    const Matrix points = mixture(5000, 12);
    for (const Metric metric : {Metric::Euclidean, Metric::Cosine, Metric::Manhattan}) {
        const auto table = neighborGraph(points, approximately(8, metric), Progress()).value();
        for (Index i = 0; i < 5000; i += 97) {
            for (Index a = 0; a < 8; ++a) {
                const float right = test::valueByDefinition(
                    points.row(i), points.row(table.idsOf(i)[a]), 12, metric);
                QVERIFY(std::abs(table.valuesOf(i)[a] - right) <= 1e-6F * (1 + std::abs(right)));
            }
        }
    }
}

void TestNeighborGraph::smallTablesAreSearchedExactly()
{
    GraphRequest request;
    request.k = 1;
    QVERIFY(isSearchExact(2, 3, request));
    QVERIFY(isSearchExact(10000, 50, request));
    QVERIFY(!isSearchExact(1000000, 50, request));
    const Matrix pair = test::normalMatrix(2, 3);
    const auto table = neighborGraph(pair, request, Progress()).value();
    QVERIFY(table.isExact);
    QCOMPARE(table.recall, 1.0);
    QCOMPARE(table.recallSample, Index{0});
    QCOMPARE(table.ids, (std::vector<PointId>{1, 0}));
    // Not even approximate answers skip anything here.
    const Matrix few = test::normalMatrix(100, 3);
    const auto all = neighborGraph(few, approximately(99), Progress()).value();
    QVERIFY(all.isExact);
    checkLists(all, few);
}

void TestNeighborGraph::exactCanBeForced()
{
    GraphRequest request;
    request.k = 15;
    request.search = GraphSearch::Exact;
    QVERIFY(isSearchExact(1000000000, 300, request));
    const Matrix points = mixture(4000, 10);
    const auto table = neighborGraph(points, request, Progress()).value();
    QVERIFY(table.isExact);
    QCOMPARE(trueRecall(table, points), 1.0);
}

void TestNeighborGraph::hardTablesAreSearchedExactly()
{
    // Normal noise in many dimensions has no cells: all points are about equally far.
    const Matrix points = test::normalMatrix(4000, 60);
    const auto table = neighborGraph(points, approximately(10), Progress()).value();
    checkLists(table, points);
    QVERIFY(table.recall >= 0.99);
    QVERIFY(trueRecall(table, points) >= 0.985);
}

void TestNeighborGraph::asManyCellsAreLookedAtAsTheNeighboursLieIn()
{
    const Matrix points = mixture(3000, 20);
    const Cells cells = makeCells(points, Metric::Euclidean, 30, 1, Progress()).value();
    const RecallSample sample
        = drawRecallSample(points, 20, Metric::Euclidean, 200, 2, Progress()).value();
    const auto tuned = [&](Index fewest, double recall) {
        return tuneCellSearch(points, cells, sample, 200, recall, fewest, Progress()).value();
    };
    const CellEffort few = tuned(2, 0.994);
    QVERIFY(std::isfinite(few.fraction));
    QVERIFY(few.nearCells.k > 2);
    QVERIFY(few.nearCells.k < cells.count() - 1);
    // Neighbours that lie two cells away need no more.
    QCOMPARE(tuned(few.nearCells.k, 0.994).nearCells.k, few.nearCells.k);
    QVERIFY(tuned(2, 0.3).nearCells.k <= few.nearCells.k);
}

void TestNeighborGraph::duplicatesByTheThousandHaveNeighbours()
{
    Matrix points = mixture(9000, 8);
    for (Index i = 3000; i < 9000; ++i)
        std::copy_n(points.row(i % 3), 8, points.row(i));
    const auto table = neighborGraph(points, approximately(20), Progress()).value();
    checkLists(table, points);
    QVERIFY(table.recall >= 0.99);
    for (Index i = 3000; i < 9000; i += 500)
        QCOMPARE(table.valuesOf(i)[19], 0.0F);
    // Nothing but one point.
    Matrix same = Matrix::zeros(5000, 4);
    const auto flat = neighborGraph(same, approximately(20), Progress()).value();
    checkLists(flat, same);
    QCOMPARE(flat.recall, 1.0);
}

void TestNeighborGraph::zeroRowsHaveNeighbours()
{
    Matrix points = mixture(6000, 8);
    for (Index i = 0; i < 6000; i += 50)
        std::fill_n(points.row(i), 8, 0.0F);
    const auto table = neighborGraph(points, approximately(10, Metric::Cosine), Progress()).value();
    checkLists(table, points);
    QVERIFY(table.recall >= 0.99);
    for (Index a = 0; a < 10; ++a) {
        QCOMPARE(table.valuesOf(50)[a], -1.0F);
        QVERIFY(table.idsOf(51)[a] % 50 != 0);
    }
}

void TestNeighborGraph::loneRowsFindTheirNeighbours()
{
    Matrix points = mixture(6000, 8);
    for (Index j = 0; j < 8; ++j) {
        points(11, j) = 1e6F;
        points(12, j) = -1e6F;
    }
    const auto table = neighborGraph(points, approximately(300), Progress()).value();
    checkLists(table, points);
    const auto exact = exactNeighborTable(points, 300, Metric::Euclidean, Progress()).value();
    for (Index a = 0; a < 300; ++a)
        QVERIFY(table.valuesOf(11)[a] <= exact.valuesOf(11)[a] * 1.01F);
}

void TestNeighborGraph::wrongArgumentsAreRefused()
{
    const Matrix points = test::normalMatrix(20, 3);
    for (const GraphSearch search :
        {GraphSearch::Automatic, GraphSearch::Exact, GraphSearch::Approximate}) {
        for (const Index k : {0, 20}) {
            GraphRequest request;
            request.k = k;
            request.search = search;
            QCOMPARE(neighborGraph(points, request, Progress()).error().code,
                ErrorCode::InvalidArgument);
        }
    }
}

void TestNeighborGraph::aStopIsHeardInTheMiddle_data()
{
    QTest::addColumn<double>("at");
    for (const double at : {0.0, 0.02, 0.08, 0.11, 0.13, 0.5, 0.9})
        QTest::addRow("at %g", at) << at;
}

void TestNeighborGraph::aStopIsHeardInTheMiddle()
{
    QFETCH(double, at);
    const Matrix points = mixture(20000, 8);
    std::stop_source source;
    double last = 0;
    const Progress progress(source.get_token(), [&](std::string_view, double fraction) {
        QVERIFY(fraction >= last);
        last = fraction;
        if (fraction >= at)
            source.request_stop();
    });
    QCOMPARE(neighborGraph(points, approximately(10), progress).error().code, ErrorCode::Stopped);
    QVERIFY(last < 1);
}

QTEST_APPLESS_MAIN(TestNeighborGraph)
#include "tst_neighbor_graph.moc"
