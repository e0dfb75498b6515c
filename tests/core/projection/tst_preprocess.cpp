#include "core/base/parallel.h"
#include "core/projection/preprocess.h"
#include "core/projection/workbench.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace embedscope;

// Rows made ready for a method, and rows that come later made ready in the same way.
class TestPreprocess : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void ownRowsComeOutAsThePoints_data();
    void ownRowsComeOutAsThePoints();
    void newRowsAreMeasuredByTheOldTable();
    void rowsWithGapsAreLeftOutOfAJoin();
    void ownRowsJoinWhereTheyAre_data();
    void ownRowsJoinWhereTheyAre();
    void stopsAreHeard();
};

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Rows of `spread` apart, far from the origin, with gaps in some.
std::shared_ptr<const Dataset> withGaps(Index n, Index d, std::uint64_t seed = 3)
{
    Matrix points = test::normalMatrix(n, d, seed);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < d; ++j)
            points(i, j) = points(i, j) / static_cast<float>(1 + j) + 4;
    }
    for (Index i = 5; i < n; i += 97)
        points(i, i % d) = kNan;
    return test::datasetOf(std::move(points));
}

PreparedPoints prepare(const std::shared_ptr<const Dataset>& data, const Preparation& preparation)
{
    return preparePoints(data, preparation, Progress()).value();
}

double largestDifference(MatrixView a, MatrixView b)
{
    double most = a.rows() == b.rows() && a.columns() == b.columns() ? 0 : HUGE_VAL;
    for (Index i = 0; most != HUGE_VAL && i < a.rows(); ++i) {
        for (Index j = 0; j < a.columns(); ++j) {
            const double difference = std::abs(static_cast<double>(a(i, j)) - b(i, j));
            most = std::isnan(a(i, j)) && std::isnan(b(i, j)) ? most : std::max(most, difference);
            if (std::isnan(a(i, j)) != std::isnan(b(i, j)))
                most = HUGE_VAL;
        }
    }
    return most;
}

} // namespace

void TestPreprocess::ownRowsComeOutAsThePoints_data()
{
    QTest::addColumn<QString>("normalization");
    QTest::addColumn<int>("components");
    for (const char* normalization : {"none", "center", "unit"}) {
        for (const int components : {0, 7})
            QTest::addRow("%s, %d", normalization, components) << normalization << components;
    }
}

void TestPreprocess::ownRowsComeOutAsThePoints()
{
    QFETCH(QString, normalization);
    QFETCH(int, components);
    for (const auto& [n, d] : {std::pair{2000, 30}, {40, 300}}) {
        const auto data = withGaps(n, d);
        const PreparedPoints prepared = prepare(data, {normalization.toStdString(), components});
        const JoiningRows again = joiningRows(prepared, *data, Progress()).value();
        QCOMPARE(again.omitted, prepared.omitted);
        QVERIFY(largestDifference(prepared.points.floats(), again.points) < 1e-5);
    }
}

void TestPreprocess::newRowsAreMeasuredByTheOldTable()
{
    const auto data = withGaps(1000, 8);
    const PreparedPoints centred = prepare(data, {"center", 0});
    // One row alone: centred by itself it would be zero.
    Matrix row = Matrix::zeros(1, 8);
    std::fill_n(row.data(), 8, 10.0F);
    const Matrix moved = centred.prepare(row, Progress()).value();
    for (Index j = 0; j < 8; ++j) {
        double sum = 0;
        for (Index i = 0; i < data->size(); ++i)
            sum += data->isUsable(static_cast<PointId>(i)) ? data->vectors()(i, j) : 0;
        const double mean = sum / static_cast<double>(data->usableCount());
        QVERIFY(std::abs(moved(0, j) - (10 - mean)) < 1e-5);
    }
    const Matrix unit = prepare(data, {"unit", 0}).prepare(row, Progress()).value();
    QVERIFY(std::abs(unit(0, 3) - std::sqrt(1.0F / 8)) < 1e-6F);
    QCOMPARE(centred.prepare(MatrixView(row.data(), 0, 8), Progress()).value().rows(), Index{0});
}

