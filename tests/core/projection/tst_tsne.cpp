#include "core/base/random.h"
#include "core/neighbors/graph.h"
#include "core/projection/projection.h"
#include "core/projection/tsne/perplexity.h"
#include "core/projection/tsne/tsne_optimizer.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace embedscope;

class TestTsne : public QObject
{
    Q_OBJECT

private slots:
    void rowsHaveThePerplexityAskedFor();
    void tiesWithoutASolutionStayFinite();
    void affinitiesAreSymmetricAndSumToOne();
    void theGradientAgreesWithDouble_data();
    void theGradientAgreesWithDouble();
    void theGradientIsTheSlopeOfTheLoss();
    void lossFallsAndBlobsSeparate_data();
    void lossFallsAndBlobsSeparate();
    void aPerplexityTooLargeIsLoweredAndNoted();
    void seedsDiffer();
};

namespace {

Affinities affinitiesOf(MatrixView points, double perplexity)
{
    const auto k = static_cast<Index>(std::ceil(3 * perplexity));
    GraphRequest request;
    request.k = k;
    request.search = GraphSearch::Exact;
    const auto table = neighborGraph(points, request, Progress()).value();
    AffinityOptions options;
    options.perplexities = {perplexity};
    return findAffinities(table, k, options, Progress()).value();
}

Coordinates randomPlaces(Index n, int dimensions, double spread)
{
    Random random(5);
    Coordinates places(n, dimensions);
    for (int a = 0; a < dimensions; ++a) {
        for (Index i = 0; i < n; ++i)
            places.axis(a)[i] = static_cast<float>(spread * random.normal());
    }
    return places;
}

double squaredDistance(const Coordinates& places, Index i, Index j)
{
    double sum = 0;
    for (int a = 0; a < places.dimensions(); ++a) {
        const double step = static_cast<double>(places.axis(a)[i]) - places.axis(a)[j];
        sum += step * step;
    }
    return sum;
}

/// Z, by the definition, in double.
double normalizerOf(const Coordinates& places)
{
    double z = 0;
    for (Index i = 0; i < places.size(); ++i) {
        for (Index j = 0; j < places.size(); ++j)
            z += i == j ? 0 : 1 / (1 + squaredDistance(places, i, j));
    }
    return z;
}

/// The KL divergence by the definition, in double, over the pairs of P.
double lossOf(const Affinities& affinities, const Coordinates& places)
{
    const double z = normalizerOf(places);
    double loss = 0;
    for (Index i = 0; i < affinities.size(); ++i) {
        for (Index at = affinities.starts[static_cast<std::size_t>(i)];
             at < affinities.starts[static_cast<std::size_t>(i) + 1]; ++at) {
            const double p = affinities.values[static_cast<std::size_t>(at)];
            const Index j = affinities.ids[static_cast<std::size_t>(at)];
            if (p > 0)
                loss += p * std::log(p * (1 + squaredDistance(places, i, j)) * z);
        }
    }
    return loss;
}

} // namespace

void TestTsne::rowsHaveThePerplexityAskedFor()
{
    Random random(3);
    for (const double scale : {1e-30, 1.0, 1e30}) {
        for (const double perplexity : {1.5, 5.0, 30.0, 80.0}) {
            std::vector<float> distances(90);
            for (float& distance : distances)
                distance = static_cast<float>(scale * (1 + random.uniform()));
            std::sort(distances.begin(), distances.end());
            std::vector<double> excess(90);
            std::vector<double> p(90);
            excessOf(distances, Metric::Euclidean, excess);
            QVERIFY(
                std::abs(conditionalProbabilities(excess, perplexity, p) / perplexity - 1) < 1e-5);
            double sum = 0;
            double entropy = 0;
            for (const double value : p) {
                sum += value;
                entropy -= value > 0 ? value * std::log(value) : 0;
            }
            QVERIFY(std::abs(sum - 1) < 1e-12);
            QVERIFY(std::abs(std::exp(entropy) / perplexity - 1) < 1e-5);
        }
    }
}

