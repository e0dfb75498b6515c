// Whatever is done with a table that is kept as float16 comes out as it does with the same values
// kept as float32, to the last bit.

#include "core/analysis/faithfulness.h"
#include "core/analysis/health/health.h"
#include "core/analysis/quality.h"
#include "core/io/writers/writers.h"
#include "core/neighbors/exact.h"
#include "core/projection/projection.h"
#include "core/projection/workbench.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cstring>
#include <limits>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr Index kRows = 600;

struct Twins
{
    std::shared_ptr<const Dataset> half;
    std::shared_ptr<const Dataset> floats;
};

/// The same values in both. Rows of zeros, NaN and repeats are among them.
Twins twins(Index n, Index d)
{
    Matrix values = blobs(n, d, 5, 3);
    std::fill_n(values.row(7), d, 0.0F);
    std::copy_n(values.row(3), d, values.row(40));
    values(11, d - 1) = std::numeric_limits<float>::quiet_NaN();
    auto halves = HalfMatrix::allocate(n, d).value();
    toHalves(values.data(), values.size(), halves.data());
    toFloats(halves.data(), halves.size(), values.data());
    return {Dataset::make(Table(), std::move(halves)).value(), datasetOf(std::move(values))};
}

bool isSame(MatrixView a, MatrixView b)
{
    return a.rows() == b.rows() && a.columns() == b.columns()
        && std::memcmp(
               a.data(), b.data(), static_cast<std::size_t>(a.rows() * a.columns()) * sizeof(float))
        == 0;
}

ProjectionRequest requestOf(
    const std::string& method, const std::string& normalization, std::optional<int> pca)
{
    ProjectionRequest request;
    request.method = method;
    request.normalization = normalization;
    request.preprocessPca = pca;
    if (method == "tsne")
        request.parameters = {{"iterations", ParameterValue(std::int64_t{60})}};
    if (method == "umap")
        request.parameters = {{"epochs", ParameterValue(std::int64_t{40})}};
    return request;
}

Layout layoutOf(Workbench& workbench, const ProjectionRequest& request)
{
    auto run = startProjection(workbench, request, Progress());
    if (!run)
        qFatal("%s", describe(run.error()).c_str());
    while (!(*run)->isDone()) {
        if (!(*run)->advance(1000, Progress()).ok())
            qFatal("the run failed");
    }
    return (*run)->layout();
}

} // namespace

class TestHalfTables : public QObject
{
    Q_OBJECT

private slots:
    void theyAreTwins();
    void neighbors_data();
    void neighbors();
    void layouts_data();
    void layouts();
    void componentsOfEveryRoute_data();
    void componentsOfEveryRoute();
    void joining_data();
    void joining();
    void health();
    void faithfulness_data();
    void faithfulness();
    void files_data();
    void files();
};

void TestHalfTables::theyAreTwins()
{
    const Twins tables = twins(kRows, 20);
    QVERIFY(tables.half->vectors().isHalf());
    QVERIFY(!tables.floats->vectors().isHalf());
    QCOMPARE(tables.half->unusableRows().ids(), tables.floats->unusableRows().ids());
    QCOMPARE(tables.half->unusableRows().ids(), std::vector<PointId>{11});
    // What keeps columns and labels keeps how the values are kept.
    QVERIFY(tables.half->withLabelColumn(std::nullopt)->vectors().isHalf());
}

void TestHalfTables::neighbors_data()
{
    QTest::addColumn<int>("metric");
    for (const Metric metric : {Metric::Cosine, Metric::Euclidean, Metric::Dot, Metric::Manhattan})
        QTest::newRow(std::string(metricId(metric)).c_str()) << static_cast<int>(metric);
}

