#include "core/analysis/quality.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

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

/// Ids of all others, nearest first, ties by id.
std::vector<PointId> order(MatrixView points, PointId row)
{
    std::vector<double> distance(static_cast<std::size_t>(points.rows()));
    for (PointId i = 0; i < points.rows(); ++i) {
        for (Index j = 0; j < points.columns(); ++j) {
            const double step = static_cast<double>(points(row, j)) - points(i, j);
            distance[i] += step * step;
        }
    }
    std::vector<PointId> ids(distance.size());
    std::iota(ids.begin(), ids.end(), PointId{0});
    std::erase(ids, row);
    std::stable_sort(
        ids.begin(), ids.end(), [&](PointId a, PointId b) { return distance[a] < distance[b]; });
    return ids;
}

/// Trustworthiness by the letter of the definition; continuity with the spaces exchanged.
double trustworthiness(MatrixView full, MatrixView flat, Index k)
{
    const auto n = static_cast<double>(full.rows());
    double sum = 0;
    for (PointId i = 0; i < full.rows(); ++i) {
        const auto truth = order(full, i);
        const auto shown = order(flat, i);
        for (Index a = 0; a < k; ++a) {
            const auto at
                = std::find(truth.begin(), truth.end(), shown[static_cast<std::size_t>(a)]);
            sum += static_cast<double>(std::max<Index>(0, at - truth.begin() + 1 - k));
        }
    }
    const auto kk = static_cast<double>(k);
    return 1 - 2 * sum / (n * kk * (2 * n - 3 * kk - 1));
}

double recall(MatrixView full, MatrixView flat, Index k)
{
    double hits = 0;
    for (PointId i = 0; i < full.rows(); ++i) {
        const auto truth = order(full, i);
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
        const MatrixView full = dataset->vectors();
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
