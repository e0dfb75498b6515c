#include "core/base/parallel.h"
#include "core/projection/projection.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>

using namespace embedscope;

// What every method promises: loops over the array, so that a newcomer is tested the day it
// arrives.
class TestProjection : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void sameSeedSameBytesHoweverItIsCut_data() { eachMethod(); }
    void sameSeedSameBytesHoweverItIsCut();
    void degenerateTablesGiveFiniteLayouts_data() { eachMethod(); }
    void degenerateTablesGiveFiniteLayouts();
    void unusableRowsAreLeftOutAndChangeNothing_data() { eachMethod(); }
    void unusableRowsAreLeftOutAndChangeNothing();
    void aStopLeavesAValidLayoutAndCanGoOn_data() { eachMethod(); }
    void aStopLeavesAValidLayoutAndCanGoOn();
    void theRecipeNamesEverything_data() { eachMethod(); }
    void theRecipeNamesEverything();
    void normalisationAndReductionStandInTheRecipe();
    void pcaShowsTheComponentsAskedFor();
    void wrongRequestsAreRefused();
    void columnsCanBeTheMap();

private:
    static void eachMethod()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("dimensions");
        for (const Method& method : methods()) {
            const auto id = QString::fromStdString(std::string(method.id));
            for (const int dimensions : {2, 3})
                QTest::addRow("%s in %d dimensions", qPrintable(id), dimensions)
                    << id << dimensions;
        }
    }
};

namespace {

ProjectionRequest requestOf(const QString& method, int dimensions)
{
    ProjectionRequest request;
    request.method = method.toStdString();
    request.dimensions = dimensions;
    request.seed = 7;
    // Short, where the method counts iterations at all.
    for (const ParameterInfo& info : findMethod(request.method)->parameters) {
        if (info.id == "iterations")
            request.parameters.emplace_back("iterations", std::int64_t{60});
        if (info.id == "exaggeration_iterations")
            request.parameters.emplace_back("exaggeration_iterations", std::int64_t{25});
    }
    return request;
}

using Run = std::unique_ptr<Projection>;

Run start(const std::shared_ptr<const Dataset>& data, const ProjectionRequest& request)
{
    return startProjection(data, request, Progress()).value();
}

Layout layoutOf(
    const std::shared_ptr<const Dataset>& data, const ProjectionRequest& request, int step)
{
    const Run run = start(data, request);
    while (!run->isDone()) {
        if (!run->advance(step, Progress()))
            qFatal("a run without a stop must not fail");
    }
    return run->layout();
}

bool sameBytes(const Matrix& a, const Matrix& b)
{
    return a.rows() == b.rows() && a.columns() == b.columns()
        && std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(float)) == 0;
}

/// Finite everywhere but for the omitted rows, which are NaN.
bool isValid(const Layout& layout, Index n, int dimensions)
{
    if (layout.size() != n || layout.dimensions() != dimensions)
        return false;
    for (Index i = 0; i < n; ++i) {
        const bool omitted = std::binary_search(
            layout.omitted.begin(), layout.omitted.end(), static_cast<PointId>(i));
        for (Index a = 0; a < dimensions; ++a) {
            const float v = layout.positions(i, a);
            if (omitted ? !std::isnan(v) : !std::isfinite(v))
                return false;
        }
    }
    return true;
}

} // namespace

void TestProjection::sameSeedSameBytesHoweverItIsCut()
{
    QFETCH(QString, method);
    QFETCH(int, dimensions);
    const auto data = test::blobDataset(1500, 60, 5);
    const ProjectionRequest request = requestOf(method, dimensions);
    setThreadCount(1);
    const Layout whole = layoutOf(data, request, 1000);
    QVERIFY(isValid(whole, 1500, dimensions));
    QVERIFY(whole.diagnostics.isFinished);
    for (const auto& [threads, step] : {std::pair{1, 7}, {2, 1000}, {2, 13}, {3, 1}}) {
        setThreadCount(threads);
        const Layout other = layoutOf(data, request, step);
        QVERIFY(sameBytes(whole.positions, other.positions));
        QVERIFY(whole.diagnostics.lossHistory == other.diagnostics.lossHistory);
        QVERIFY(whole.diagnostics.klDivergence == other.diagnostics.klDivergence);
    }
}

