#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/projection/tsne/repulsion.h"
#include "core/projection/tsne/softened_kernel.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace embedscope;

/// Both engines against the definition, in double, on layouts of every shape that a run comes by.
class TestRepulsion : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithDouble_data();
    void agreesWithDouble();
    void staysAccurateWhileTheLayoutGrows();
    void givesTheSameBytesOnAnyNumberOfThreads_data();
    void givesTheSameBytesOnAnyNumberOfThreads();
    void pointsInOnePlaceDoNotPush();
    void oneOutlierIsNoHarm();
    void stops();
    void theFarPartMeetsTheKernelSmoothly();
};

namespace {

struct Field
{
    Coordinates forces;
    double normalizer = 0;
};

Field byDefinition(const Coordinates& places, double dof)
{
    const Index n = places.size();
    Field field{Coordinates(n, places.dimensions()), 0};
    for (Index i = 0; i < n; ++i) {
        double force[3] = {0, 0, 0};
        for (Index j = 0; j < n; ++j) {
            double step[3] = {0, 0, 0};
            double square = 0;
            for (int a = 0; a < places.dimensions(); ++a) {
                step[a] = static_cast<double>(places.axis(a)[i]) - places.axis(a)[j];
                square += step[a] * step[a];
            }
            const double inverse = 1 / (1 + square / dof);
            const double w = std::pow(inverse, dof);
            field.normalizer += i == j ? 0 : w;
            for (int a = 0; a < places.dimensions(); ++a)
                force[a] += w * inverse * step[a];
        }
        for (int a = 0; a < places.dimensions(); ++a)
            field.forces.axis(a)[i] = static_cast<float>(force[a]);
    }
    return field;
}

double relativeError(const Coordinates& found, const Coordinates& expected)
{
    double error = 0;
    double squares = 0;
    for (int a = 0; a < found.dimensions(); ++a) {
        for (Index i = 0; i < found.size(); ++i) {
            error += std::pow(static_cast<double>(found.axis(a)[i]) - expected.axis(a)[i], 2);
            squares += std::pow(static_cast<double>(expected.axis(a)[i]), 2);
        }
    }
    return std::sqrt(error / squares);
}

/// Clumps of different size and width, as maps have them, `span` wide.
Coordinates clumps(Index n, int dimensions, double span, std::uint64_t seed = 3)
{
    Random random(seed);
    constexpr std::size_t kClumps = 12;
    std::vector<double> centres;
    std::vector<double> widths;
    for (std::size_t c = 0; c < kClumps; ++c) {
        for (int a = 0; a < 3; ++a)
            centres.push_back(random.uniform() - 0.5);
        widths.push_back(0.01 + 0.05 * random.uniform());
    }
    Coordinates places(n, dimensions);
    for (Index i = 0; i < n; ++i) {
        const auto c = static_cast<std::size_t>(random.below(kClumps));
        for (int a = 0; a < dimensions; ++a) {
            const double place
                = centres[3 * c + static_cast<std::size_t>(a)] + widths[c] * random.normal();
            places.axis(a)[i] = static_cast<float>(span * place);
        }
    }
    return places;
}

Field found(const Coordinates& places, double dof, RepulsionEngine engine)
{
    const auto repulsion = makeRepulsion(places.size(), places.dimensions(), dof, engine);
    Field field{Coordinates(places.size(), places.dimensions()), 0};
    // The second time it knows how crowded the layout is, and may choose another grid.
    for (int turn = 0; turn < 2; ++turn)
        field.normalizer = repulsion->find(places, field.forces, Progress()).value_or(-1);
    return field;
}

} // namespace

void TestRepulsion::agreesWithDouble_data()
{
    QTest::addColumn<bool>("exact");
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<double>("span");
    QTest::addColumn<double>("dof");
    for (const bool exact : {true, false}) {
        for (const int dimensions : {2, 3}) {
            for (const double span : {1e-4, 1e-2, 1.0, 12.0, 40.0, 150.0}) {
                for (const double dof : {1.0, 0.5, 3.0}) {
                    const int n = 2000;
                    QTest::addRow("%s, %d dimensions, span %g, %g degrees of freedom",
                        exact ? "exact" : "grid", dimensions, span, dof)
                        << exact << n << dimensions << span << dof;
                }
            }
        }
    }
    for (const int n : {1, 2, 3, 17})
        QTest::addRow("grid, %d points", n) << false << n << 2 << 5.0 << 1.0;
}

