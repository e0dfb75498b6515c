#include "core/base/parallel.h"
#include "core/projection/projection.h"
#include "core/projection/tsne/tsne_options.h"
#include "core/projection/workbench.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstring>

using namespace embedscope;

/// What can be done with a run of t-SNE besides letting it run.
class TestTsneRun : public QObject
{
    Q_OBJECT

private slots:
    void timetablesAreReadAndWritten();
    void badTextsAreRefused_data();
    void badTextsAreRefused();
    void attractionDrawsGroupsTogether();
    void aRunChangedByHandCanBeRepeated();
    void onlyLiveParametersCanBeChanged();
    void settlesBeforeItsLastIteration();
    void goesOnBeyondItsEnd();
    void largeTablesGiveTheSameBytesOnAnyThreadsAndCuts();
    void startsFromAnotherMap();
    void startsFromAMapOfOtherDimensions();
    void startsFromAMapOfASample();
    void aColumnDrawsItsGroupsApart();
    void everyMetricKeepsBlobsTogether_data();
    void everyMetricKeepsBlobsTogether();
    void severalPerplexitiesAtOnce();
    void newRowsLandByTheirTwins_data();
    void newRowsLandByTheirTwins();
    void aGraphServesTheNextRun();
};

namespace {

ProjectionRequest requestOf(int iterations, ParameterValues more = {})
{
    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"iterations", std::int64_t{iterations}}};
    for (auto& entry : more)
        request.parameters.push_back(std::move(entry));
    return request;
}

std::unique_ptr<Projection> started(
    const std::shared_ptr<const Dataset>& data, const ProjectionRequest& request)
{
    return startProjection(data, request, Progress()).value();
}

Layout runToTheEnd(const std::shared_ptr<const Dataset>& data, const ProjectionRequest& request)
{
    const auto run = started(data, request);
    while (!run->isDone() && run->advance(1000, Progress()).ok()) { }
    return run->layout();
}

bool sameBytes(const Layout& a, const Layout& b)
{
    return a.positions.size() == b.positions.size()
        && std::memcmp(a.positions.data(), b.positions.data(),
               static_cast<std::size_t>(a.positions.size()) * sizeof(float))
        == 0;
}

double distance(const Matrix& places, Index i, const Matrix& others, Index j)
{
    double square = 0;
    for (Index a = 0; a < places.columns(); ++a)
        square += std::pow(static_cast<double>(places(i, a)) - others(j, a), 2);
    return std::sqrt(square);
}

/// How wide groups are beside the whole map: blobs are dealt out in turn.
double crowding(const Layout& layout, Index groups)
{
    double within = 0;
    double across = 0;
    Index pairs = 0;
    for (Index i = 0; i + groups + 1 < layout.size(); ++i, ++pairs) {
        within += distance(layout.positions, i, layout.positions, i + groups);
        across += distance(layout.positions, i, layout.positions, i + 1);
    }
    return within / across;
}

/// Share of points whose nearest on the map is of their own blob.
double purity(const Layout& layout, Index groups)
{
    Index same = 0;
    for (Index i = 0; i < layout.size(); ++i) {
        Index nearest = i == 0 ? 1 : 0;
        for (Index j = 0; j < layout.size(); ++j) {
            if (j != i
                && distance(layout.positions, i, layout.positions, j)
                    < distance(layout.positions, i, layout.positions, nearest))
                nearest = j;
        }
        same += nearest % groups == i % groups ? 1 : 0;
    }
    return static_cast<double>(same) / static_cast<double>(layout.size());
}

} // namespace

void TestTsneRun::timetablesAreReadAndWritten()
{
    const auto changes = parseChanges(" 0:1.5,400 : 4").value();
    QCOMPARE(changes.size(), std::size_t{2});
    QCOMPARE(changes[1].iteration, 400);
    QCOMPARE(changes[1].exaggeration, 4.0);
    QCOMPARE(parseChanges(toText(changes)).value(), changes);
    QVERIFY(parseChanges("").value().empty());
    QCOMPARE(parsePerplexities("100, 500").value(), (std::vector<double>{100, 500}));
}

