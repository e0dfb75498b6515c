#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/neighbors/exact.h"
#include "core/projection/projection.h"
#include "core/projection/recipe_text.h"
#include "core/projection/umap/forces.h"
#include "core/projection/umap/umap_optimizer.h"
#include "core/projection/workbench.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace embedscope;

// UMAP as a whole; what every method promises stands in tst_projection.
class TestUmap : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void blobsSeparate_data();
    void blobsSeparate();
    void neighboursAreKeptBetterThanByPca();
    void itIsAsGoodAsTheSequentialMethod();
    void everyMetricKeepsNeighbours_data();
    void everyMetricKeepsNeighbours();
    void tooManyNeighboursAreLoweredAndNoted();
    void supervisionDrawsAMixedColumnApart();
    void wrongColumnsAreRefused();
    void otherLayoutsCanBeTheStart();
    void liveChangesAreToldAndCount();
    void rowsJoinNearTheirTwins_data();
    void rowsJoinNearTheirTwins();
};

namespace {

ProjectionRequest requestOf(ParameterValues parameters = {}, int dimensions = 2)
{
    ProjectionRequest request;
    request.method = "umap";
    request.dimensions = dimensions;
    request.seed = 3;
    request.parameters = std::move(parameters);
    return request;
}

Layout layoutOf(const std::shared_ptr<const Dataset>& data, const ProjectionRequest& request)
{
    const auto run = startProjection(data, request, Progress()).value();
    if (!run->advance(1000000, Progress()))
        qFatal("a run without a stop must not fail");
    return run->layout();
}

/// Share of the k nearest in the table that are among the k nearest in the picture.
double recallOf(MatrixView points, MatrixView places, Index k, Metric metric = Metric::Euclidean)
{
    const NeighborTable in = exactNeighborTable(points, k, metric, Progress()).value();
    const NeighborTable out = exactNeighborTable(places, k, Progress()).value();
    Index kept = 0;
    for (Index i = 0; i < points.rows(); ++i) {
        for (Index j = 0; j < k; ++j)
            kept += std::count(out.idsOf(i), out.idsOf(i) + k, in.idsOf(i)[j]);
    }
    return static_cast<double>(kept) / static_cast<double>(k * points.rows());
}

/// Share of points whose nearest other in the picture is of the same group.
template <typename GroupOf> double purityOf(MatrixView places, const GroupOf& groupOf)
{
    const NeighborTable near = exactNeighborTable(places, 1, Progress()).value();
    Index same = 0;
    for (Index i = 0; i < places.rows(); ++i)
        same += groupOf(i) == groupOf(near.idsOf(i)[0]) ? 1 : 0;
    return static_cast<double>(same) / static_cast<double>(places.rows());
}

double distanceIn(const Matrix& a, Index i, const Matrix& b, Index j)
{
    double square = 0;
    for (Index axis = 0; axis < a.columns(); ++axis)
        square += std::pow(a(i, axis) - b(j, axis), 2);
    return std::sqrt(square);
}

/// A sheet rolled up in space, with some noise in more dimensions.
Matrix rolledSheet(Index n)
{
    Random random(11);
    Matrix points = Matrix::zeros(n, 8);
    for (Index i = 0; i < n; ++i) {
        const double angle = 3 + 9 * random.uniform();
        points(i, 0) = static_cast<float>(angle * std::cos(angle));
        points(i, 1) = static_cast<float>(angle * std::sin(angle));
        points(i, 2) = static_cast<float>(20 * random.uniform());
        for (Index a = 3; a < 8; ++a)
            points(i, a) = static_cast<float>(0.1 * random.normal());
    }
    return points;
}

/// The descent as in the paper (algorithm 5), edge by edge and sample by sample, in double.
Matrix sequentialLayout(const FuzzyGraph& graph, Places start, const Curve& curve, int epochs)
{
    const Index n = graph.size();
    Matrix places = Matrix::zeros(n, 2);
    for (Index i = 0; i < n; ++i)
        std::copy_n(start.get(i).begin(), 2, places.row(i));
    std::vector<double> y(places.data(), places.data() + places.size());
    Random random(7);
    const double largest = largestWeight(graph);
    for (int epoch = 0; epoch < epochs; ++epoch) {
        const double rate = 1 - static_cast<double>(epoch) / epochs;
        for (Index i = 0; i < n; ++i) {
            for (Index at = graph.begin(i); at < graph.end(i); ++at) {
                const auto e = static_cast<std::size_t>(at);
                if (random.uniform() >= graph.weights[e] / largest)
                    continue;
                double* own = y.data() + 2 * i;
                double* other = y.data() + 2 * static_cast<Index>(graph.ids[e]);
                const auto move = [&](double* from, double factor, bool both) {
                    for (int a = 0; a < 2; ++a) {
                        const double step
                            = rate * std::clamp(factor * (own[a] - from[a]), -4.0, 4.0);
                        own[a] += step;
                        from[a] -= both ? step : 0;
                    }
                };
                const auto square = [&](const double* from) {
                    return std::pow(own[0] - from[0], 2) + std::pow(own[1] - from[1], 2);
                };
                double s = square(other);
                if (s > 0) {
                    move(other,
                        -2 * curve.a * curve.b * std::pow(s, curve.b - 1)
                            / (1 + curve.a * std::pow(s, curve.b)),
                        true);
                }
                for (int sample = 0; sample < 5; ++sample) {
                    const auto j = static_cast<Index>(random.below(static_cast<std::uint64_t>(n)));
                    if (j == i)
                        continue;
                    double* away = y.data() + 2 * j;
                    s = square(away);
                    move(away, 2 * curve.b / ((0.001 + s) * (1 + curve.a * std::pow(s, curve.b))),
                        false);
                }
            }
        }
    }
    std::transform(
        y.begin(), y.end(), places.data(), [](double v) { return static_cast<float>(v); });
    return places;
}

} // namespace

