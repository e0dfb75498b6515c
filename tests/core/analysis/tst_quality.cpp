#include "core/analysis/quality.h"
#include "core/analysis/rank_correlation.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

using namespace embedscope;

namespace {

Layout layoutOf(Matrix positions)
{
    Layout layout;
    layout.positions = std::move(positions);
    return layout;
}

/// The first two columns as they are.
Layout firstColumns(const Dataset& dataset)
{
    Matrix positions = Matrix::zeros(dataset.size(), 2);
    for (Index i = 0; i < dataset.size(); ++i) {
        for (Index j = 0; j < 2; ++j)
            positions(i, j) = dataset.vectors()(i, j);
    }
    return layoutOf(std::move(positions));
}

/// How far apart rows are in one space, in plain double precision: smaller is nearer.
using Compare = double (*)(std::span<const float>, std::span<const float>);

double squared(std::span<const float> x, std::span<const float> y)
{
    double sum = 0;
    for (std::size_t j = 0; j < x.size(); ++j)
        sum += (static_cast<double>(x[j]) - y[j]) * (static_cast<double>(x[j]) - y[j]);
    return sum;
}

double absolute(std::span<const float> x, std::span<const float> y)
{
    double sum = 0;
    for (std::size_t j = 0; j < x.size(); ++j)
        sum += std::abs(static_cast<double>(x[j]) - y[j]);
    return sum;
}

double product(std::span<const float> x, std::span<const float> y)
{
    double sum = 0;
    for (std::size_t j = 0; j < x.size(); ++j)
        sum += static_cast<double>(x[j]) * y[j];
    return sum;
}

double negativeProduct(std::span<const float> x, std::span<const float> y)
{
    return -product(x, y);
}

double cosineDistance(std::span<const float> x, std::span<const float> y)
{
    return 1 - product(x, y) / std::sqrt(product(x, x) * product(y, y));
}

/// Ids of all others, nearest first, ties by id.
std::vector<PointId> order(MatrixView points, PointId row, Compare compare = squared)
{
    std::vector<double> distance(static_cast<std::size_t>(points.rows()));
    for (PointId i = 0; i < points.rows(); ++i)
        distance[i] = compare(points.rowSpan(row), points.rowSpan(i));
    std::vector<PointId> ids(distance.size());
    std::iota(ids.begin(), ids.end(), PointId{0});
    std::erase(ids, row);
    std::stable_sort(
        ids.begin(), ids.end(), [&](PointId a, PointId b) { return distance[a] < distance[b]; });
    return ids;
}

/// Trustworthiness by the letter of the definition; continuity with the spaces exchanged.
double trustworthiness(
    MatrixView full, MatrixView flat, Index k, Compare inFull = squared, Compare onFlat = squared)
{
    const auto n = static_cast<double>(full.rows());
    double sum = 0;
    for (PointId i = 0; i < full.rows(); ++i) {
        const auto truth = order(full, i, inFull);
        const auto shown = order(flat, i, onFlat);
        for (Index a = 0; a < k; ++a) {
            const auto at
                = std::find(truth.begin(), truth.end(), shown[static_cast<std::size_t>(a)]);
            sum += static_cast<double>(std::max<Index>(0, at - truth.begin() + 1 - k));
        }
    }
    const auto kk = static_cast<double>(k);
    return 1 - 2 * sum / (n * kk * (2 * n - 3 * kk - 1));
}

double recall(MatrixView full, MatrixView flat, Index k, Compare inFull = squared)
{
    double hits = 0;
    for (PointId i = 0; i < full.rows(); ++i) {
        const auto truth = order(full, i, inFull);
        const auto shown = order(flat, i);
        for (Index a = 0; a < k; ++a)
            hits += std::find(truth.begin(), truth.begin() + k, shown[static_cast<std::size_t>(a)])
                    != truth.begin() + k
                ? 1
                : 0;
    }
    return hits / static_cast<double>(full.rows() * k);
}

} // namespace

class TestQuality : public QObject
{
    Q_OBJECT

private slots:
    void aFaithfulPictureIsPerfect();
    void theFiguresFollowTheirDefinitions();
    void aRandomPictureIsWorthless();
    void aSampleComesNearTheWhole();
    void rowsLeftOutDoNotCount();
    void unitNormalisationIsMeasuredOnUnitVectors();
    void theMetricOfTheRecipeCounts();
    void tiesAndRepeatedRowsAreDecidedById();
    void valuesOfAnySizeAreCompared();
    void rowsAreJudgedOneByOne();
    void columnsHoldTheFiguresOfEachRow();
    void rankCorrelationIsSpearmans();
    void whatTheRunFoundIsToldAlong();
    void theSentenceFitsTheFigures();
    void figuresDoNotDependOnTheThreadCount();
    void tinyTablesAreNotJudged();
    void stopIsHonoured();
};