void TestRepulsion::agreesWithDouble()
{
    QFETCH(bool, exact);
    QFETCH(int, n);
    QFETCH(int, dimensions);
    QFETCH(double, span);
    QFETCH(double, dof);
    const Coordinates places = clumps(n, dimensions, span);
    const Field expected = byDefinition(places, dof);
    const Field field = found(places, dof, exact ? RepulsionEngine::Exact : RepulsionEngine::Grid);
    // A lone pair may be pushed so little that only its absolute error says anything.
    double largest = 0;
    for (Index i = 0; i < n; ++i) {
        largest = std::max(largest,
            std::abs(static_cast<double>(field.forces.axis(0)[i]) - expected.forces.axis(0)[i]));
    }
    const double error = n < 10 ? largest : relativeError(field.forces, expected.forces);
    const double normalizerError
        = std::abs(field.normalizer - expected.normalizer) / std::max(expected.normalizer, 1e-3);
    QVERIFY2(error < (exact ? 1e-5 : 1e-3), qPrintable(QString::number(error)));
    QVERIFY2(normalizerError < (exact ? 1e-5 : 1e-4), qPrintable(QString::number(normalizerError)));
}

void TestRepulsion::staysAccurateWhileTheLayoutGrows()
{
    // One engine through all the sizes of a run: grids are changed on the way.
    constexpr Index n = 1500;
    const auto repulsion = makeRepulsion(n, 2, 1, RepulsionEngine::Grid);
    Coordinates forces(n, 2);
    for (double span = 1e-4; span < 400; span *= 1.7) {
        const Coordinates places = clumps(n, 2, span);
        QVERIFY(repulsion->find(places, forces, Progress()).has_value());
        const double error = relativeError(forces, byDefinition(places, 1).forces);
        QVERIFY2(error < 1e-3, qPrintable(QStringLiteral("%1 at span %2").arg(error).arg(span)));
    }
}

void TestRepulsion::givesTheSameBytesOnAnyNumberOfThreads_data()
{
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<double>("span");
    for (const int dimensions : {2, 3}) {
        for (const double span : {1.0, 100.0})
            QTest::addRow("%d dimensions, span %g", dimensions, span) << dimensions << span;
    }
}

void TestRepulsion::givesTheSameBytesOnAnyNumberOfThreads()
{
    QFETCH(int, dimensions);
    QFETCH(double, span);
    const Coordinates places = clumps(40000, dimensions, span);
    Field first;
    for (const int threads : {1, 2, 5}) {
        setThreadCount(threads);
        Field field = found(places, 1, RepulsionEngine::Grid);
        if (threads == 1) {
            first = std::move(field);
            continue;
        }
        QCOMPARE(field.normalizer, first.normalizer);
        for (int a = 0; a < dimensions; ++a) {
            QVERIFY(std::equal(
                field.forces.axis(a), field.forces.axis(a) + places.size(), first.forces.axis(a)));
        }
    }
    setThreadCount(0);
}

void TestRepulsion::pointsInOnePlaceDoNotPush()
{
    const Coordinates places(500, 2);
    for (const auto engine : {RepulsionEngine::Exact, RepulsionEngine::Grid}) {
        const Field field = found(places, 1, engine);
        QVERIFY(std::abs(field.normalizer / (500.0 * 499.0) - 1) < 1e-5);
        for (Index i = 0; i < 500; ++i)
            QVERIFY(std::abs(field.forces.axis(0)[i]) < 1e-4F);
    }
}

void TestRepulsion::oneOutlierIsNoHarm()
{
    Coordinates places = clumps(3000, 2, 30);
    places.axis(0)[7] = 1e5F;
    const Field field = found(places, 1, RepulsionEngine::Grid);
    const Field expected = byDefinition(places, 1);
    QVERIFY(relativeError(field.forces, expected.forces) < 1e-2);
    QVERIFY(std::abs(field.normalizer / expected.normalizer - 1) < 1e-2);
}

void TestRepulsion::stops()
{
    std::stop_source source;
    source.request_stop();
    const Coordinates places = clumps(3000, 2, 30);
    Coordinates forces(3000, 2);
    for (const auto engine : {RepulsionEngine::Exact, RepulsionEngine::Grid}) {
        const auto repulsion = makeRepulsion(3000, 2, 1, engine);
        QVERIFY(!repulsion->find(places, forces, Progress(source.get_token())).has_value());
        QVERIFY(repulsion->find(places, forces, Progress()).has_value());
    }
}

void TestRepulsion::theFarPartMeetsTheKernelSmoothly()
{
    for (const double dof : {0.5, 1.0, 4.0}) {
        const SoftenedKernel kernel(dof, 3);
        const auto slope = [&](double s) { return (kernel.far(s + 1e-5) - kernel.far(s)) / 1e-5; };
        QVERIFY(std::abs(kernel.far(9 - 1e-9) - kernel.far(9)) < 1e-9);
        QVERIFY(std::abs(slope(9 - 2e-5) / slope(9) - 1) < 1e-4);
        QCOMPARE(kernel.far(20), kernel.whole(20));
        QVERIFY(kernel.far(0) < kernel.whole(0));
    }
}

QTEST_APPLESS_MAIN(TestRepulsion)
#include "tst_repulsion.moc"
