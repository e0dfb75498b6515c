#include "core/analysis/faithfulness.h"
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

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// The first two columns as the map.
Layout firstColumns(const Dataset& dataset)
{
    Layout layout;
    layout.positions = Matrix::zeros(dataset.size(), 2);
    for (Index i = 0; i < dataset.size(); ++i) {
        for (Index j = 0; j < std::min<Index>(2, dataset.dimensions()); ++j)
            layout.positions(i, j) = dataset.vectors()(i, j);
    }
    return layout;
}

/// Nearer is smaller, in plain double precision. `mean` is taken away before products.
double farness(std::string_view metric, MatrixView points, PointId a, PointId b,
    const std::vector<double>& mean, bool isUnit)
{
    double aa = 0;
    double bb = 0;
    for (Index j = 0; j < points.columns(); ++j) {
        aa += static_cast<double>(points(a, j)) * points(a, j);
        bb += static_cast<double>(points(b, j)) * points(b, j);
    }
    if (isUnit && metric != "dot" && metric != "manhattan" && (aa == 0 || bb == 0))
        return (aa > 0 ? 1 : 0) + (bb > 0 ? 1 : 0); // Without the rounding of unit lengths.
    const double aScale = isUnit && aa > 0 ? 1 / std::sqrt(aa) : 1;
    const double bScale = isUnit && bb > 0 ? 1 / std::sqrt(bb) : 1;
    double dot = 0;
    double square = 0;
    double sum = 0;
    for (Index j = 0; j < points.columns(); ++j) {
        const double m = mean.empty() ? 0 : mean[static_cast<std::size_t>(j)];
        const double x = points(a, j) * aScale - m;
        const double y = points(b, j) * bScale - m;
        dot += x * y;
        square += (x - y) * (x - y);
        sum += std::abs(x - y);
    }
    return metric == "dot" ? -dot : metric == "manhattan" ? sum : square;
}

/// All others, nearest first, ties by id, those that are not to be counted left out.
template <typename Farness>
std::vector<PointId> order(Index n, PointId row, const PointSet& without, const Farness& farness)
{
    std::vector<std::pair<double, PointId>> others;
    for (PointId i = 0; i < n; ++i) {
        if (i != row && !without.contains(i))
            others.emplace_back(farness(row, i), i);
    }
    std::sort(others.begin(), others.end());
    std::vector<PointId> ids;
    for (const auto& [value, id] : others)
        ids.push_back(id);
    return ids;
}

Index rankOf(const std::vector<PointId>& order, PointId id)
{
    return std::find(order.begin(), order.end(), id) - order.begin() + 1;
}

/// Rows around 1, with a row of NaN, a row without a place, a row of zeros and a repeated row.
Matrix awkwardRows(Index n, Index d)
{
    Matrix vectors = test::normalMatrix(n, d, 11);
    for (Index i = 0; i < vectors.size(); ++i)
        vectors.data()[i] = vectors.data()[i] * (1 + static_cast<float>(i % 3)) + 1;
    vectors(3, 1) = kNan;
    std::fill_n(vectors.row(7), d, 0.0F);
    std::copy_n(vectors.row(9), d, vectors.row(20));
    return vectors;
}

} // namespace

class TestFaithfulness : public QObject
{
    Q_OBJECT

private slots:
    void tornAndFalseNeighboursFollowTheirDefinitions_data();
    void tornAndFalseNeighboursFollowTheirDefinitions();
    void aFaithfulMapTearsNothing();
    void valuesAreThoseOfTheMetric();
    void tinyTablesHaveFewNeighbours();
    void rowsWithoutAPlaceHaveNone();
    void wrongQuestionsAreRefused();
    void theThreadCountDoesNotMatter();
    void stopIsHonoured();
};

