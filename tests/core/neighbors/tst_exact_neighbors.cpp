#include "core/base/parallel.h"
#include "core/neighbors/exact.h"
#include "tests/core/neighbors/brute_force.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace embedscope;

class TestExactNeighbors : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void agreesWithBruteForceInDouble_data();
    void agreesWithBruteForceInDouble();
    void someRowsAloneCanBeNeighbours_data();
    void someRowsAloneCanBeNeighbours();
    void tiesGoByRow();
    void aShortListIsTheBeginningOfTheWhole_data();
    void aShortListIsTheBeginningOfTheWhole();
    void zeroRowsHaveNoDirection();
    void rowsWithNanAreNeverCandidates();
    void extremeValuesStayFiniteAndRanked();
    void tooLargeKGivesAll();
    void wrongArgumentsAreRefused();
    void aStopIsHeard();
    void theTableAgreesWithBruteForce_data();
    void theTableAgreesWithBruteForce();
    void theTableSurvivesDuplicates();
};

namespace {

/// By definition, rows that cannot be neighbours left out.
std::vector<Neighbor> bruteForce(const Dataset& data, PointId query, Metric metric)
{
    auto all = test::rankedByDefinition(
        data.vectors().floats().row(query), data.vectors().floats(), query, metric);
    std::erase_if(all, [&](const Neighbor& neighbor) {
        const auto row = data.vectors().floats().rowSpan(neighbor.id);
        return !data.isUsable(neighbor.id)
            || (metric == Metric::Cosine
                && std::all_of(row.begin(), row.end(), [](float value) { return value == 0; }));
    });
    return all;
}

bool near(float a, float b)
{
    return std::abs(a - b) <= 1e-6F * std::max(1.0F, std::abs(b));
}

} // namespace

void TestExactNeighbors::agreesWithBruteForceInDouble_data()
{
    QTest::addColumn<Metric>("metric");
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("d");
    for (const Metric metric :
        {Metric::Cosine, Metric::Euclidean, Metric::Dot, Metric::Manhattan}) {
        for (const auto& [n, d] : {std::pair{2, 1}, {300, 3}, {500, 37}, {9000, 128}}) {
            QTest::addRow("%s %d x %d", std::string(metricId(metric)).c_str(), n, d)
                << metric << n << d;
        }
    }
}

void TestExactNeighbors::agreesWithBruteForceInDouble()
{
    QFETCH(Metric, metric);
    QFETCH(int, n);
    QFETCH(int, d);
    const auto data = test::datasetOf(test::normalMatrix(n, d));
    for (const PointId query :
        {PointId{0}, static_cast<PointId>(n / 2), static_cast<PointId>(n - 1)}) {
        auto expected = bruteForce(*data, query, metric);
        std::vector<Neighbor> first;
        for (const int threads : {1, 2, 3}) {
            setThreadCount(threads);
            const auto list = findNeighbors(*data, query, 50, metric, Progress()).value();
            QCOMPARE(list.neighbors.size(), std::min<std::size_t>(50, expected.size()));
            for (std::size_t i = 0; i < list.neighbors.size(); ++i) {
                QCOMPARE(list.neighbors[i].id, expected[i].id);
                QVERIFY(near(list.neighbors[i].value, expected[i].value));
            }
            if (threads == 1)
                first = list.neighbors;
            QVERIFY(list.neighbors == first);
        }
    }
}

void TestExactNeighbors::aShortListIsTheBeginningOfTheWhole_data()
{
    QTest::addColumn<int>("d");
    QTest::addColumn<double>("factor");
    QTest::addColumn<bool>("hasTies");
    QTest::addColumn<bool>("hasOddRows");
    for (const int d : {1, 2, 7, 15, 16, 17, 31, 48, 300})
        QTest::addRow("%d dimensions", d) << d << 1.0 << false << false;
    QTest::newRow("huge") << 20 << 1e19 << false << false;
    QTest::newRow("beyond the squares of float32") << 20 << 1e30 << false << false;
    QTest::newRow("tiny") << 20 << 1e-19 << false << false;
    QTest::newRow("beneath the squares of float32") << 20 << 1e-30 << false << false;
    QTest::newRow("ties") << 3 << 1.0 << true << false;
    QTest::newRow("NaN, infinity and zeros") << 20 << 1.0 << false << true;
}