void TestUmap::blobsSeparate_data()
{
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<QString>("init");
    for (const int dimensions : {2, 3}) {
        for (const auto* init : {"spectral", "pca", "random"})
            QTest::addRow("%d dimensions, %s", dimensions, init) << dimensions << init;
    }
}

void TestUmap::blobsSeparate()
{
    QFETCH(int, dimensions);
    QFETCH(QString, init);
    constexpr Index n = 600;
    const auto data = test::blobDataset(n, 20, 3);
    const Layout layout = layoutOf(data, requestOf({{"init", init.toStdString()}}, dimensions));
    QVERIFY(layout.diagnostics.isFinished);
    QCOMPARE(layout.diagnostics.iterations, 500);
    QVERIFY(!layout.diagnostics.klDivergence);
    QCOMPARE(layout.recipe.graphRecall, std::optional(1.0));
    QVERIFY(purityOf(layout.positions, [](Index i) { return i % 3; }) > 0.99);
    if (init == "random")
        return; // A blob may be left in two pieces.
    // Groups keep together: the middle of another is farther than one's own.
    Matrix means = Matrix::zeros(3, dimensions);
    for (Index i = 0; i < n; ++i) {
        for (Index a = 0; a < dimensions; ++a)
            means(i % 3, a) += layout.positions(i, a) * 3 / n;
    }
    for (Index i = 0; i < n; ++i) {
        for (Index g = 0; g < 3; ++g) {
            QVERIFY(g == i % 3
                || distanceIn(layout.positions, i, means, i % 3)
                    < distanceIn(layout.positions, i, means, g));
        }
    }
}

void TestUmap::neighboursAreKeptBetterThanByPca()
{
    const auto data = test::datasetOf(rolledSheet(1500));
    const double byUmap
        = recallOf(data->vectors().floats(), layoutOf(data, requestOf()).positions, 10);
    const double byPca
        = recallOf(data->vectors().floats(), layoutOf(data, ProjectionRequest()).positions, 10);
    QVERIFY2(byUmap > 1.5 * byPca, qPrintable(QString("%1, PCA %2").arg(byUmap).arg(byPca)));
}

void TestUmap::itIsAsGoodAsTheSequentialMethod()
{
    constexpr Index n = 1000;
    const Matrix points = rolledSheet(n);
    const NeighborTable table = exactNeighborTable(points, 14, Progress()).value();
    const FuzzyGraph graph = fuzzyGraph(table, 14, {}, Progress()).value();
    Random random(2);
    Places start(n, 2);
    for (Index i = 0; i < n; ++i)
        start.set(i, {points(i, 0) + 0.01F * static_cast<float>(random.normal()), points(i, 2), 0});
    UmapDescent descent;
    descent.curve = fitCurve(0.1, 1);
    descent.epochs = 300;
    UmapOptimizer optimizer(graph, start, descent);
    while (optimizer.iteration() < 300)
        QVERIFY(optimizer.step(Progress()));
    Matrix places = Matrix::zeros(n, 2);
    for (Index i = 0; i < n; ++i)
        std::copy_n(optimizer.places().get(i).begin(), 2, places.row(i));
    const double ours = recallOf(points, places, 10);
    const double theirs = recallOf(points, sequentialLayout(graph, start, descent.curve, 300), 10);
    QVERIFY2(ours > theirs - 0.02, qPrintable(QString("%1, not %2").arg(ours).arg(theirs)));
}