void TestFaithfulness::tornAndFalseNeighboursFollowTheirDefinitions_data()
{
    QTest::addColumn<QString>("metric");
    QTest::addColumn<QString>("normalization");
    for (const char* metric : {"euclidean", "cosine", "manhattan", "dot"}) {
        for (const char* normalization : {"none", "center", "unit"})
            QTest::addRow("%s, %s", metric, normalization)
                << QString(metric) << QString(normalization);
    }
}

void TestFaithfulness::tornAndFalseNeighboursFollowTheirDefinitions()
{
    QFETCH(QString, metric);
    QFETCH(QString, normalization);
    const Index n = 180;
    const auto dataset = test::datasetOf(awkwardRows(n, 5));
    Layout layout = firstColumns(*dataset);
    layout.recipe.metric = metric.toStdString();
    layout.recipe.normalization = normalization.toStdString();
    layout.positions(15, 0) = layout.positions(15, 1) = kNan;
    const PointSet without(n, {3, 15});
    const bool isUnit = metric == "cosine" || normalization == "unit";
    std::vector<double> mean;
    if (normalization == "center" && !isUnit) {
        mean.assign(5, 0);
        for (PointId i = 0; i < n; ++i) {
            for (Index j = 0; j < 5 && !without.contains(i); ++j)
                mean[static_cast<std::size_t>(j)] += dataset->vectors()(i, j) / double(n - 2);
        }
    }
    const auto inFull = [&](PointId a, PointId b) {
        return farness(layout.recipe.metric, dataset->vectors().floats(), a, b, mean, isUnit);
    };
    const auto onMap = [&](PointId a, PointId b) {
        return farness("euclidean", layout.positions, a, b, {}, false);
    };
    const Index k = 10;
    for (const PointId row : {0U, 7U, 9U, 20U, 77U, 179U}) {
        const auto found = examinePoint(*dataset, layout, row, k, {}).value();
        const auto truth = order(n, row, without, inFull);
        const auto shown = order(n, row, without, onMap);
        QCOMPARE(found.k, k);
        QCOMPARE(found.trueNeighbors.size(), std::size_t(k));
        QCOMPARE(found.mapNeighbors.size(), std::size_t(k));
        Index kept = 0;
        for (std::size_t i = 0; i < std::size_t(k); ++i) {
            const JudgedNeighbor& torn = found.trueNeighbors[i];
            QCOMPARE(torn.id, truth[i]);
            QCOMPARE(torn.trueRank, Index(i) + 1);
            QCOMPARE(torn.mapRank, rankOf(shown, torn.id));
            QCOMPARE(found.isTorn(torn), rankOf(shown, torn.id) > k);
            const JudgedNeighbor& wrong = found.mapNeighbors[i];
            QCOMPARE(wrong.id, shown[i]);
            QCOMPARE(wrong.mapRank, Index(i) + 1);
            QCOMPARE(wrong.trueRank, rankOf(truth, wrong.id));
            QCOMPARE(found.isFalse(wrong), rankOf(truth, wrong.id) > k);
            kept += found.isTorn(torn) ? 0 : 1;
        }
        QCOMPARE(found.keptCount(), kept);
    }
}

void TestFaithfulness::aFaithfulMapTearsNothing()
{
    const auto dataset = test::datasetOf(test::normalMatrix(400, 2));
    const auto found = examinePoint(*dataset, firstColumns(*dataset), 5, 15, {}).value();
    QCOMPARE(found.keptCount(), Index{15});
    for (std::size_t i = 0; i < 15; ++i)
        QCOMPARE(found.trueNeighbors[i], found.mapNeighbors[i]);
}