void TestExactNeighbors::aShortListIsTheBeginningOfTheWhole()
{
    QFETCH(int, d);
    QFETCH(double, factor);
    QFETCH(bool, hasTies);
    QFETCH(bool, hasOddRows);
    // A short list goes by float32 and a bound on its rounding, the whole list by double alone.
    Matrix points = test::normalMatrix(5000, d, 8);
    for (Index i = 0; i < points.size(); ++i) {
        const double value = hasTies ? std::round(points.data()[i]) : points.data()[i];
        points.data()[i] = static_cast<float>(value * factor);
    }
    if (hasOddRows) {
        points(40, 3) = std::numeric_limits<float>::quiet_NaN();
        points(41, 3) = std::numeric_limits<float>::infinity();
        points(42, 3) = -std::numeric_limits<float>::infinity();
        std::fill_n(points.row(43), d, 0.0F);
        std::fill_n(points.row(4999), d, 0.0F);
    }
    const auto data = test::datasetOf(std::move(points));
    for (const Metric metric :
        {Metric::Cosine, Metric::Euclidean, Metric::Dot, Metric::Manhattan}) {
        for (const PointId query : {PointId{0}, PointId{2345}, PointId{4998}}) {
            const auto all = findNeighbors(*data, query, 5000, metric, Progress()).value();
            for (const std::size_t k : {std::size_t{1}, std::size_t{10}, std::size_t{600}}) {
                const auto some
                    = findNeighbors(*data, query, static_cast<Index>(k), metric, Progress())
                          .value();
                QCOMPARE(some.neighbors.size(), k);
                QVERIFY(std::equal(
                    some.neighbors.begin(), some.neighbors.end(), all.neighbors.begin()));
            }
        }
    }
}

void TestExactNeighbors::someRowsAloneCanBeNeighbours_data()
{
    QTest::addColumn<Metric>("metric");
    QTest::addColumn<int>("every");
    for (const Metric metric :
        {Metric::Cosine, Metric::Euclidean, Metric::Dot, Metric::Manhattan}) {
        for (const int every : {1, 2, 7, 400, 3001})
            QTest::addRow("%s %d", std::string(metricId(metric)).c_str(), every) << metric << every;
    }
}

void TestExactNeighbors::someRowsAloneCanBeNeighbours()
{
    QFETCH(Metric, metric);
    QFETCH(int, every);
    Matrix values = test::normalMatrix(3000, 20);
    for (Index j = 0; j < 20; ++j) {
        values(28, j) = 0;
        values(42, j) = 1e25F; // Its square is beyond float32.
        values(2800, j) = values(1400, j); // A tie.
    }
    const auto dataset = test::datasetOf(std::move(values));
    PointSet among(3000);
    for (PointId i = 0; i < 3000; i += static_cast<PointId>(every))
        among.insert(i);
    for (const PointId query : {PointId{0}, PointId{1399}, PointId{1400}, PointId{42}}) {
        auto expected = bruteForce(*dataset, query, metric);
        std::erase_if(
            expected, [&](const Neighbor& neighbor) { return !among.contains(neighbor.id); });
        for (const Index k : {Index{1}, Index{10}, Index{5000}}) {
            const auto list = findNeighbors(*dataset, query, k, metric, &among, {});
            QVERIFY(list.ok());
            const auto count = std::min(static_cast<std::size_t>(k), expected.size());
            QCOMPARE(list->neighbors.size(), count);
            for (std::size_t i = 0; i < count; ++i) {
                QVERIFY(among.contains(list->neighbors[i].id));
                QVERIFY(near(list->neighbors[i].value, expected[i].value));
            }
        }
    }
    const PointSet none(3000);
    const auto empty = findNeighbors(*dataset, 5, 10, metric, &none, {});
    QVERIFY(empty.ok() && empty->neighbors.empty());
}

void TestExactNeighbors::tiesGoByRow()
{
    // Small whole numbers: every sum is exact, so equal values are equal to the last bit.
    Matrix points = Matrix::zeros(6000, 8);
    for (Index i = 0; i < points.rows(); ++i) {
        for (Index j = 0; j < 8; ++j)
            points(i, j) = static_cast<float>((i * 7 + j * j) % 3);
    }
    const auto data = test::datasetOf(std::move(points));
    for (const Metric metric : {Metric::Euclidean, Metric::Dot, Metric::Manhattan}) {
        const auto list = findNeighbors(*data, 4321, 5999, metric, Progress()).value();
        QVERIFY(list.neighbors == bruteForce(*data, 4321, metric));
    }
}