void TestTsneRun::badTextsAreRefused_data()
{
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<QString>("text");
    QTest::newRow("no value") << "exaggeration_changes"
                              << "400";
    QTest::newRow("words") << "exaggeration_changes"
                           << "soon:4";
    QTest::newRow("half an iteration") << "exaggeration_changes"
                                       << "1.5:4";
    QTest::newRow("a value too large") << "exaggeration_changes"
                                       << "4:1e9";
    QTest::newRow("not a number") << "exaggeration_changes"
                                  << "4:nan";
    QTest::newRow("descending") << "exaggeration_changes"
                                << "400:4, 300:1";
    QTest::newRow("perplexity 0") << "more_perplexities"
                                  << "0";
    QTest::newRow("perplexity in words") << "more_perplexities"
                                         << "30, many";
    QTest::newRow("a column that is not there") << "supervise"
                                                << "nowhere";
}

void TestTsneRun::badTextsAreRefused()
{
    QFETCH(QString, parameter);
    QFETCH(QString, text);
    const auto refused = startProjection(test::blobDataset(60, 4, 2),
        requestOf(5, {{parameter.toStdString(), text.toStdString()}}), Progress());
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
}

void TestTsneRun::attractionDrawsGroupsTogether()
{
    const auto data = test::blobDataset(600, 10, 4);
    const Layout plain = runToTheEnd(data, requestOf(500));
    const Layout drawn = runToTheEnd(data, requestOf(500, {{"exaggeration", 8.0}}));
    QVERIFY(crowding(drawn, 4) < 0.8 * crowding(plain, 4));
    for (Index i = 0; i < drawn.size(); ++i)
        QVERIFY(std::isfinite(drawn.positions(i, 0)) && std::isfinite(drawn.positions(i, 1)));
}

void TestTsneRun::aRunChangedByHandCanBeRepeated()
{
    const auto data = test::blobDataset(300, 6, 3);
    const auto run = started(data, requestOf(120, {{"early_iterations", 30.0}}));
    QVERIFY(run->advance(50, Progress()).ok());
    QVERIFY(run->setLive("exaggeration", 6.0).ok());
    QVERIFY(run->advance(20, Progress()).ok());
    QVERIFY(run->setLive("exaggeration", std::string("0.5")).ok());
    QVERIFY(run->advance(1000, Progress()).ok());
    const Layout byHand = run->layout();
    QCOMPARE(toText(*findValue(byHand.recipe.parameters, "exaggeration_changes")),
        std::string("50:6, 70:0.5"));

    ProjectionRequest again;
    again.method = "tsne";
    again.seed = byHand.recipe.seed;
    again.preprocessPca = byHand.recipe.preprocessPca;
    again.parameters = byHand.recipe.parameters;
    QVERIFY(sameBytes(runToTheEnd(data, again), byHand));
    QVERIFY(!sameBytes(runToTheEnd(data, requestOf(120, {{"early_iterations", 30.0}})), byHand));
}

