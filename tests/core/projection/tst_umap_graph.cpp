#include "core/base/blas.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/neighbors/exact.h"
#include "core/projection/umap/curve.h"
#include "core/projection/umap/forces.h"
#include "core/projection/umap/spectral.h"
#include "core/projection/umap/supervision.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <cmath>

using namespace embedscope;

// What UMAP is made of: the curve, the weighted graph, its eigenvectors, the forces.
class TestUmapGraph : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void theCurveIsTheNearestToTheWantedOne_data();
    void theCurveIsTheNearestToTheWantedOne();
    void weightsSumUpToTheLogarithm();
    void tiesAndFewNeighboursStayFinite();
    void theGraphIsSymmetricAndJoinsBothDirections();
    void threadsDoNotChangeTheGraph();
    void factorsAgreeWithDouble_data();
    void factorsAgreeWithDouble();
    void movesAgreeWithDouble_data();
    void movesAgreeWithDouble();
    void spectralVectorsAgreeWithADenseSolver();
    void partsOfTheGraphAreFound();
    void categoriesCutTies();
};

namespace {

NeighborTable tableOf(MatrixView points, Index k)
{
    return exactNeighborTable(points, k, Progress()).value();
}

FuzzyGraph graphOf(MatrixView points, Index k, const FuzzyOptions& options = {})
{
    return fuzzyGraph(tableOf(points, k), k, options, Progress()).value();
}

double weightOf(const FuzzyGraph& graph, Index i, Index j)
{
    for (Index at = graph.begin(i); at < graph.end(i); ++at) {
        if (graph.ids[static_cast<std::size_t>(at)] == static_cast<PointId>(j))
            return graph.weights[static_cast<std::size_t>(at)];
    }
    return 0;
}

double misfit(const Curve& curve, double minDistance, double spread)
{
    double sum = 0;
    for (int i = 0; i < 300; ++i) {
        const double x = 3 * spread * i / 299;
        const double wanted = x < minDistance ? 1 : std::exp((minDistance - x) / spread);
        sum += std::pow(1 / (1 + curve.a * std::pow(x, 2 * curve.b)) - wanted, 2);
    }
    return sum;
}

} // namespace

void TestUmapGraph::theCurveIsTheNearestToTheWantedOne_data()
{
    QTest::addColumn<double>("minDistance");
    QTest::addColumn<double>("spread");
    for (const double spread : {0.5, 1.0, 3.0}) {
        for (const double minDistance : {0.0, 0.1, 0.5, 1.2})
            QTest::addRow("%g, %g", minDistance, spread) << minDistance << spread;
    }
}

void TestUmapGraph::theCurveIsTheNearestToTheWantedOne()
{
    QFETCH(double, minDistance);
    QFETCH(double, spread);
    const Curve curve = fitCurve(minDistance, spread);
    const double best = misfit(curve, minDistance, spread);
    for (const double a : {0.97, 1.0, 1.03}) {
        for (const double b : {0.97, 1.0, 1.03})
            QVERIFY(best <= misfit({curve.a * a, curve.b * b}, minDistance, spread) + 1e-12);
    }
    if (minDistance == 0.1 && spread == 1.0) {
        // What the paper's own program finds.
        QVERIFY(std::abs(curve.a - 1.577) < 0.001);
        QVERIFY(std::abs(curve.b - 0.895) < 0.001);
    }
}