void TestExactNeighbors::zeroRowsHaveNoDirection()
{
    Matrix points = test::normalMatrix(100, 5);
    for (const Index row : {3, 99})
        std::fill_n(points.row(row), 5, 0.0F);
    const auto data = test::datasetOf(std::move(points));
    const auto empty = findNeighbors(*data, 3, 10, Metric::Cosine, Progress()).value();
    QVERIFY(empty.neighbors.empty());
    QVERIFY(!empty.warning.empty());
    const auto all = findNeighbors(*data, 0, 1000, Metric::Cosine, Progress()).value();
    QCOMPARE(all.neighbors.size(), std::size_t{97});
    for (const Neighbor& neighbor : all.neighbors)
        QVERIFY(neighbor.id != 3 && neighbor.id != 99);
    QCOMPARE(findNeighbors(*data, 3, 1000, Metric::Dot, Progress()).value().neighbors.size(),
        std::size_t{99});
    QCOMPARE(findNeighbors(*data, 3, 1, Metric::Euclidean, Progress()).value().neighbors[0],
        (Neighbor{99, 0.0F}));
}

void TestExactNeighbors::rowsWithNanAreNeverCandidates()
{
    Matrix points = test::normalMatrix(50, 4);
    points(7, 2) = std::numeric_limits<float>::quiet_NaN();
    points(49, 0) = std::numeric_limits<float>::infinity();
    const auto data = test::datasetOf(std::move(points));
    for (const Metric metric :
        {Metric::Cosine, Metric::Euclidean, Metric::Dot, Metric::Manhattan}) {
        const auto list = findNeighbors(*data, 0, 1000, metric, Progress()).value();
        QCOMPARE(list.neighbors.size(), std::size_t{47});
        for (const Neighbor& neighbor : list.neighbors)
            QVERIFY(neighbor.id != 7 && neighbor.id != 49 && std::isfinite(neighbor.value));
        const auto none = findNeighbors(*data, 7, 10, metric, Progress()).value();
        QVERIFY(none.neighbors.empty());
        QVERIFY(!none.warning.empty());
    }
}

void TestExactNeighbors::extremeValuesStayFiniteAndRanked()
{
    Matrix points = Matrix::zeros(4, 2);
    points(0, 0) = 1.5e38F;
    points(1, 0) = -1.5e38F;
    points(2, 0) = 1e-45F;
    points(3, 1) = 1.5e38F;
    const auto data = test::datasetOf(std::move(points));
    for (const Metric metric :
        {Metric::Cosine, Metric::Euclidean, Metric::Dot, Metric::Manhattan}) {
        const auto list = findNeighbors(*data, 0, 3, metric, Progress()).value();
        QCOMPARE(list.neighbors.size(), std::size_t{3});
        for (const Neighbor& neighbor : list.neighbors)
            QVERIFY(std::isfinite(neighbor.value));
        QCOMPARE(list.neighbors.front().id, PointId{2});
        // By the sum of differences rows 1 and 3 are equally far.
        QCOMPARE(list.neighbors.back().id, PointId{metric == Metric::Manhattan ? 3U : 1U});
    }
}

void TestExactNeighbors::tooLargeKGivesAll()
{
    const auto data = test::datasetOf(test::normalMatrix(20, 3));
    QCOMPARE(
        findNeighbors(*data, 5, 1000000000000, Metric::Dot, Progress()).value().neighbors.size(),
        std::size_t{19});
    const auto one = test::datasetOf(test::normalMatrix(1, 3));
    QVERIFY(findNeighbors(*one, 0, 5, Metric::Cosine, Progress()).value().neighbors.empty());
}