void TestQuality::aFaithfulPictureIsPerfect()
{
    const auto dataset = test::datasetOf(test::normalMatrix(300, 2));
    const auto quality = measureQuality(*dataset, firstColumns(*dataset), {}, {}).value();
    QCOMPARE(quality.trustworthiness12, 1.0);
    QCOMPARE(quality.continuity12, 1.0);
    QCOMPARE(quality.recall10, 1.0);
    QCOMPARE(quality.recall50, 1.0);
    QVERIFY(std::abs(quality.spearman - 1) < 1e-12);
    QVERIFY(verdict(quality).starts_with("10 of 10"));
}

void TestQuality::theFiguresFollowTheirDefinitions()
{
    for (const Index d : {3, 10}) {
        const auto dataset = test::blobDataset(200, d, 5);
        const Layout layout = firstColumns(*dataset);
        const auto quality = measureQuality(*dataset, layout, {}, {}).value();
        const MatrixView full = dataset->vectors().floats();
        QVERIFY(std::abs(quality.trustworthiness12 - trustworthiness(full, layout.positions, 12))
            < 1e-12);
        QVERIFY(
            std::abs(quality.continuity12 - trustworthiness(layout.positions, full, 12)) < 1e-12);
        QVERIFY(std::abs(quality.recall10 - recall(full, layout.positions, 10)) < 1e-12);
        QVERIFY(std::abs(quality.recall50 - recall(full, layout.positions, 50)) < 1e-12);
        QVERIFY(quality.trustworthiness12 < 1);
        QCOMPARE(static_cast<Index>(quality.rows.size()), Index{200});
        const double mean = std::accumulate(quality.trustworthinessOfRow.begin(),
                                quality.trustworthinessOfRow.end(), 0.0)
            / 200;
        QVERIFY(std::abs(mean - quality.trustworthiness12) < 1e-6);
    }
}

void TestQuality::aRandomPictureIsWorthless()
{
    const auto dataset = test::datasetOf(test::normalMatrix(500, 20));
    const auto quality
        = measureQuality(*dataset, layoutOf(test::normalMatrix(500, 2, 99)), {}, {}).value();
    QVERIFY(std::abs(quality.trustworthiness12 - 0.5) < 0.05);
    QVERIFY(quality.recall10 < 0.1);
    QVERIFY(std::abs(quality.spearman) < 0.05);
    QVERIFY(verdict(quality).find("not to be read") != std::string::npos);
}

void TestQuality::aSampleComesNearTheWhole()
{
    const auto dataset = test::blobDataset(1000, 8, 6);
    const Layout layout = firstColumns(*dataset);
    const auto whole = measureQuality(*dataset, layout, {}, {}).value();
    QualityOptions options;
    options.exactUpTo = 500;
    options.sampleSize = 300;
    const auto sample = measureQuality(*dataset, layout, options, {}).value();
    QVERIFY(sample.isSampled && !whole.isSampled);
    QCOMPARE(sample.examined, Index{300});
    QVERIFY(std::abs(sample.trustworthiness12 - whole.trustworthiness12) < 0.02);
    QVERIFY(std::abs(sample.recall10 - whole.recall10) < 0.05);
}

void TestQuality::rowsLeftOutDoNotCount()
{
    Matrix vectors = test::normalMatrix(100, 3);
    vectors(7, 1) = std::numeric_limits<float>::quiet_NaN();
    const auto dataset = test::datasetOf(std::move(vectors));
    Layout layout = firstColumns(*dataset);
    layout.positions(7, 0) = layout.positions(7, 1) = std::numeric_limits<float>::quiet_NaN();
    const auto quality = measureQuality(*dataset, layout, {}, {}).value();
    QCOMPARE(quality.points, Index{99});
    QVERIFY(std::find(quality.rows.begin(), quality.rows.end(), 7U) == quality.rows.end());
    QVERIFY(std::isfinite(quality.trustworthiness12) && std::isfinite(quality.spearman));
}

