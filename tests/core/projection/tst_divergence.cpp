#include "core/base/parallel.h"
#include "core/projection/projection.h"
#include "core/projection/tsne/divergence.h"
#include "core/projection/workbench.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace embedscope;

namespace {

/// p_j|i over the k nearest by bisection on the width, joined and summed by the letter, in double.
double divergenceOf(MatrixView points, MatrixView places, double perplexity)
{
    const Index n = points.rows();
    const auto k = std::min(n - 1, static_cast<Index>(std::ceil(3 * perplexity)));
    const auto square = [](MatrixView of, Index a, Index b) {
        double sum = 0;
        for (Index j = 0; j < of.columns(); ++j)
            sum += (double(of(a, j)) - of(b, j)) * (double(of(a, j)) - of(b, j));
        return sum;
    };
    std::vector<double> joint(static_cast<std::size_t>(n * n));
    for (Index i = 0; i < n; ++i) {
        std::vector<std::pair<double, Index>> near;
        for (Index j = 0; j < n; ++j) {
            if (j != i)
                near.emplace_back(square(points, i, j), j);
        }
        std::sort(near.begin(), near.end());
        near.resize(static_cast<std::size_t>(k));
        double low = 0;
        double high = 1e6;
        std::vector<double> weights(near.size());
        double sum = 0;
        for (int step = 0; step < 200; ++step) {
            const double beta = (low + high) / 2;
            sum = 0;
            double mean = 0;
            for (std::size_t j = 0; j < near.size(); ++j) {
                weights[j] = std::exp(-beta * (near[j].first - near[0].first));
                sum += weights[j];
                mean += weights[j] * beta * (near[j].first - near[0].first);
            }
            const bool isTooWide = std::log(sum) + mean / sum > std::log(perplexity);
            (isTooWide ? low : high) = beta;
        }
        for (std::size_t j = 0; j < near.size(); ++j) {
            const double share = weights[j] / sum / (2 * double(n));
            joint[static_cast<std::size_t>(i * n + near[j].second)] += share;
            joint[static_cast<std::size_t>(near[j].second * n + i)] += share;
        }
    }
    double z = 0;
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j)
            z += i == j ? 0 : 1 / (1 + square(places, i, j));
    }
    double kl = 0;
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j) {
            const double p = joint[static_cast<std::size_t>(i * n + j)];
            if (p > 0)
                kl += p * std::log(p * z * (1 + square(places, i, j)));
        }
    }
    return kl;
}

Layout given(Matrix positions)
{
    Layout layout;
    layout.recipe.method = "given";
    layout.recipe.dimensions = static_cast<int>(positions.columns());
    layout.positions = std::move(positions);
    return layout;
}

} // namespace

class TestDivergence : public QObject
{
    Q_OBJECT

private slots:
    void anyLayoutIsJudgedByTheDefinition();
    void aRunAndItsLayoutSayTheSame();
    void manyPointsAreJudgedByTheDefinition();
    void theSpaceIsThatOfTheRecipe();
    void tinyTablesAreFinite();
    void whatDoesNotFitIsRefused();
    void theThreadCountDoesNotMatter();
    void stopIsHonoured();
};

void TestDivergence::anyLayoutIsJudgedByTheDefinition()
{
    const auto dataset = test::blobDataset(210, 6, 3);
    Workbench workbench(dataset);
    for (const Index dims : {2, 3}) {
        for (const double perplexity : {5.0, 30.0}) {
            const Layout layout = given(test::normalMatrix(210, dims, 4));
            DivergenceOptions options;
            if (perplexity != 30)
                options.perplexity = perplexity;
            const auto found = findDivergence(workbench, layout, options, {}).value();
            const double expected
                = divergenceOf(dataset->vectors().floats(), layout.positions, perplexity);
            QVERIFY2(std::abs(found.kl - expected) < 1e-5 * expected,
                qPrintable(QString("%1 is not %2").arg(found.kl).arg(expected)));
            QCOMPARE(found.perplexity, perplexity);
        }
    }
}