void TestExactNeighbors::wrongArgumentsAreRefused()
{
    const auto data = test::datasetOf(test::normalMatrix(20, 3));
    QCOMPARE(findNeighbors(*data, 20, 5, Metric::Dot, Progress()).error().code,
        ErrorCode::InvalidArgument);
    QCOMPARE(findNeighbors(*data, 0, 0, Metric::Dot, Progress()).error().code,
        ErrorCode::InvalidArgument);
    const Matrix points = test::normalMatrix(20, 3);
    QCOMPARE(exactNeighborTable(points, 20, Metric::Euclidean, Progress()).error().code,
        ErrorCode::InvalidArgument);
    QCOMPARE(exactNeighborTable(points, 0, Metric::Euclidean, Progress()).error().code,
        ErrorCode::InvalidArgument);
}

void TestExactNeighbors::aStopIsHeard()
{
    std::stop_source source;
    source.request_stop();
    const Progress stopped(source.get_token());
    const auto data = test::datasetOf(test::normalMatrix(2000, 3));
    QCOMPARE(findNeighbors(*data, 0, 5, Metric::Dot, stopped).error().code, ErrorCode::Stopped);
    QCOMPARE(
        exactNeighborTable(data->vectors().floats(), 5, Metric::Euclidean, stopped).error().code,
        ErrorCode::Stopped);
}

void TestExactNeighbors::theTableAgreesWithBruteForce_data()
{
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("d");
    QTest::addColumn<int>("k");
    QTest::addColumn<double>("offset");
    QTest::addColumn<double>("factor");
    QTest::newRow("a pair") << 2 << 3 << 1 << 0.0 << 1.0;
    QTest::newRow("all of them") << 40 << 3 << 39 << 0.0 << 1.0;
    QTest::newRow("a line") << 700 << 1 << 20 << 0.0 << 1.0;
    QTest::newRow("usual") << 3000 << 50 << 90 << 0.0 << 1.0;
    QTest::newRow("far from the origin") << 1000 << 10 << 15 << 1000.0 << 1.0;
    QTest::newRow("huge") << 500 << 10 << 15 << 0.0 << 1e37;
    QTest::newRow("tiny") << 500 << 10 << 15 << 0.0 << 1e-30;
}

void TestExactNeighbors::theTableAgreesWithBruteForce()
{
    QFETCH(int, n);
    QFETCH(int, d);
    QFETCH(int, k);
    QFETCH(double, offset);
    QFETCH(double, factor);
    Matrix points = test::normalMatrix(n, d, 5);
    for (Index i = 0; i < points.size(); ++i)
        points.data()[i] = static_cast<float>(points.data()[i] * factor + offset);
    NeighborTable first;
    for (const int threads : {1, 2, 3}) {
        setThreadCount(threads);
        auto table = exactNeighborTable(points, k, Metric::Euclidean, Progress()).value();
        QCOMPARE(table.size(), Index{n});
        QCOMPARE(table.k, Index{k});
        if (threads == 1) {
            first = std::move(table);
        } else {
            QVERIFY(table.ids == first.ids);
            QVERIFY(table.values == first.values);
        }
    }
    const auto data = test::datasetOf(std::move(points));
    for (PointId query = 0; query < static_cast<PointId>(n);
         query += static_cast<PointId>(1 + n / 40)) {
        const auto expected = bruteForce(*data, query, Metric::Euclidean);
        for (std::size_t i = 0; i < static_cast<std::size_t>(k); ++i) {
            const std::size_t at = query * static_cast<std::size_t>(k) + i;
            QCOMPARE(first.ids[at], expected[i].id);
            QVERIFY(std::abs(first.values[at] - expected[i].value) <= 1e-6F * expected[i].value);
        }
    }
}

void TestExactNeighbors::theTableSurvivesDuplicates()
{
    // Three different points, many times each: nothing but ties.
    Matrix points = Matrix::zeros(900, 4);
    for (Index i = 0; i < 900; ++i)
        points(i, i % 3) = 0.1F;
    const auto table = exactNeighborTable(points, 300, Metric::Euclidean, Progress()).value();
    const auto data = test::datasetOf(std::move(points));
    for (const PointId query : {0, 450, 899}) {
        const auto expected = bruteForce(*data, query, Metric::Euclidean);
        for (std::size_t i = 0; i < 300; ++i)
            QCOMPARE(table.ids[query * 300 + i], expected[i].id);
    }
}

QTEST_APPLESS_MAIN(TestExactNeighbors)
#include "tst_exact_neighbors.moc"