void TestHalfTables::neighbors()
{
    QFETCH(int, metric);
    const Twins tables = twins(kRows, 33);
    // Few neighbours are found by quick scores, many by the values themselves.
    for (const Index k : {Index{5}, Index{300}}) {
        for (const PointId query : {PointId{0}, PointId{7}, PointId{11}, PointId{40}}) {
            const auto ours
                = findNeighbors(*tables.half, query, k, static_cast<Metric>(metric), Progress());
            const auto theirs
                = findNeighbors(*tables.floats, query, k, static_cast<Metric>(metric), Progress());
            QVERIFY(ours.ok() && theirs.ok());
            QCOMPARE(ours->warning, theirs->warning);
            QCOMPARE(ours->neighbors.size(), theirs->neighbors.size());
            for (std::size_t i = 0; i < ours->neighbors.size(); ++i) {
                QCOMPARE(ours->neighbors[i].id, theirs->neighbors[i].id);
                QCOMPARE(ours->neighbors[i].value, theirs->neighbors[i].value);
            }
        }
    }
}

void TestHalfTables::layouts_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("normalization");
    QTest::addColumn<int>("pca");
    for (const char* method : {"pca", "tsne", "umap"}) {
        for (const char* normalization : {"none", "center", "unit"}) {
            for (const int pca : {0, 8}) {
                QTest::addRow("%s %s %d", method, normalization, pca)
                    << method << normalization << pca;
            }
        }
    }
}

void TestHalfTables::layouts()
{
    QFETCH(QString, method);
    QFETCH(QString, normalization);
    QFETCH(int, pca);
    const Twins tables = twins(kRows, 20);
    Workbench ours(tables.half);
    Workbench theirs(tables.floats);
    const auto request = requestOf(method.toStdString(), normalization.toStdString(), pca);
    const Layout a = layoutOf(ours, request);
    const Layout b = layoutOf(theirs, request);
    QVERIFY(a.positions.rows() == kRows);
    QVERIFY(isSame(a.positions, b.positions));
}

void TestHalfTables::componentsOfEveryRoute_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<int>("route");
    QTest::newRow("covariance") << 900 << 12 << static_cast<int>(PcaRoute::Covariance);
    QTest::newRow("wide covariance") << 700 << 300 << static_cast<int>(PcaRoute::Covariance);
    QTest::newRow("gram") << 60 << 1500 << static_cast<int>(PcaRoute::Gram);
    QTest::newRow("krylov") << 700 << 120 << static_cast<int>(PcaRoute::Krylov);
}

void TestHalfTables::componentsOfEveryRoute()
{
    QFETCH(int, rows);
    QFETCH(int, dimensions);
    QFETCH(int, route);
    const Matrix values = normalMatrix(rows, dimensions, 2);
    auto halves = HalfMatrix::allocate(rows, dimensions).value();
    toHalves(values.data(), values.size(), halves.data());
    const auto floats = floatRows(halves, Progress());
    QVERIFY(floats.ok());
    PcaSettings settings;
    settings.route = static_cast<PcaRoute>(route);
    const auto ours = principalComponents(halves, 4, settings, Progress());
    const auto theirs = principalComponents(floats->view, 4, settings, Progress());
    QVERIFY(ours.ok() && theirs.ok());
    QVERIFY(isSame(ours->axes, theirs->axes));
    const std::vector<Index> which{0, 1, 2, 3};
    const auto a = componentScores(*ours, halves, which, Progress());
    const auto b = componentScores(*theirs, floats->view, which, Progress());
    QVERIFY(a.ok() && b.ok());
    QVERIFY(isSame(*a, *b));
}

void TestHalfTables::joining_data()
{
    QTest::addColumn<QString>("method");
    for (const char* method : {"pca", "tsne", "umap"})
        QTest::newRow(method) << method;
}

void TestHalfTables::joining()
{
    QFETCH(QString, method);
    const Twins tables = twins(kRows, 20);
    const Twins added = twins(50, 20);
    Workbench ours(tables.half);
    Workbench theirs(tables.floats);
    const auto request = requestOf(method.toStdString(), "none", 0);
    const auto a = joinLayout(ours, layoutOf(ours, request), *added.half, Progress());
    const auto b = joinLayout(theirs, layoutOf(theirs, request), *added.floats, Progress());
    QVERIFY(a.ok() && b.ok());
    QVERIFY(isSame(a->positions, b->positions));
}