void TestFaithfulness::valuesAreThoseOfTheMetric()
{
    Matrix vectors = Matrix::zeros(3, 2);
    vectors(0, 0) = 3;
    vectors(1, 1) = 4;
    vectors(2, 0) = 1;
    vectors(2, 1) = 1;
    const auto dataset = test::datasetOf(std::move(vectors));
    Layout layout = firstColumns(*dataset);
    const auto valueOf = [&](const char* metric, PointId id) {
        layout.recipe.metric = metric;
        const auto found = examinePoint(*dataset, layout, 0, 2, {}).value();
        for (const JudgedNeighbor& neighbor : found.trueNeighbors) {
            if (neighbor.id == id)
                return neighbor.value;
        }
        return kNan;
    };
    QCOMPARE(valueOf("euclidean", 1), 5.0F);
    QCOMPARE(valueOf("manhattan", 1), 7.0F);
    QCOMPARE(valueOf("dot", 2), 3.0F);
    QCOMPARE(valueOf("cosine", 2), std::sqrt(0.5F));
    const auto found = examinePoint(*dataset, layout, 0, 1, {}).value();
    QVERIFY(found.metric == Metric::Cosine);
    QCOMPARE(found.mapNeighbors[0].mapDistance, std::sqrt(5.0F));
}

void TestFaithfulness::tinyTablesHaveFewNeighbours()
{
    for (const Index n : {1, 2, 3}) {
        const auto dataset = test::datasetOf(test::normalMatrix(n, 1));
        const auto found = examinePoint(*dataset, firstColumns(*dataset), 0, 10, {}).value();
        QCOMPARE(found.k, n - 1);
        QCOMPARE(found.keptCount(), n - 1);
    }
    const auto equal = test::datasetOf(Matrix::zeros(30, 3));
    const auto found = examinePoint(*equal, firstColumns(*equal), 4, 5, {}).value();
    QCOMPARE(found.keptCount(), Index{5});
    QCOMPARE(found.trueNeighbors[4].id, PointId{5}); // Ties by id: 0, 1, 2, 3, 5.
}

void TestFaithfulness::rowsWithoutAPlaceHaveNone()
{
    const auto dataset = test::datasetOf(awkwardRows(40, 4));
    Layout layout = firstColumns(*dataset);
    layout.positions(15, 1) = kNan;
    for (const PointId row : {3U, 15U}) {
        const auto found = examinePoint(*dataset, layout, row, 10, {}).value();
        QCOMPARE(found.k, Index{0});
        QVERIFY(found.trueNeighbors.empty() && found.mapNeighbors.empty());
    }
}

void TestFaithfulness::wrongQuestionsAreRefused()
{
    const auto dataset = test::datasetOf(test::normalMatrix(10, 3));
    Layout layout = firstColumns(*dataset);
    const auto code = [&](PointId row, Index k) {
        return examinePoint(*dataset, layout, row, k, {}).error().code;
    };
    QCOMPARE(code(10, 5), ErrorCode::InvalidArgument);
    QCOMPARE(code(0, 0), ErrorCode::InvalidArgument);
    layout.recipe.metric = "nonsense";
    QCOMPARE(code(0, 5), ErrorCode::InvalidArgument);
    layout.recipe.metric = "euclidean";
    layout.positions = Matrix::zeros(9, 2);
    QCOMPARE(code(0, 5), ErrorCode::InvalidArgument);
}

void TestFaithfulness::theThreadCountDoesNotMatter()
{
    // More rows than one block holds, in both spaces.
    const auto dataset = test::datasetOf(test::normalMatrix(70000, 8));
    const Layout layout = firstColumns(*dataset);
    setThreadCount(1);
    const auto one = examinePoint(*dataset, layout, 99, 20, {}).value();
    setThreadCount(3);
    const auto three = examinePoint(*dataset, layout, 99, 20, {}).value();
    setThreadCount(0);
    QCOMPARE(one.trueNeighbors, three.trueNeighbors);
    QCOMPARE(one.mapNeighbors, three.mapNeighbors);
}

void TestFaithfulness::stopIsHonoured()
{
    std::stop_source source;
    source.request_stop();
    const auto dataset = test::datasetOf(test::normalMatrix(100, 3));
    QCOMPARE(examinePoint(*dataset, firstColumns(*dataset), 0, 5, Progress(source.get_token()))
                 .error()
                 .code,
        ErrorCode::Stopped);
}

QTEST_APPLESS_MAIN(TestFaithfulness)
#include "tst_faithfulness.moc"