void TestUmapGraph::weightsSumUpToTheLogarithm()
{
    const Matrix points = test::normalMatrix(200, 6);
    const NeighborTable table = tableOf(points, 14);
    for (const double connectivity : {0.0, 0.5, 1.0, 1.7}) {
        for (Index i = 0; i < 200; ++i) {
            const std::span distances(table.valuesOf(i), 14);
            const SmoothScale smooth = smoothScale(distances, std::log2(15), connectivity, false);
            double sum = 0;
            for (const float distance : distances) {
                const double excess = distance - smooth.nearest;
                sum += excess > 0 ? std::exp(-excess / smooth.scale) : 1;
            }
            QVERIFY(std::abs(sum - std::log2(15)) < 1e-5);
        }
        const std::array nearest{0.0, 0.5 * table.valuesOf(0)[0], 1.0 * table.valuesOf(0)[0],
            table.valuesOf(0)[0] + 0.7 * (table.valuesOf(0)[1] - table.valuesOf(0)[0])};
        const SmoothScale first
            = smoothScale(std::span(table.valuesOf(0), 14), std::log2(15), connectivity, false);
        const std::size_t which = connectivity == 0 ? 0
            : connectivity == 0.5                   ? 1
            : connectivity == 1                     ? 2
                                                    : 3;
        QVERIFY(std::abs(first.nearest - nearest.at(which)) < 1e-6);
    }
}

void TestUmapGraph::tiesAndFewNeighboursStayFinite()
{
    const std::vector<float> equal(14, 2.0F);
    QCOMPARE(smoothScale(equal, std::log2(15), 1, false).nearest, 2.0);
    const std::vector<float> zeros(14, 0.0F);
    QCOMPARE(smoothScale(zeros, std::log2(15), 1, false).nearest, 0.0);
    // Duplicates do not count as the nearest; the first that differs does.
    std::vector<float> duplicates{0, 0, 3, 4, 5, 6, 7, 8};
    QCOMPARE(smoothScale(duplicates, 3, 1, false).nearest, 3.0);
    QCOMPARE(smoothScale(duplicates, 3, 1, true).nearest, 0.0);
    const std::vector<float> extreme{1e-30F, 1.0F, 3e38F};
    const SmoothScale smooth = smoothScale(extreme, 1.5, 1, false);
    QVERIFY(smooth.scale > 0);
    QVERIFY(!std::isnan(smooth.nearest));
}

void TestUmapGraph::theGraphIsSymmetricAndJoinsBothDirections()
{
    const Matrix points = test::blobs(300, 5, 4);
    const NeighborTable table = tableOf(points, 10);
    FuzzyOptions options;
    options.neighbors = 11;
    for (const double mix : {1.0, 0.4, 0.0}) {
        options.setMix = mix;
        const FuzzyGraph graph = fuzzyGraph(table, 10, options, Progress()).value();
        QCOMPARE(graph.size(), Index{300});
        std::vector<std::vector<double>> directed(300, std::vector<double>(300));
        for (Index i = 0; i < 300; ++i) {
            const SmoothScale smooth
                = smoothScale(std::span(table.valuesOf(i), 10), std::log2(11), 1, false);
            for (Index j = 0; j < 10; ++j) {
                const double excess = table.valuesOf(i)[j] - smooth.nearest;
                directed[static_cast<std::size_t>(i)][table.idsOf(i)[j]]
                    = excess > 0 ? std::exp(-excess / smooth.scale) : 1;
            }
        }
        for (std::size_t i = 0; i < 300; ++i) {
            for (std::size_t j = 0; j < 300; ++j) {
                const double p = directed[i][j];
                const double q = directed[j][i];
                const double wanted = mix * (p + q - p * q) + (1 - mix) * p * q;
                const double found = weightOf(graph, static_cast<Index>(i), static_cast<Index>(j));
                QVERIFY(std::abs(found - wanted) < 1e-5);
                QCOMPARE(found, weightOf(graph, static_cast<Index>(j), static_cast<Index>(i)));
            }
        }
    }
    FuzzyGraph pruned = fuzzyGraph(table, 10, options, Progress()).value();
    options.smallest = 0.3;
    const FuzzyGraph strong = fuzzyGraph(table, 10, options, Progress()).value();
    QVERIFY(pruneGraph(pruned, 0.3F, Progress()));
    QVERIFY(pruned.starts == strong.starts);
    QVERIFY(pruned.ids == strong.ids);
    QVERIFY(pruned.weights == strong.weights);
    QVERIFY(strong.starts.back() > 0);
}