void TestTsne::tiesWithoutASolutionStayFinite()
{
    // 60 neighbours at the same distance cannot have a perplexity of 20: they share equally.
    std::vector<float> distances(90, 2.0F);
    std::fill_n(distances.begin(), 60, 1.0F);
    std::vector<double> excess(90);
    std::vector<double> p(90);
    excessOf(distances, Metric::Euclidean, excess);
    conditionalProbabilities(excess, 20, p);
    for (std::size_t j = 0; j < 90; ++j)
        QVERIFY(std::abs(p[j] - (j < 60 ? 1.0 / 60 : 0)) < 1e-6);
    p.resize(4);
    excess.assign(4, 0.0);
    conditionalProbabilities(excess, 1, p);
    for (const double value : p)
        QVERIFY(std::abs(value - 0.25) < 1e-9);
}

void TestTsne::affinitiesAreSymmetricAndSumToOne()
{
    const Matrix points = test::blobs(400, 8, 4);
    const Affinities affinities = affinitiesOf(points, 10);
    QCOMPARE(affinities.size(), Index{400});
    double sum = 0;
    std::vector<std::vector<float>> dense(400, std::vector<float>(400));
    for (Index i = 0; i < 400; ++i) {
        for (Index at = affinities.starts[static_cast<std::size_t>(i)];
             at < affinities.starts[static_cast<std::size_t>(i) + 1]; ++at) {
            const float p = affinities.values[static_cast<std::size_t>(at)];
            const PointId j = affinities.ids[static_cast<std::size_t>(at)];
            QVERIFY(p == 0 || j != i);
            sum += p;
            dense[static_cast<std::size_t>(i)][j] += p;
        }
    }
    QVERIFY(std::abs(sum - 1) < 1e-5);
    for (std::size_t i = 0; i < 400; ++i) {
        for (std::size_t j = 0; j < i; ++j)
            QCOMPARE(dense[i][j], dense[j][i]);
    }
}

void TestTsne::theGradientAgreesWithDouble_data()
{
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<double>("spread");
    for (const int dimensions : {2, 3}) {
        for (const int n : {100, 1009, 2500}) {
            for (const double spread : {1e-4, 1.0, 40.0}) {
                QTest::addRow("%d points, %d dimensions, spread %g", n, dimensions, spread)
                    << n << dimensions << spread;
            }
        }
    }
}

void TestTsne::theGradientAgreesWithDouble()
{
    QFETCH(int, n);
    QFETCH(int, dimensions);
    QFETCH(double, spread);
    const Affinities affinities = affinitiesOf(test::blobs(n, 5, 4), 20);
    DescentOptions descent;
    descent.engine = RepulsionEngine::Exact;
    TsneOptimizer optimizer(affinities, randomPlaces(n, dimensions, spread), descent);
    QVERIFY(optimizer.evaluate(Progress()));
    const Coordinates places = optimizer.places();
    QVERIFY(std::abs(optimizer.normalizer() / normalizerOf(places) - 1) < 1e-5);
    QVERIFY(std::abs(optimizer.klDivergence() - lossOf(affinities, places)) < 1e-4);

    const struct
    {
        Coordinates attraction;
        Coordinates repulsion;
    } found{optimizer.attraction(), optimizer.repulsion()};
    double attractionError = 0;
    double attractionSquares = 0;
    double repulsionError = 0;
    double repulsionSquares = 0;
    for (Index i = 0; i < n; ++i) {
        for (int a = 0; a < dimensions; ++a) {
            double attraction = 0;
            for (Index at = affinities.starts[static_cast<std::size_t>(i)];
                 at < affinities.starts[static_cast<std::size_t>(i) + 1]; ++at) {
                const Index j = affinities.ids[static_cast<std::size_t>(at)];
                attraction += affinities.values[static_cast<std::size_t>(at)]
                    / (1 + squaredDistance(places, i, j))
                    * (static_cast<double>(places.axis(a)[i]) - places.axis(a)[j]);
            }
            double repulsion = 0;
            for (Index j = 0; j < n; ++j) {
                const double w = 1 / (1 + squaredDistance(places, i, j));
                repulsion += w * w * (static_cast<double>(places.axis(a)[i]) - places.axis(a)[j]);
            }
            attractionError += std::pow(found.attraction.axis(a)[i] - attraction, 2);
            attractionSquares += attraction * attraction;
            repulsionError += std::pow(found.repulsion.axis(a)[i] - repulsion, 2);
            repulsionSquares += repulsion * repulsion;
        }
    }
    QVERIFY(std::sqrt(attractionError / attractionSquares) < 1e-5);
    QVERIFY(std::sqrt(repulsionError / repulsionSquares) < 1e-5);
}