void TestProjection::degenerateTablesGiveFiniteLayouts()
{
    QFETCH(QString, method);
    QFETCH(int, dimensions);
    const ProjectionRequest request = requestOf(method, dimensions);
    const auto check = [&](Matrix points) {
        const Index n = points.rows();
        return isValid(layoutOf(test::datasetOf(std::move(points)), request, 1000), n, dimensions);
    };
    for (const Index n : {1, 2, 3, 4, 5, 17}) {
        for (const Index d : {1, 2, 3, 70})
            QVERIFY2(check(test::normalMatrix(n, d)), qPrintable(QString("%1 x %2").arg(n).arg(d)));
    }
    for (const float value : {0.0F, 0.1F, 3e38F, 1e-45F}) {
        Matrix equal = Matrix::zeros(200, 5);
        std::fill_n(equal.data(), equal.size(), value);
        QVERIFY2(check(std::move(equal)), qPrintable(QString("all %1").arg(value)));
    }
    Matrix duplicates = Matrix::zeros(300, 6);
    for (Index i = 0; i < 300; ++i)
        duplicates(i, i % 3) = 1;
    QVERIFY(check(std::move(duplicates)));
    Matrix outlier = test::normalMatrix(200, 4);
    outlier(77, 2) = 3e38F;
    outlier(78, 2) = -3e38F;
    QVERIFY(check(std::move(outlier)));
    Matrix oneHot = Matrix::zeros(150, 150);
    for (Index i = 0; i < 150; ++i)
        oneHot(i, i) = 1;
    QVERIFY(check(std::move(oneHot)));

    for (const std::string normalization : {"center", "unit"}) {
        ProjectionRequest normalised = request;
        normalised.normalization = normalization;
        Matrix points = test::normalMatrix(100, 5);
        std::fill_n(points.row(3), 5, 0.0F);
        points(5, 1) = 3e38F;
        const Layout layout = layoutOf(test::datasetOf(std::move(points)), normalised, 1000);
        QVERIFY(isValid(layout, 100, dimensions));
    }
}

void TestProjection::unusableRowsAreLeftOutAndChangeNothing()
{
    QFETCH(QString, method);
    QFETCH(int, dimensions);
    const Matrix clean = test::blobs(120, 6, 3);
    Matrix dirty = Matrix::zeros(123, 6);
    Index from = 0;
    for (Index i = 0; i < 123; ++i) {
        if (i == 0 || i == 50 || i == 122)
            dirty(i, 2) = i == 50 ? std::numeric_limits<float>::infinity() : std::nanf("");
        else
            std::copy_n(clean.row(from++), 6, dirty.row(i));
    }
    const ProjectionRequest request = requestOf(method, dimensions);
    const Layout expected = layoutOf(test::datasetOf(clean.clone()), request, 1000);
    const Layout layout = layoutOf(test::datasetOf(std::move(dirty)), request, 1000);
    QVERIFY(isValid(layout, 123, dimensions));
    QVERIFY((layout.omitted == std::vector<PointId>{0, 50, 122}));
    from = 0;
    for (Index i = 0; i < 123; ++i) {
        if (i == 0 || i == 50 || i == 122)
            continue;
        QVERIFY(std::equal(layout.positions.row(i), layout.positions.row(i) + dimensions,
            expected.positions.row(from++)));
    }

    Matrix hopeless = Matrix::zeros(4, 2);
    std::fill_n(hopeless.data(), 8, std::nanf(""));
    const auto refused = startProjection(test::datasetOf(std::move(hopeless)), request, Progress());
    QVERIFY(!refused && refused.error().code == ErrorCode::Malformed);
}

void TestProjection::aStopLeavesAValidLayoutAndCanGoOn()
{
    QFETCH(QString, method);
    QFETCH(int, dimensions);
    const auto data = test::blobDataset(800, 12, 4);
    const ProjectionRequest request = requestOf(method, dimensions);
    const Layout whole = layoutOf(data, request, 1000);

    // Stops at the third report of each advance(): in the middle of whatever it does then.
    const Run run = start(data, request);
    int stops = 0;
    for (int round = 0; round < 1000 && !run->isDone(); ++round) {
        std::stop_source source;
        std::atomic<int> reports{0};
        const Progress progress(source.get_token(), [&](std::string_view, double) {
            if (++reports == 3)
                source.request_stop();
        });
        const int before = run->iteration();
        const Status status = run->advance(10, progress);
        const Layout layout = run->layout();
        QVERIFY(isValid(layout, 800, dimensions));
        QCOMPARE(layout.diagnostics.isFinished, run->isDone());
        if (!status) {
            ++stops;
            QCOMPARE(status.error().code, ErrorCode::Stopped);
        }
        if (run->iteration() == before)
            QVERIFY(run->advance(1, Progress()).ok());
    }
    QVERIFY(stops > 0);
    QVERIFY(run->isDone());
    QVERIFY(sameBytes(run->layout().positions, whole.positions));

    std::stop_source source;
    source.request_stop();
    const auto early = startProjection(data, request, Progress(source.get_token()));
    QVERIFY(early.ok() || early.error().code == ErrorCode::Stopped);
}

void TestProjection::theRecipeNamesEverything()
{
    QFETCH(QString, method);
    QFETCH(int, dimensions);
    const ProjectionRequest request = requestOf(method, dimensions);
    const Layout layout = layoutOf(test::blobDataset(90, 4, 3), request, 1000);
    QCOMPARE(layout.recipe.method, request.method);
    QCOMPARE(layout.recipe.dimensions, dimensions);
    QCOMPARE(layout.recipe.seed, request.seed);
    QVERIFY(!layout.recipe.parameters.empty());
    for (const auto& [id, value] : layout.recipe.parameters)
        QVERIFY2(toText(value) != "auto", id.c_str());
    // A recipe's own values make the same picture again.
    ProjectionRequest again = request;
    again.parameters = layout.recipe.parameters;
    QVERIFY(
        sameBytes(layout.positions, layoutOf(test::blobDataset(90, 4, 3), again, 1000).positions));
}