void TestPreprocess::rowsWithGapsAreLeftOutOfAJoin()
{
    const auto data = withGaps(200, 6);
    const PreparedPoints prepared = prepare(data, {"none", 0});
    Matrix more = test::normalMatrix(4, 6);
    more(0, 5) = kNan;
    more(2, 0) = std::numeric_limits<float>::infinity();
    const auto added = test::datasetOf(std::move(more));
    const JoiningRows joining = joiningRows(prepared, *added, Progress()).value();
    QCOMPARE(joining.omitted, (std::vector<PointId>{0, 2}));
    QCOMPARE(joining.points.rows(), Index{2});
    QCOMPARE(joining.points(1, 4), added->vectors()(3, 4));
    const Layout layout = joining.layout(joining.points, Recipe());
    QCOMPARE(layout.size(), Index{4});
    QCOMPARE(layout.omitted, joining.omitted);
    QVERIFY(std::isnan(layout.positions(0, 0)) && std::isnan(layout.positions(2, 5)));
    QCOMPARE(layout.positions(3, 1), added->vectors()(3, 1));

    Matrix none = Matrix::zeros(2, 6);
    none(0, 0) = none(1, 1) = kNan;
    const auto refused = joiningRows(prepared, *test::datasetOf(std::move(none)), Progress());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Malformed);
}

void TestPreprocess::ownRowsJoinWhereTheyAre_data()
{
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("d");
    QTest::addColumn<QString>("normalization");
    QTest::newRow("tall") << 3000 << 20 << "none";
    QTest::newRow("centred") << 3000 << 20 << "center";
    QTest::newRow("unit length") << 1200 << 40 << "unit";
    QTest::newRow("wide") << 60 << 700 << "none";
    QTest::newRow("one row") << 1 << 5 << "none";
    QTest::newRow("one dimension") << 50 << 1 << "none";
}

void TestPreprocess::ownRowsJoinWhereTheyAre()
{
    QFETCH(int, n);
    QFETCH(int, d);
    QFETCH(QString, normalization);
    const auto data = withGaps(n, d);
    for (const int dimensions : {2, 3}) {
        ProjectionRequest request;
        request.dimensions = dimensions;
        request.normalization = normalization.toStdString();
        request.parameters = {{"component_x", std::int64_t{2}}, {"component_y", std::int64_t{1}},
            {"whiten", dimensions == 3}, {"center", dimensions == 2}};
        Workbench workbench(data);
        auto run = startProjection(workbench, request, Progress()).value();
        QVERIFY(run->advance(1, Progress()).ok());
        const Layout layout = run->layout();
        const Layout joined = joinLayout(workbench, layout, *data, Progress()).value();
        QVERIFY(largestDifference(layout.positions, joined.positions) < 1e-5);
        QCOMPARE(joined.omitted, layout.omitted);
        // A workbench that has to find everything again gives the same.
        Workbench other(data);
        QVERIFY(largestDifference(joined.positions,
                    joinLayout(other, layout, *data, Progress()).value().positions)
            == 0);
    }
}

void TestPreprocess::stopsAreHeard()
{
    std::stop_source source;
    source.request_stop();
    const Progress stopped(source.get_token());
    const auto data = withGaps(2000, 12);
    for (const char* normalization : {"none", "center", "unit"}) {
        const auto prepared = preparePoints(data, {normalization, 3}, stopped);
        QVERIFY(!prepared);
        QCOMPARE(prepared.error().code, ErrorCode::Stopped);
        const auto again = prepare(data, {normalization, 3}).prepare(data->vectors(), stopped);
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::Stopped);
    }
}

QTEST_APPLESS_MAIN(TestPreprocess)
#include "tst_preprocess.moc"