void TestUmapGraph::threadsDoNotChangeTheGraph()
{
    const Matrix points = test::blobs(2000, 5, 4);
    setThreadCount(1);
    const FuzzyGraph one = graphOf(points, 14);
    setThreadCount(2);
    const FuzzyGraph two = graphOf(points, 14);
    QVERIFY(one.starts == two.starts && one.ids == two.ids && one.weights == two.weights);
}

void TestUmapGraph::factorsAgreeWithDouble_data()
{
    QTest::addColumn<double>("minDistance");
    for (const double minDistance : {0.0, 0.1, 0.99})
        QTest::addRow("%g", minDistance) << minDistance;
}

void TestUmapGraph::factorsAgreeWithDouble()
{
    QFETCH(double, minDistance);
    const Curve curve = fitCurve(minDistance, 1);
    std::vector<float> squares;
    for (double s = 1e-9; s < 1e9; s *= 1.037)
        squares.push_back(static_cast<float>(s));
    std::vector<float> pulls(squares.size());
    std::vector<float> pushes(squares.size());
    findFactors(
        curve, squares.data(), static_cast<Index>(squares.size()), pulls.data(), pushes.data());
    for (std::size_t i = 0; i < squares.size(); ++i) {
        const double s = squares[i];
        const double below = 1 + curve.a * std::pow(s, curve.b);
        const double pull = 2 * curve.a * curve.b * std::pow(s, curve.b - 1) / below;
        const double push = 2 * curve.b / ((0.001 + s) * below);
        QVERIFY(std::abs(pulls[i] / pull - 1) < 1e-5);
        QVERIFY(std::abs(pushes[i] / push - 1) < 1e-5);
    }
    // No square is too large or small for a finite factor.
    const std::vector<float> extremes{0.0F, 1e-38F, 1e-20F, 1e20F, 3e38F};
    findFactors(curve, extremes.data(), 5, pulls.data(), pushes.data());
    for (std::size_t i = 0; i < 5; ++i)
        QVERIFY(std::isfinite(pulls[i]) && std::isfinite(pushes[i]));
}

void TestUmapGraph::movesAgreeWithDouble_data()
{
    QTest::addColumn<int>("dimensions");
    QTest::newRow("in the plane") << 2;
    QTest::newRow("in space") << 3;
}