void TestUmap::everyMetricKeepsNeighbours_data()
{
    QTest::addColumn<QString>("metric");
    for (const auto* metric : {"euclidean", "cosine", "manhattan", "dot"})
        QTest::newRow(metric) << metric;
}

void TestUmap::everyMetricKeepsNeighbours()
{
    QFETCH(QString, metric);
    Matrix points = test::blobs(600, 10, 6);
    const auto data = test::datasetOf(points.clone());
    const Layout layout = layoutOf(data, requestOf({{"metric", metric.toStdString()}}));
    QCOMPARE(layout.recipe.metric, metric.toStdString());
    QCOMPARE(layout.recipe.normalization, std::string(metric == "cosine" ? "unit" : "none"));
    const double recall
        = recallOf(points, layout.positions, 50, *metricFromId(metric.toStdString()));
    QVERIFY2(recall > (metric == "dot" ? 0.2 : 0.5), qPrintable(QString::number(recall)));
}

void TestUmap::tooManyNeighboursAreLoweredAndNoted()
{
    const Layout small = layoutOf(test::blobDataset(9, 4, 2), requestOf({{"neighbors", 15.0}}));
    QCOMPARE(std::get<double>(*findValue(small.recipe.parameters, "neighbors")), 9.0);
    QCOMPARE(small.diagnostics.notes.size(), std::size_t{1});
    const Layout enough = layoutOf(test::blobDataset(60, 4, 2), requestOf());
    QVERIFY(enough.diagnostics.notes.empty());
    QCOMPARE(std::get<double>(*findValue(enough.recipe.parameters, "neighbors")), 15.0);
    QCOMPARE(std::get<double>(*findValue(enough.recipe.parameters, "graph_neighbors")), 14.0);
    QCOMPARE(
        std::get<std::int64_t>(*findValue(enough.recipe.parameters, "epochs")), std::int64_t{500});
}

void TestUmap::supervisionDrawsAMixedColumnApart()
{
    // A column that has nothing to do with the vectors.
    Table table;
    table.vectors = test::normalMatrix(400, 6);
    CategoryValues sides;
    sides.categories = {"left", "right"};
    for (std::int32_t i = 0; i < 400; ++i)
        sides.codes.push_back(i % 2);
    table.columns.emplace_back("side", std::move(sides));
    const auto data = Dataset::make(std::move(table)).value();
    const auto purity = [](const Layout& layout) {
        return purityOf(layout.positions, [](Index i) { return i % 2; });
    };
    const Layout plain = layoutOf(data, requestOf());
    QVERIFY(purity(plain) < 0.65);
    QVERIFY(summary(plain.recipe).starts_with("UMAP"));
    const Layout supervised = layoutOf(
        data, requestOf({{"supervise", std::string("side")}, {"supervise_weight", 0.9}}));
    QVERIFY(purity(supervised) > 0.9);
    QVERIFY(summary(supervised.recipe).starts_with("Supervised UMAP"));
    QCOMPARE(supervised.diagnostics.notes.size(), std::size_t{1});
    QVERIFY(supervised.diagnostics.notes[0].find("\"side\"") != std::string::npos);
    QVERIFY(supervised.diagnostics.notes[0].find("by intention") != std::string::npos);
}

void TestUmap::wrongColumnsAreRefused()
{
    const auto data = test::blobDataset(100, 4, 2);
    const auto refusal = [&](const char* column) {
        const auto result
            = startProjection(data, requestOf({{"supervise", std::string(column)}}), Progress());
        return result ? std::string() : result.error().detail;
    };
    QVERIFY(refusal("nothing").find("no column \"nothing\"") != std::string::npos);
    QVERIFY(refusal("size").find("100 different values") != std::string::npos);
    QVERIFY(refusal("group").empty());
}