void TestDivergence::aRunAndItsLayoutSayTheSame()
{
    const auto dataset = test::blobDataset(300, 8, 4);
    Workbench workbench(dataset);
    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"perplexity", 12.0}, {"iterations", std::int64_t{300}}};
    auto run = std::move(startProjection(workbench, request, {})).value();
    QVERIFY(bool(run->advance(300, {})));
    const Layout layout = run->layout();
    const auto found = findDivergence(workbench, layout, {}, {}).value();
    QCOMPARE(found.perplexity, 12.0);
    QVERIFY(layout.diagnostics.klDivergence.has_value());
    QVERIFY(std::abs(found.kl - *layout.diagnostics.klDivergence) < 1e-4);
}

void TestDivergence::manyPointsAreJudgedByTheDefinition()
{
    // So many that the normaliser is found on a grid.
    const auto dataset = test::blobDataset(4000, 4, 5);
    Workbench workbench(dataset);
    const Layout layout = given(test::normalMatrix(4000, 2, 8));
    const auto found = findDivergence(workbench, layout, {}, {}).value();
    const double expected = divergenceOf(dataset->vectors().floats(), layout.positions, 30);
    QVERIFY(std::abs(found.kl - expected) < 1e-4 * expected);
}

void TestDivergence::theSpaceIsThatOfTheRecipe()
{
    Matrix vectors = test::normalMatrix(150, 5);
    Matrix units = vectors.clone();
    for (Index i = 0; i < 150; ++i) {
        double square = 0;
        for (Index j = 0; j < 5; ++j)
            square += double(vectors(i, j)) * vectors(i, j);
        for (Index j = 0; j < 5; ++j)
            units(i, j) = static_cast<float>(vectors(i, j) / std::sqrt(square));
    }
    Workbench workbench(test::datasetOf(std::move(vectors)));
    Layout layout = given(test::normalMatrix(150, 2, 4));
    const double plain = findDivergence(workbench, layout, {}, {}).value().kl;
    layout.recipe.metric = "cosine";
    const double cosine = findDivergence(workbench, layout, {}, {}).value().kl;
    const double expected = divergenceOf(units, layout.positions, 30);
    QVERIFY(std::abs(cosine - expected) < 1e-5 * expected);
    QVERIFY(std::abs(plain - cosine) > 1e-3);
}

void TestDivergence::tinyTablesAreFinite()
{
    for (const Index n : {1, 2, 3, 7}) {
        Workbench workbench(test::datasetOf(test::normalMatrix(n, 3)));
        const auto found
            = findDivergence(workbench, given(test::normalMatrix(n, 2, 5)), {}, {}).value();
        QVERIFY(std::isfinite(found.kl));
    }
    Workbench equal(test::datasetOf(Matrix::zeros(50, 3)));
    QVERIFY(std::isfinite(findDivergence(equal, given(Matrix::zeros(50, 2)), {}, {}).value().kl));
}

void TestDivergence::whatDoesNotFitIsRefused()
{
    Workbench workbench(test::datasetOf(test::normalMatrix(20, 3)));
    const auto code = [&](const Layout& layout, DivergenceOptions options = {}) {
        return findDivergence(workbench, layout, options, {}).error().code;
    };
    QCOMPARE(code(given(Matrix::zeros(19, 2))), ErrorCode::InvalidArgument);
    Layout layout = given(Matrix::zeros(20, 2));
    DivergenceOptions options;
    options.perplexity = 0;
    QCOMPARE(code(layout, options), ErrorCode::InvalidArgument);
    layout.positions(4, 1) = std::numeric_limits<float>::quiet_NaN();
    QCOMPARE(code(layout), ErrorCode::InvalidArgument);
}

void TestDivergence::theThreadCountDoesNotMatter()
{
    const auto dataset = test::blobDataset(3000, 6, 4);
    const Layout layout = given(test::normalMatrix(3000, 2, 5));
    setThreadCount(1);
    Workbench first(dataset);
    const double one = findDivergence(first, layout, {}, {}).value().kl;
    setThreadCount(3);
    Workbench second(dataset);
    const double three = findDivergence(second, layout, {}, {}).value().kl;
    setThreadCount(0);
    QCOMPARE(one, three);
}

void TestDivergence::stopIsHonoured()
{
    std::stop_source source;
    source.request_stop();
    Workbench workbench(test::datasetOf(test::normalMatrix(100, 3)));
    QCOMPARE(
        findDivergence(workbench, given(Matrix::zeros(100, 2)), {}, Progress(source.get_token()))
            .error()
            .code,
        ErrorCode::Stopped);
}

QTEST_APPLESS_MAIN(TestDivergence)
#include "tst_divergence.moc"