void TestUmapGraph::movesAgreeWithDouble()
{
    QFETCH(int, dimensions);
    constexpr Index n = 700; // More than two blocks, the last one not full.
    const FuzzyGraph graph = graphOf(test::blobs(n, 5, 4), 14);
    Random random(3);
    Places places(n, dimensions);
    for (Index i = 0; i < n; ++i) {
        std::array<float, 3> place{};
        for (int a = 0; a < dimensions; ++a)
            place[static_cast<std::size_t>(a)] = static_cast<float>(3 * random.normal());
        places.set(i, place);
    }
    EpochPlan plan;
    plan.curve = fitCurve(0.1, 1);
    plan.rate = 0.3F;
    plan.negatives = 0; // The pull alone: pushes are random.
    Places moved = places;
    for (Index begin = 0; begin < n; begin += kPointsPerBlock)
        movePoints(graph, places, places, moved, plan, begin, std::min(n, begin + kPointsPerBlock));
    const auto cut = [](double step) { return std::clamp(step, -4.0, 4.0); };
    for (Index i = 0; i < n; ++i) {
        std::array<double, 3> sum{};
        for (Index at = graph.begin(i); at < graph.end(i); ++at) {
            const auto e = static_cast<std::size_t>(at);
            const auto other = places.get(graph.ids[e]);
            double square = 0;
            for (std::size_t a = 0; a < 3; ++a)
                square += std::pow(other[a] - places.get(i)[a], 2);
            const double factor = 2 * plan.curve.a * plan.curve.b
                * std::pow(square, plan.curve.b - 1)
                / (1 + plan.curve.a * std::pow(square, plan.curve.b));
            for (std::size_t a = 0; a < 3; ++a)
                sum[a] += 2 * graph.weights[e] * cut(factor * (other[a] - places.get(i)[a]));
        }
        for (std::size_t a = 0; a < 3; ++a) {
            const double wanted = places.get(i)[a] + 0.3 * sum[a];
            QVERIFY(std::abs(moved.get(i)[a] - wanted) < 1e-4);
        }
    }

    // The pushes of many epochs come to what all other points would do together.
    constexpr int rounds = 400;
    plan.negatives = 5;
    EpochPlan pull = plan;
    pull.negatives = 0;
    Places pulled = places;
    movePoints(graph, places, places, pulled, pull, 0, kPointsPerBlock);
    std::array<double, 3> mean{};
    constexpr Index asked = 17;
    for (int round = 0; round < rounds; ++round) {
        plan.seed = static_cast<std::uint64_t>(round);
        movePoints(graph, places, places, moved, plan, 0, kPointsPerBlock);
        for (std::size_t a = 0; a < 3; ++a)
            mean[a] += (moved.get(asked)[a] - pulled.get(asked)[a]) / rounds;
    }
    double rates = 0;
    for (Index at = graph.begin(asked); at < graph.end(asked); ++at)
        rates += graph.weights[static_cast<std::size_t>(at)];
    std::array<double, 3> wanted{};
    double length = 0;
    for (Index j = 0; j < n; ++j) {
        double square = 0;
        for (std::size_t a = 0; a < 3; ++a)
            square += std::pow(pulled.get(asked)[a] - places.get(j)[a], 2);
        const double factor = j == asked ? 0
                                         : 2 * plan.curve.b
                / ((0.001 + square) * (1 + plan.curve.a * std::pow(square, plan.curve.b)));
        for (std::size_t a = 0; a < 3; ++a) {
            wanted[a]
                += 0.3 * 5 * rates / n * cut(factor * (pulled.get(asked)[a] - places.get(j)[a]));
        }
    }
    double off = 0;
    for (std::size_t a = 0; a < 3; ++a) {
        off += std::pow(mean[a] - wanted[a], 2);
        length += std::pow(wanted[a], 2);
    }
    QVERIFY2(off < 0.05 * length + 1e-4, qPrintable(QString("%1 of %2").arg(off).arg(length)));
}

void TestUmapGraph::spectralVectorsAgreeWithADenseSolver()
{
    // A band: its smoothest functions are well apart, and so comparable one by one.
    constexpr Index n = 700;
    Random random(9);
    Matrix points = Matrix::zeros(n, 2);
    for (Index i = 0; i < n; ++i) {
        points(i, 0) = static_cast<float>(12 * random.uniform());
        points(i, 1) = static_cast<float>(4 * random.uniform());
    }
    const FuzzyGraph graph = graphOf(points, 14);
    const auto components = connectedComponents(graph, Progress()).value();
    QCOMPARE(*std::max_element(components.begin(), components.end()), 0);
    setThreadCount(1);
    const SpectralVectors one = spectralVectors(graph, 3, 5, Progress()).value();
    setThreadCount(2);
    const SpectralVectors found = spectralVectors(graph, 3, 5, Progress()).value();
    for (Index i = 0; i < n; ++i) {
        for (Index c = 0; c < 3; ++c)
            QCOMPARE(one.vectors(i, c), found.vectors(i, c));
    }
    QVERIFY(found.hasConverged);

    std::vector<double> degrees(n);
    for (Index i = 0; i < n; ++i) {
        for (Index at = graph.begin(i); at < graph.end(i); ++at)
            degrees[static_cast<std::size_t>(i)] += graph.weights[static_cast<std::size_t>(at)];
    }
    std::vector<double> dense(static_cast<std::size_t>(n * n));
    for (Index i = 0; i < n; ++i) {
        for (Index at = graph.begin(i); at < graph.end(i); ++at) {
            const PointId j = graph.ids[static_cast<std::size_t>(at)];
            dense[static_cast<std::size_t>(i * n + j)] = graph.weights[static_cast<std::size_t>(at)]
                / std::sqrt(degrees[static_cast<std::size_t>(i)] * degrees[j]);
        }
    }
    const Eigenpairs pairs = largestEigenpairs(dense, n, 4);
    QVERIFY(std::abs(pairs.values[0] - 1) < 1e-5);
    for (Index c = 0; c < 3; ++c) {
        const auto which = static_cast<std::size_t>(c) + 1;
        QVERIFY(std::abs(found.values[which - 1] - pairs.values[which]) < 1e-4);
        double product = 0;
        for (Index i = 0; i < n; ++i)
            product += found.vectors(i, c) * pairs.vectors[which * n + static_cast<std::size_t>(i)];
        QVERIFY2(std::abs(product) > 0.99, qPrintable(QString::number(product)));
    }
}