void TestHalfTables::health()
{
    const Twins tables = twins(kRows, 20);
    const auto ours = examineHealth(*tables.half, {}, Progress());
    const auto theirs = examineHealth(*tables.floats, {}, Progress());
    QVERIFY(ours.ok() && theirs.ok());
    QCOMPARE(ours->memoryBytes * 2, theirs->memoryBytes);
    QCOMPARE(ours->nanRows.ids(), std::vector<PointId>{11});
    QCOMPARE(ours->nanRows.ids(), theirs->nanRows.ids());
    QCOMPARE(ours->zeroRows.ids(), theirs->zeroRows.ids());
    QCOMPARE(ours->duplicates.rows, theirs->duplicates.rows);
    QVERIFY(!ours->duplicates.rows.empty());
    QCOMPARE(*ours->meanCosine, *theirs->meanCosine);
    QCOMPARE(*ours->cosineSpread, *theirs->cosineSpread);
    QCOMPARE(*ours->effectiveDimension, *theirs->effectiveDimension);
    QCOMPARE(ours->varianceShares, theirs->varianceShares);
    QCOMPARE(ours->norms->median, theirs->norms->median);
    QCOMPARE(ours->findings.size(), theirs->findings.size());
}

void TestHalfTables::faithfulness_data()
{
    QTest::addColumn<QString>("metric");
    for (const char* metric : {"cosine", "euclidean", "dot", "manhattan"})
        QTest::newRow(metric) << metric;
}

void TestHalfTables::faithfulness()
{
    QFETCH(QString, metric);
    const Twins tables = twins(kRows, 20);
    Workbench workbench(tables.floats);
    Layout layout = layoutOf(workbench, requestOf("pca", "none", 0));
    layout.recipe.metric = metric.toStdString();
    for (const char* normalization : {"none", "center", "unit"}) {
        layout.recipe.normalization = normalization;
        const auto ours = measureQuality(*tables.half, layout, {}, Progress());
        const auto theirs = measureQuality(*tables.floats, layout, {}, Progress());
        QVERIFY(ours.ok() && theirs.ok());
        QCOMPARE(ours->trustworthiness12, theirs->trustworthiness12);
        QCOMPARE(ours->recall50, theirs->recall50);
        QCOMPARE(ours->spearman, theirs->spearman);
        QCOMPARE(ours->recall10OfRow, theirs->recall10OfRow);
        const auto one = examinePoint(*tables.half, layout, 5, 10, Progress());
        const auto other = examinePoint(*tables.floats, layout, 5, 10, Progress());
        QVERIFY(one.ok() && other.ok());
        QVERIFY(one->trueNeighbors == other->trueNeighbors);
        QVERIFY(one->mapNeighbors == other->mapNeighbors);
    }
}

void TestHalfTables::files_data()
{
    QTest::addColumn<int>("writer");
    for (std::size_t w = 0; w < writers().size(); ++w)
        QTest::newRow(std::string(writers()[w].id).c_str()) << static_cast<int>(w);
}

void TestHalfTables::files()
{
    QFETCH(int, writer);
    const Writer& format = writers()[static_cast<std::size_t>(writer)];
    const Twins tables = twins(kRows, 20);
    const TemporaryFolder folder;
    for (const auto& rows :
        {std::optional<std::vector<PointId>>(), std::optional(std::vector<PointId>{9, 2, 3})}) {
        std::vector<std::string> files;
        for (const auto& table : {tables.half, tables.floats}) {
            const std::string path = folder.file("table." + std::string(format.extensions[0]));
            std::vector<std::string> warnings;
            const Status written
                = format.write(path, RowsToWrite(*table, rows), warnings, Progress());
            QVERIFY2(written.ok(), written ? "" : describe(written.error()).c_str());
            files.push_back(readFile(path));
        }
        QVERIFY(!files[0].empty());
        QVERIFY(files[0] == files[1]);
    }
}

QTEST_APPLESS_MAIN(TestHalfTables)
#include "tst_half_tables.moc"