void TestProjection::normalisationAndReductionStandInTheRecipe()
{
    const auto data = test::blobDataset(200, 80, 4);
    ProjectionRequest request = requestOf("tsne", 2);
    QCOMPARE(start(data, request)->layout().recipe.preprocessPca, 50);
    request.preprocessPca = 0;
    QCOMPARE(start(data, request)->layout().recipe.preprocessPca, 0);
    request.preprocessPca = 10;
    request.normalization = "unit";
    const Layout layout = start(data, request)->layout();
    QCOMPARE(layout.recipe.preprocessPca, 10);
    QCOMPARE(layout.recipe.normalization, std::string("unit"));
    request.preprocessPca = 500;
    QCOMPARE(start(data, request)->layout().recipe.preprocessPca, 0);
    request = requestOf("tsne", 2);
    QCOMPARE(start(test::blobDataset(200, 50, 4), request)->layout().recipe.preprocessPca, 0);

    // Unit length makes rows that differ in length alone the same point.
    Matrix rays = Matrix::zeros(40, 3);
    for (Index i = 0; i < 40; ++i)
        rays(i, i % 2) = static_cast<float>(1 + i);
    request = requestOf("pca", 2);
    request.normalization = "unit";
    const Layout two = layoutOf(test::datasetOf(std::move(rays)), request, 1);
    for (Index i = 2; i < 40; ++i)
        QCOMPARE(two.positions(i, 0), two.positions(i % 2, 0));
}

void TestProjection::pcaShowsTheComponentsAskedFor()
{
    const auto data = test::datasetOf(test::normalMatrix(500, 8));
    ProjectionRequest request;
    request.dimensions = 3;
    const Layout usual = layoutOf(data, request, 1);
    QCOMPARE(usual.diagnostics.explainedVariance.size(), std::size_t{8});
    double sum = 0;
    for (std::size_t c = 0; c < 8; ++c) {
        sum += usual.diagnostics.explainedVariance[c];
        QVERIFY(c == 0
            || usual.diagnostics.explainedVariance[c]
                <= usual.diagnostics.explainedVariance[c - 1]);
    }
    QVERIFY(std::abs(sum - 1) < 1e-6);
    request.dimensions = 2;
    request.parameters = {{"component_x", std::int64_t{3}}, {"component_y", std::int64_t{1}}};
    const Layout turned = layoutOf(data, request, 1);
    for (Index i = 0; i < 500; ++i) {
        QCOMPARE(turned.positions(i, 0), usual.positions(i, 2));
        QCOMPARE(turned.positions(i, 1), usual.positions(i, 0));
    }
}

void TestProjection::wrongRequestsAreRefused()
{
    const auto data = test::blobDataset(30, 3, 2);
    const auto refusal = [&](auto change) {
        ProjectionRequest request = requestOf("tsne", 2);
        change(request);
        const auto result = startProjection(data, request, Progress());
        return !result && result.error().code == ErrorCode::InvalidArgument ? result.error().detail
                                                                            : std::string();
    };
    const auto lists = [](const std::string& text, std::string_view word) {
        return text.find(word) != std::string::npos;
    };
    const auto method = refusal([](ProjectionRequest& r) { r.method = "magic"; });
    for (const Method& row : methods())
        QVERIFY(lists(method, row.id));
    QVERIFY(lists(refusal([](auto& r) { r.dimensions = 4; }), "2 or 3"));
    QVERIFY(lists(refusal([](auto& r) { r.normalization = "some"; }), "center"));
    QVERIFY(!refusal([](auto& r) { r.preprocessPca = -1; }).empty());
    QVERIFY(lists(refusal([](auto& r) { r.parameters = {{"perplexities", 3.0}}; }), "perplexity"));
    QVERIFY(lists(refusal([](auto& r) { r.parameters = {{"perplexity", 0.5}}; }), "from 1"));
}

void TestProjection::columnsCanBeTheMap()
{
    Table table;
    table.vectors = test::normalMatrix(3, 2);
    table.columns.emplace_back("x", NumberValues{{1, std::nan(""), 3}});
    table.columns.emplace_back("y", NumberValues{{4, 5, 6}});
    TextValues words;
    for (const auto* word : {"a", "b", "c"})
        words.append(word);
    table.columns.emplace_back("word", std::move(words));
    const auto data = Dataset::make(std::move(table)).value();
    const Layout layout = layoutFromColumns(*data, {0, 1}).value();
    QVERIFY(isValid(layout, 3, 2));
    QVERIFY(layout.omitted == std::vector<PointId>{1});
    QCOMPARE(layout.positions(2, 1), 6.0F);
    QCOMPARE(layout.recipe.method, std::string("given"));
    QCOMPARE(layout.recipe.source, std::string("x and y"));
    QCOMPARE(layoutFromColumns(*data, {0, 2}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(layoutFromColumns(*data, {0}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(layoutFromColumns(*data, {0, 9}).error().code, ErrorCode::NotFound);
}

QTEST_APPLESS_MAIN(TestProjection)
#include "tst_projection.moc"