void TestUmapGraph::partsOfTheGraphAreFound()
{
    const FuzzyGraph graph = graphOf(test::blobs(400, 8, 4), 10);
    const auto components = connectedComponents(graph, Progress()).value();
    QCOMPARE(*std::max_element(components.begin(), components.end()), 3);
    std::vector<PointId> members;
    for (Index i = 0; i < 400; ++i) {
        QCOMPARE(components[static_cast<std::size_t>(i)], static_cast<std::int32_t>(i % 4));
        if (i % 4 == 2)
            members.push_back(static_cast<PointId>(i));
    }
    const FuzzyGraph part = subgraph(graph, members);
    QCOMPARE(part.size(), Index{100});
    for (Index i = 0; i < 100; ++i) {
        for (Index j = 0; j < 100; ++j) {
            QCOMPARE(weightOf(part, i, j),
                weightOf(graph, members[static_cast<std::size_t>(i)],
                    members[static_cast<std::size_t>(j)]));
        }
    }
}

void TestUmapGraph::categoriesCutTies()
{
    const FuzzyGraph before = graphOf(test::normalMatrix(300, 4), 14);
    std::vector<std::int32_t> categories;
    for (std::int32_t i = 0; i < 300; ++i)
        categories.push_back(i % 7 == 0 ? -1 : i % 2);
    const auto shareBetween = [&](const FuzzyGraph& graph) {
        double between = 0;
        double all = 0;
        for (Index i = 0; i < 300; ++i) {
            for (Index at = graph.begin(i); at < graph.end(i); ++at) {
                const auto e = static_cast<std::size_t>(at);
                const bool isBetween = categories[static_cast<std::size_t>(i)] >= 0
                    && categories[graph.ids[e]] >= 0
                    && categories[static_cast<std::size_t>(i)] != categories[graph.ids[e]];
                between += isBetween ? graph.weights[e] : 0;
                all += graph.weights[e];
            }
        }
        return between / all;
    };
    double share = shareBetween(before);
    QVERIFY(share > 0.2);
    for (const double weight : {0.2, 0.5, 1.0}) {
        FuzzyGraph graph = before;
        QVERIFY(supervise(graph, categories, weight, Progress()));
        const double now = shareBetween(graph);
        QVERIFY(now < share);
        share = now;
        for (Index i = 0; i < 300; ++i) {
            for (Index j = 0; j < 300; ++j)
                QCOMPARE(weightOf(graph, i, j), weightOf(graph, j, i));
        }
    }
    QCOMPARE(share, 0.0);
    FuzzyGraph untouched = before;
    QVERIFY(supervise(untouched, categories, 0, Progress()));
    QVERIFY(untouched.weights == before.weights);
}

QTEST_APPLESS_MAIN(TestUmapGraph)
#include "tst_umap_graph.moc"