void TestTsne::theGradientIsTheSlopeOfTheLoss()
{
    const Affinities affinities = affinitiesOf(test::blobs(150, 5, 3), 10);
    TsneOptimizer optimizer(affinities, randomPlaces(150, 2, 2), {});
    QVERIFY(optimizer.evaluate(Progress()));
    const auto lossAt = [&](Index i, int axis, float step) {
        Coordinates moved = randomPlaces(150, 2, 2);
        moved.axis(axis)[i] += step;
        return lossOf(affinities, moved);
    };
    for (const Index i : {0, 70, 149}) {
        for (const int axis : {0, 1}) {
            const double slope = (lossAt(i, axis, 0.01F) - lossAt(i, axis, -0.01F)) / 0.02;
            const double gradient = 4
                * (optimizer.attraction().axis(axis)[i]
                    - optimizer.repulsion().axis(axis)[i] / optimizer.normalizer());
            QVERIFY(std::abs(gradient - slope) < 1e-5 + 0.01 * std::abs(slope));
        }
    }
}

void TestTsne::lossFallsAndBlobsSeparate_data()
{
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<QString>("init");
    QTest::newRow("from PCA") << 2 << "pca";
    QTest::newRow("from random places") << 2 << "random";
    QTest::newRow("in space") << 3 << "pca";
}

void TestTsne::lossFallsAndBlobsSeparate()
{
    QFETCH(int, dimensions);
    QFETCH(QString, init);
    constexpr Index n = 500;
    constexpr Index groups = 5;
    ProjectionRequest request;
    request.method = "tsne";
    request.dimensions = dimensions;
    request.parameters = {{"iterations", std::int64_t{400}}, {"init", init.toStdString()}};
    const auto run = startProjection(test::blobDataset(n, 20, groups), request, Progress()).value();
    QVERIFY(run->advance(200, Progress()).ok());
    const Layout half = run->layout();
    QVERIFY(!half.diagnostics.isFinished);
    QCOMPARE(half.diagnostics.iterations, 200);
    QVERIFY(run->advance(1000, Progress()).ok());
    const Layout layout = run->layout();
    const auto& history = layout.diagnostics.lossHistory;
    QCOMPARE(history.front().first, 0);
    QCOMPARE(history.back().first, 400);
    QVERIFY(*half.diagnostics.klDivergence < history.front().second);
    QVERIFY(*layout.diagnostics.klDivergence < *half.diagnostics.klDivergence);
    QCOMPARE(history.back().second, *layout.diagnostics.klDivergence);

    // The nearest neighbour of nearly every point is of its own blob.
    Index same = 0;
    for (Index i = 0; i < n; ++i) {
        double best = std::numeric_limits<double>::infinity();
        Index nearest = 0;
        for (Index j = 0; j < n; ++j) {
            double square = 0;
            for (Index a = 0; a < dimensions; ++a)
                square += std::pow(layout.positions(i, a) - layout.positions(j, a), 2);
            if (j != i && square < best) {
                best = square;
                nearest = j;
            }
        }
        same += nearest % groups == i % groups ? 1 : 0;
    }
    QVERIFY(same >= n * 99 / 100);
}

void TestTsne::aPerplexityTooLargeIsLoweredAndNoted()
{
    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"iterations", std::int64_t{5}}};
    const auto layoutOf = [&](Index n) {
        const auto run = startProjection(test::blobDataset(n, 4, 2), request, Progress()).value();
        return run->layout();
    };
    const Layout small = layoutOf(31);
    QCOMPARE(std::get<double>(*findValue(small.recipe.parameters, "perplexity")), 10.0);
    QCOMPARE(small.diagnostics.notes.size(), std::size_t{1});
    const Layout enough = layoutOf(200);
    QCOMPARE(std::get<double>(*findValue(enough.recipe.parameters, "perplexity")), 30.0);
    QVERIFY(enough.diagnostics.notes.empty());
    QCOMPARE(std::get<double>(*findValue(enough.recipe.parameters, "learning_rate")), 200.0 / 12);
}

void TestTsne::seedsDiffer()
{
    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"iterations", std::int64_t{30}}};
    const auto firstPlace = [&](std::uint64_t seed) {
        request.seed = seed;
        const auto run = startProjection(test::blobDataset(60, 4, 2), request, Progress()).value();
        return run->advance(30, Progress()).ok() ? run->layout().positions(0, 0) : 0.0F;
    };
    QVERIFY(firstPlace(1) != firstPlace(2));
}

QTEST_APPLESS_MAIN(TestTsne)
#include "tst_tsne.moc"