void TestTsneRun::onlyLiveParametersCanBeChanged()
{
    const auto run = started(test::blobDataset(60, 4, 2), requestOf(10));
    QCOMPARE(run->setLive("perplexity", 5.0).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(run->setLive("exaggeration", -1.0).error().code, ErrorCode::InvalidArgument);
    QVERIFY(run->setLive("exaggeration", 2.0).ok());
}

void TestTsneRun::settlesBeforeItsLastIteration()
{
    const auto data = test::blobDataset(150, 5, 3);
    const Layout layout = runToTheEnd(data, requestOf(20000, {{"until_settled", true}}));
    QVERIFY(layout.diagnostics.isFinished);
    QVERIFY(layout.diagnostics.iterations < 20000);
    QVERIFY(layout.diagnostics.iterations > 250);
    QVERIFY(std::any_of(layout.diagnostics.notes.begin(), layout.diagnostics.notes.end(),
        [](const std::string& note) { return note.find("settled") != std::string::npos; }));
    // However the steps are cut.
    const auto run = started(data, requestOf(20000, {{"until_settled", true}}));
    while (!run->isDone())
        QVERIFY(run->advance(77, Progress()).ok());
    QVERIFY(sameBytes(run->layout(), layout));
}

void TestTsneRun::goesOnBeyondItsEnd()
{
    const auto data = test::blobDataset(200, 5, 3);
    const auto run = started(data, requestOf(60));
    QVERIFY(run->advance(1000, Progress()).ok());
    QVERIFY(run->isDone());
    QVERIFY(run->extend(40).ok());
    QVERIFY(!run->isDone());
    QCOMPARE(run->totalIterations(), 100);
    QVERIFY(run->advance(1000, Progress()).ok());
    QVERIFY(sameBytes(run->layout(), runToTheEnd(data, requestOf(100))));
}

void TestTsneRun::largeTablesGiveTheSameBytesOnAnyThreadsAndCuts()
{
    // Large enough for the grid, and for points to be renumbered.
    const auto data = test::blobDataset(21000, 6, 8);
    auto request = requestOf(70, {{"perplexity", 5.0}, {"early_iterations", 40.0}});
    setThreadCount(1);
    const Layout first = runToTheEnd(data, request);
    setThreadCount(3);
    const auto run = started(data, request);
    for (const int steps : {1, 58, 1, 5, 100})
        QVERIFY(run->advance(steps, Progress()).ok());
    setThreadCount(0);
    QCOMPARE(toText(*findValue(first.recipe.parameters, "repulsion")), std::string("grid"));
    QVERIFY(sameBytes(run->layout(), first));
}

void TestTsneRun::startsFromAnotherMap()
{
    const auto data = test::blobDataset(400, 8, 4);
    const auto before = std::make_shared<const Layout>(runToTheEnd(data, requestOf(400)));
    auto request = requestOf(20);
    request.start = before;
    const Layout after = runToTheEnd(data, request);
    QCOMPARE(std::get<double>(*findValue(after.recipe.parameters, "early_iterations")), 0.0);
    double moved = 0;
    double apart = 0;
    for (Index i = 0; i < 399; ++i) {
        moved += distance(before->positions, i, after.positions, i);
        apart += distance(before->positions, i, before->positions, i + 1);
    }
    QVERIFY(moved < 0.2 * apart);
    QVERIFY(*after.diagnostics.klDivergence < *before->diagnostics.klDivergence + 0.05);
}

void TestTsneRun::startsFromAMapOfOtherDimensions()
{
    const auto data = test::blobDataset(300, 8, 3);
    const auto before = std::make_shared<const Layout>(runToTheEnd(data, requestOf(300)));
    auto request = requestOf(400);
    request.dimensions = 3;
    request.start = before;
    const Layout after = runToTheEnd(data, request);
    QCOMPARE(after.dimensions(), 3);
    QVERIFY(purity(after, 3) > 0.98);
    double depth = 0;
    for (Index i = 0; i < 300; ++i)
        depth = std::max(depth, std::abs(static_cast<double>(after.positions(i, 2))));
    QVERIFY(depth > 0.1);
}

void TestTsneRun::startsFromAMapOfASample()
{
    const auto data = test::blobDataset(3000, 10, 6);
    const auto request = requestOf(0, {{"init", std::string("sample")}});
    const Layout layout = runToTheEnd(data, request);
    QCOMPARE(toText(*findValue(layout.recipe.parameters, "init")), std::string("sample"));
    QVERIFY(purity(layout, 6) > 0.95); // Before the first step.
    setThreadCount(1);
    const Layout again = runToTheEnd(data, request);
    setThreadCount(0);
    QVERIFY(sameBytes(again, layout));
    // Too few points to take some of them first.
    const Layout small
        = runToTheEnd(test::blobDataset(60, 4, 2), requestOf(0, {{"init", std::string("sample")}}));
    QCOMPARE(toText(*findValue(small.recipe.parameters, "init")), std::string("pca"));
}

void TestTsneRun::aColumnDrawsItsGroupsApart()
{
    // Points without structure; the column says every other.
    Table table;
    table.vectors = test::normalMatrix(400, 6);
    CategoryValues halves;
    halves.categories = {"even", "odd"};
    for (Index i = 0; i < 400; ++i)
        halves.codes.push_back(static_cast<std::int32_t>(i % 2));
    table.columns.emplace_back("half", std::move(halves));
    const auto data = Dataset::make(std::move(table)).value();
    const Layout free = runToTheEnd(data, requestOf(400));
    const Layout told = runToTheEnd(
        data, requestOf(400, {{"supervise", std::string("half")}, {"supervise_weight", 1.0}}));
    QVERIFY(purity(free, 2) < 0.7);
    QVERIFY(purity(told, 2) > 0.9);
    QVERIFY(std::any_of(told.diagnostics.notes.begin(), told.diagnostics.notes.end(),
        [](const std::string& note) { return note.find("Supervised") != std::string::npos; }));
}

void TestTsneRun::everyMetricKeepsBlobsTogether_data()
{
    QTest::addColumn<QString>("metric");
    for (const char* metric : {"euclidean", "cosine", "manhattan", "dot"})
        QTest::newRow(metric) << QString(metric);
}

void TestTsneRun::everyMetricKeepsBlobsTogether()
{
    QFETCH(QString, metric);
    const Layout layout = runToTheEnd(test::blobDataset(400, 12, 4),
        requestOf(400, {{"metric", metric.toStdString()}, {"perplexity", 15.0}}));
    QCOMPARE(layout.recipe.metric, metric.toStdString());
    QVERIFY(layout.recipe.graphRecall.has_value());
    // The largest vectors are everybody's neighbours under the dot product: it asks for less.
    QVERIFY(purity(layout, 4) > (metric == "dot" ? 0.8 : 0.97));
}

void TestTsneRun::severalPerplexitiesAtOnce()
{
    const auto data = test::blobDataset(400, 8, 4);
    const Layout layout
        = runToTheEnd(data, requestOf(400, {{"more_perplexities", std::string("100, 2000")}}));
    QVERIFY(purity(layout, 4) > 0.97);
    QCOMPARE(layout.diagnostics.notes.size(), std::size_t{1}); // 2,000 was too many.
    QVERIFY(!sameBytes(layout, runToTheEnd(data, requestOf(400))));
}

void TestTsneRun::newRowsLandByTheirTwins_data()
{
    QTest::addColumn<QString>("metric");
    QTest::newRow("euclidean") << "euclidean";
    QTest::newRow("cosine") << "cosine";
}

void TestTsneRun::newRowsLandByTheirTwins()
{
    QFETCH(QString, metric);
    const auto data = test::blobDataset(600, 10, 5);
    Workbench workbench(data);
    const auto run
        = startProjection(workbench, requestOf(400, {{"metric", metric.toStdString()}}), Progress())
              .value();
    QVERIFY(run->advance(1000, Progress()).ok());
    const Layout layout = run->layout();
    Table table;
    table.vectors = Matrix::zeros(40, 10);
    for (Index i = 0; i < 40; ++i) {
        for (Index j = 0; j < 10; ++j)
            table.vectors(i, j) = data->vectors()(7 * i, j) * 1.001F;
    }
    table.vectors(39, 3) = std::numeric_limits<float>::quiet_NaN();
    const auto added = Dataset::make(std::move(table)).value();
    const Layout joined = joinLayout(workbench, layout, *added, Progress()).value();
    QCOMPARE(joined.size(), Index{40});
    QCOMPARE(joined.omitted, std::vector<PointId>{39});
    QVERIFY(std::isnan(joined.positions(39, 0)));
    // Nearer to its twin than to nearly all other points.
    for (Index i = 0; i < 39; ++i) {
        const double twin = distance(joined.positions, i, layout.positions, 7 * i);
        Index nearer = 0;
        for (Index j = 0; j < 600; ++j)
            nearer += distance(joined.positions, i, layout.positions, j) < twin ? 1 : 0;
        QVERIFY2(nearer < 40, qPrintable(QString::number(nearer)));
    }
    QVERIFY(sameBytes(joined, joinLayout(workbench, layout, *added, Progress()).value()));
}

void TestTsneRun::aGraphServesTheNextRun()
{
    const auto data = test::blobDataset(500, 8, 4);
    Workbench workbench(data);
    const auto first = startProjection(workbench, requestOf(5), Progress()).value();
    GraphRequest graph;
    graph.k = 60;
    QVERIFY(workbench.holdsGraph({}, graph));
    graph.k = 90;
    QVERIFY(workbench.holdsGraph({}, graph));
    graph.k = 91;
    QVERIFY(!workbench.holdsGraph({}, graph));
    // A lower perplexity on the kept graph gives what it gives on its own.
    const auto request = requestOf(50, {{"perplexity", 12.0}});
    const auto kept = startProjection(workbench, request, Progress()).value();
    QVERIFY(kept->advance(50, Progress()).ok());
    QVERIFY(sameBytes(kept->layout(), runToTheEnd(data, request)));
}

QTEST_APPLESS_MAIN(TestTsneRun)
#include "tst_tsne_run.moc"