void TestQuality::unitNormalisationIsMeasuredOnUnitVectors()
{
    // On a circle after normalisation; far off it before.
    Matrix vectors = Matrix::zeros(120, 2);
    Matrix circle = Matrix::zeros(120, 2);
    Random random(4);
    for (Index i = 0; i < 120; ++i) {
        const double angle = random.uniform() * 6.28;
        const double length = 0.1 + random.uniform() * 10;
        circle(i, 0) = static_cast<float>(std::cos(angle));
        circle(i, 1) = static_cast<float>(std::sin(angle));
        vectors(i, 0) = static_cast<float>(length * std::cos(angle));
        vectors(i, 1) = static_cast<float>(length * std::sin(angle));
    }
    const auto dataset = test::datasetOf(std::move(vectors));
    Layout layout = layoutOf(std::move(circle));
    QVERIFY(measureQuality(*dataset, layout, {}, {}).value().trustworthiness12 < 0.95);
    layout.recipe.normalization = "unit";
    QVERIFY(measureQuality(*dataset, layout, {}, {}).value().trustworthiness12 > 0.999);
}

void TestQuality::theMetricOfTheRecipeCounts()
{
    struct Case
    {
        const char* metric;
        Compare compare;
    };
    // Not around the origin, so that directions, products and distances order rows differently.
    Matrix vectors = test::normalMatrix(230, 7, 3);
    for (Index i = 0; i < vectors.rows(); ++i) {
        for (Index j = 0; j < vectors.columns(); ++j)
            vectors(i, j) = vectors(i, j) * static_cast<float>(1 + i % 5) + 2;
    }
    const auto dataset = test::datasetOf(std::move(vectors));
    Layout layout = firstColumns(*dataset);
    const MatrixView full = dataset->vectors().floats();
    std::vector<double> seen;
    for (const Case& row : {Case{"euclidean", squared}, Case{"manhattan", absolute},
             Case{"dot", negativeProduct}, Case{"cosine", cosineDistance}}) {
        layout.recipe.metric = row.metric;
        const auto quality = measureQuality(*dataset, layout, {}, {}).value();
        const MatrixView flat = layout.positions;
        const auto near = [](double a, double b) { return std::abs(a - b) < 1e-12; };
        QVERIFY2(near(quality.trustworthiness12, trustworthiness(full, flat, 12, row.compare)),
            row.metric);
        QVERIFY2(near(quality.continuity12, trustworthiness(flat, full, 12, squared, row.compare)),
            row.metric);
        QVERIFY2(near(quality.recall10, recall(full, flat, 10, row.compare)), row.metric);
        QVERIFY2(near(quality.recall50, recall(full, flat, 50, row.compare)), row.metric);
        QCOMPARE(quality.metric, std::string(row.metric));
        seen.push_back(quality.trustworthiness12);
    }
    std::sort(seen.begin(), seen.end());
    QVERIFY(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
    layout.recipe.metric = "nonsense";
    QCOMPARE(measureQuality(*dataset, layout, {}, {}).error().code, ErrorCode::InvalidArgument);
}

void TestQuality::tiesAndRepeatedRowsAreDecidedById()
{
    // Few whole numbers: hundreds of ties, rows that stand many times, places that coincide.
    for (const Index n : {150, 1300}) {
        Random random(8);
        Matrix vectors = Matrix::zeros(n, 4);
        for (Index i = 0; i < vectors.size(); ++i)
            vectors.data()[i] = static_cast<float>(random.below(3));
        const auto dataset = test::datasetOf(std::move(vectors));
        const Layout layout = firstColumns(*dataset);
        const auto quality = measureQuality(*dataset, layout, {}, {}).value();
        const MatrixView full = dataset->vectors().floats();
        const MatrixView flat = layout.positions;
        QCOMPARE(quality.trustworthiness12, trustworthiness(full, flat, 12));
        QCOMPARE(quality.continuity12, trustworthiness(flat, full, 12));
        QCOMPARE(quality.recall10, recall(full, flat, 10));
        QCOMPARE(quality.recall50, recall(full, flat, 50));
    }
    // All rows equal: nobody is nearer than another, in the table and on the map alike.
    const auto equal = test::datasetOf(Matrix::zeros(700, 5));
    const auto quality = measureQuality(*equal, layoutOf(Matrix::zeros(700, 2)), {}, {}).value();
    QCOMPARE(quality.trustworthiness12, 1.0);
    QCOMPARE(quality.recall50, 1.0);
    QVERIFY(std::isfinite(quality.spearman));
}

void TestQuality::valuesOfAnySizeAreCompared()
{
    for (const float size : {1e-30F, 1e30F}) {
        // Far from the origin too, where products cancel.
        Matrix vectors = test::normalMatrix(200, 6);
        for (Index i = 0; i < vectors.size(); ++i)
            vectors.data()[i] = (vectors.data()[i] + 3000) * size;
        const auto dataset = test::datasetOf(std::move(vectors));
        const Layout layout = firstColumns(*dataset);
        const auto quality = measureQuality(*dataset, layout, {}, {}).value();
        const MatrixView full = dataset->vectors().floats();
        const MatrixView flat = layout.positions;
        QVERIFY(std::abs(quality.trustworthiness12 - trustworthiness(full, flat, 12)) < 1e-12);
        QVERIFY(std::abs(quality.recall50 - recall(full, flat, 50)) < 1e-12);
    }
}

void TestQuality::rowsAreJudgedOneByOne()
{
    const auto dataset = test::blobDataset(300, 6, 3);
    const Layout layout = firstColumns(*dataset);
    QualityOptions options;
    options.exactUpTo = 100;
    options.sampleSize = 40;
    options.seed = 5;
    const auto quality = measureQuality(*dataset, layout, options, {}).value();
    QCOMPARE(quality.rows.size(), std::size_t{40});
    QVERIFY(std::is_sorted(quality.rows.begin(), quality.rows.end()));
    double trust = 0;
    double kept = 0;
    for (std::size_t i = 0; i < quality.rows.size(); ++i) {
        const auto truth = order(dataset->vectors().floats(), quality.rows[i]);
        const auto shown = order(layout.positions, quality.rows[i]);
        double own = 0;
        double hits = 0;
        for (std::size_t a = 0; a < 12; ++a) {
            const auto rank = std::find(truth.begin(), truth.end(), shown[a]) - truth.begin() + 1;
            own += static_cast<double>(std::max<std::ptrdiff_t>(0, rank - 12));
            hits += a < 10 && rank <= 10 ? 1 : 0;
        }
        own = 1 - 2 * own / (12.0 * (2 * 300 - 3 * 12 - 1));
        QVERIFY(std::abs(static_cast<double>(quality.trustworthinessOfRow[i]) - own) < 1e-6);
        QVERIFY(std::abs(static_cast<double>(quality.recall10OfRow[i]) - hits / 10) < 1e-6);
        trust += own / 40;
        kept += hits / 400;
    }
    QVERIFY(std::abs(quality.trustworthiness12 - trust) < 1e-9);
    QVERIFY(std::abs(quality.recall10 - kept) < 1e-9);
    options.seed = 6;
    QVERIFY(measureQuality(*dataset, layout, options, {}).value().rows != quality.rows);
    options.sampleSize = 0;
    QVERIFY(!measureQuality(*dataset, layout, options, {}));
}

void TestQuality::columnsHoldTheFiguresOfEachRow()
{
    const auto dataset = test::blobDataset(60, 5, 3);
    QualityOptions options;
    options.exactUpTo = 10;
    options.sampleSize = 25;
    const auto quality = measureQuality(*dataset, firstColumns(*dataset), options, {}).value();
    const Columns columns = qualityColumns(quality, dataset->size());
    QCOMPARE(columns.size(), std::size_t{2});
    QCOMPARE(columns[0].name(), std::string("Trustworthiness (map)"));
    QCOMPARE(columns[1].name(), std::string("Neighbours kept (map)"));
    Index present = 0;
    for (PointId i = 0; i < 60; ++i) {
        const auto at = std::find(quality.rows.begin(), quality.rows.end(), i);
        QCOMPARE(columns[0].isMissing(i), at == quality.rows.end());
        QCOMPARE(columns[1].isMissing(i), at == quality.rows.end());
        if (at == quality.rows.end())
            continue;
        const auto place = static_cast<std::size_t>(at - quality.rows.begin());
        QCOMPARE(columns[0].asNumber()->values[i],
            static_cast<double>(quality.trustworthinessOfRow[place]));
        QCOMPARE(
            columns[1].asNumber()->values[i], static_cast<double>(quality.recall10OfRow[place]));
        ++present;
    }
    QCOMPARE(present, Index{25});
}

void TestQuality::rankCorrelationIsSpearmans()
{
    // Without ties: 1 - 6 sum d^2 / (n (n^2 - 1)).
    const std::vector<double> a{10, 20, 30, 40, 50};
    const std::vector<double> b{1, 3, 2, 5, 4};
    QVERIFY(std::abs(rankCorrelation(a, b, {}).value() - (1 - 6.0 * 4 / 120)) < 1e-12);
    // Ties share their mean rank: ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3.
    QVERIFY(
        std::abs(rankCorrelation({1, 2, 2, 3}, {1, 2, 3, 4}, {}).value() - 4.5 / std::sqrt(4.5 * 5))
        < 1e-12);
    QCOMPARE(rankCorrelation({1, 1, 1}, {1, 2, 3}, {}).value(), 0.0);
    // Long lists are sorted piece by piece.
    Random random(3);
    std::vector<double> rising(200000);
    for (double& value : rising)
        value = random.uniform();
    std::vector<double> falling = rising;
    for (double& value : falling)
        value = -value * value * value;
    QVERIFY(std::abs(rankCorrelation(rising, falling, {}).value() + 1) < 1e-12);
}

void TestQuality::whatTheRunFoundIsToldAlong()
{
    const auto dataset = test::blobDataset(50, 4, 2);
    Layout layout = firstColumns(*dataset);
    auto quality = measureQuality(*dataset, layout, {}, {}).value();
    QVERIFY(!quality.klDivergence && !quality.explainedVariance);
    layout.recipe.method = "pca";
    layout.recipe.parameters = {{"component_x", std::int64_t{1}}, {"component_y", std::int64_t{3}}};
    layout.diagnostics.explainedVariance = {0.5, 0.25, 0.125};
    layout.diagnostics.klDivergence = 1.5;
    quality = measureQuality(*dataset, layout, {}, {}).value();
    QCOMPARE(quality.method, std::string("pca"));
    QCOMPARE(quality.explainedVariance.value(), 0.625);
    QCOMPARE(quality.klDivergence.value(), 1.5);
    QVERIFY(verdict(quality).find("the two axes carry 63 % of the variance") != std::string::npos);
}

void TestQuality::theSentenceFitsTheFigures()
{
    LayoutQuality quality;
    quality.points = 1000000;
    quality.examined = 2000;
    quality.isSampled = true;
    quality.recall10 = 0.41;
    quality.trustworthiness12 = 0.97;
    quality.spearman = 0.3;
    QCOMPARE(verdict(quality),
        std::string("4 of 10 nearest neighbours stay neighbours (of 2,000 random points); points "
                    "that lie together belong together; distances between groups are not to be "
                    "read."));
    quality.isSampled = false;
    quality.recall10 = 0.02;
    quality.spearman = 0.9;
    QVERIFY(
        verdict(quality).starts_with("Fewer than 1 of 10 nearest neighbours stays a neighbour;"));
    QVERIFY(verdict(quality).ends_with("distances between groups can be read."));
    quality.recall10 = 0.1;
    QVERIFY(verdict(quality).starts_with("1 of 10 nearest neighbours stays a neighbour;"));
    quality.explainedVariance = 0.999;
    quality.dimensions = 3;
    QVERIFY(
        verdict(quality).find("the three axes carry 99.9 % of the variance") != std::string::npos);
}

void TestQuality::figuresDoNotDependOnTheThreadCount()
{
    const auto dataset = test::blobDataset(400, 6, 4);
    const Layout layout = firstColumns(*dataset);
    setThreadCount(1);
    const auto one = measureQuality(*dataset, layout, {}, {}).value();
    setThreadCount(3);
    const auto three = measureQuality(*dataset, layout, {}, {}).value();
    setThreadCount(0);
    QCOMPARE(one.trustworthiness12, three.trustworthiness12);
    QCOMPARE(one.recall50, three.recall50);
    QCOMPARE(one.spearman, three.spearman);
}

void TestQuality::tinyTablesAreNotJudged()
{
    for (const Index n : {1, 2, 3, 4, 5, 13}) {
        const auto dataset = test::datasetOf(test::normalMatrix(n, 3));
        const auto quality = measureQuality(*dataset, firstColumns(*dataset), {}, {}).value();
        QVERIFY(quality.trustworthiness12 >= 0 && quality.trustworthiness12 <= 1);
        QVERIFY(quality.recall50 >= 0 && quality.recall50 <= 1);
        QVERIFY(!verdict(quality).empty());
    }
    const auto dataset = test::datasetOf(test::normalMatrix(5, 3));
    QVERIFY(!measureQuality(*dataset, layoutOf(Matrix::zeros(4, 2)), {}, {}));
}

void TestQuality::stopIsHonoured()
{
    std::stop_source source;
    source.request_stop();
    const auto dataset = test::datasetOf(test::normalMatrix(100, 3));
    QCOMPARE(measureQuality(*dataset, firstColumns(*dataset), {}, Progress(source.get_token()))
                 .error()
                 .code,
        ErrorCode::Stopped);
}

QTEST_APPLESS_MAIN(TestQuality)
#include "tst_quality.moc"