void TestUmap::otherLayoutsCanBeTheStart()
{
    const auto data = test::blobDataset(300, 8, 3);
    auto given = std::make_shared<Layout>();
    given->positions = Matrix::zeros(300, 2);
    for (Index i = 0; i < 300; ++i) {
        given->positions(i, 0) = static_cast<float>(1000 + i);
        given->positions(i, 1) = static_cast<float>(i % 7);
    }
    given->recipe.method = "given";
    ProjectionRequest request = requestOf({{"epochs", std::int64_t{0}}});
    request.start = given;
    const Layout brought = layoutOf(data, request);
    double farthest = 0;
    for (Index i = 0; i < 300; ++i) {
        farthest = std::max<double>(farthest, std::abs(brought.positions(i, 0)));
        QVERIFY(i == 0 || brought.positions(i, 0) > brought.positions(i - 1, 0));
    }
    QVERIFY(std::abs(farthest - 10) < 0.1);

    // A picture of UMAP itself keeps its size and, with few epochs at a low rate, its look.
    auto first = std::make_shared<const Layout>(layoutOf(data, requestOf()));
    request = requestOf({{"epochs", std::int64_t{20}}, {"learning_rate", 0.05}});
    request.start = first;
    const Layout second = layoutOf(data, request);
    for (Index i = 0; i < 300; ++i)
        QVERIFY(distanceIn(first->positions, i, second.positions, i) < 2);
}

void TestUmap::liveChangesAreToldAndCount()
{
    const auto data = test::blobDataset(300, 8, 3);
    const auto spanOf = [](const Layout& layout) {
        const auto [low, high] = std::minmax_element(
            layout.positions.data(), layout.positions.data() + layout.positions.size());
        return *high - *low;
    };
    const auto run = startProjection(data, requestOf(), Progress()).value();
    QVERIFY(run->advance(100, Progress()).ok());
    QVERIFY(run->setLive("repulsion", 20.0).ok());
    QVERIFY(run->advance(1000, Progress()).ok());
    const Layout pushed = run->layout();
    QCOMPARE(pushed.diagnostics.notes.size(), std::size_t{1});
    QVERIFY(pushed.diagnostics.notes[0].find("20 at epoch 100") != std::string::npos);
    QVERIFY(spanOf(pushed) > 1.2 * spanOf(layoutOf(data, requestOf())));
    QCOMPARE(run->setLive("repulsion", -1.0).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(run->setLive("neighbors", 5.0).error().code, ErrorCode::InvalidArgument);
}

void TestUmap::rowsJoinNearTheirTwins_data()
{
    QTest::addColumn<QString>("metric");
    QTest::addColumn<int>("dimensions");
    QTest::newRow("euclidean") << "euclidean" << 2;
    QTest::newRow("cosine, in space") << "cosine" << 3;
    QTest::newRow("dot") << "dot" << 2;
}

void TestUmap::rowsJoinNearTheirTwins()
{
    QFETCH(QString, metric);
    QFETCH(int, dimensions);
    Matrix points = test::blobs(600, 10, 4);
    points(5, 3) = std::nanf("");
    const auto data = test::datasetOf(points.clone());
    Workbench workbench(data);
    const auto run = startProjection(
        workbench, requestOf({{"metric", metric.toStdString()}}, dimensions), Progress())
                         .value();
    QVERIFY(run->advance(1000, Progress()).ok());
    const Layout layout = run->layout();
    Matrix rows = Matrix::zeros(41, 10);
    for (Index i = 0; i < 40; ++i)
        std::copy_n(points.row(100 + i), 10, rows.row(i));
    rows(40, 0) = std::nanf("");
    const auto added = test::datasetOf(std::move(rows));
    setThreadCount(1);
    const Layout joined = joinLayout(workbench, layout, *added, Progress()).value();
    setThreadCount(2);
    const Layout again = joinLayout(workbench, layout, *added, Progress()).value();
    QCOMPARE(std::memcmp(joined.positions.data(), again.positions.data(),
                 static_cast<std::size_t>(joined.positions.size()) * sizeof(float)),
        0);
    QCOMPARE(joined.size(), Index{41});
    QVERIFY(joined.omitted == std::vector<PointId>{40});
    QCOMPARE(joined.recipe.method, std::string("umap"));
    double meanOfOthers = 0;
    for (Index i = 0; i < 40; ++i) {
        double others = 0;
        for (Index j = 10; j < 600; ++j)
            others += distanceIn(joined.positions, i, layout.positions, j) / 590;
        const double twin = distanceIn(joined.positions, i, layout.positions, 100 + i);
        QVERIFY2(twin < 0.5 * others, qPrintable(QString("%1 of %2").arg(twin).arg(others)));
        meanOfOthers += others;
    }
    QVERIFY(std::isfinite(meanOfOthers));
    Matrix far = Matrix::zeros(1, 10);
    std::fill_n(far.data(), 10, 1e30F);
    const Layout odd
        = joinLayout(workbench, layout, *test::datasetOf(std::move(far)), Progress()).value();
    QVERIFY(std::isfinite(odd.positions(0, 0)));
}

QTEST_APPLESS_MAIN(TestUmap)
#include "tst_umap.moc"
