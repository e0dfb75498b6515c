#include "core/base/parallel.h"
#include "core/projection/pca/krylov.h"
#include "core/projection/pca/pca.h"
#include "core/projection/pca/table_operator.h"
#include "tests/support/test_data.h"

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <QTest>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

using namespace embedscope;

Q_DECLARE_METATYPE(embedscope::PcaRoute)

class TestPca : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void agreesWithASingularValueDecomposition_data();
    void agreesWithASingularValueDecomposition();
    void findsWhatDoublesFind_data();
    void findsWhatDoublesFind();
    void aKrylovSpaceFindsWhatLapackFinds_data();
    void aKrylovSpaceFindsWhatLapackFinds();
    void isTheSameOnAnyNumberOfThreads();
    void scoresFarFromTheOriginAreExact();
    void aMisleadingSampleIsNoticed();
    void whitenedScoresSpreadEqually();
    void uncentredAxesAreThoseOfTheSquares();
    void signsAreFixed();
    void degenerateTablesGiveZeros();
    void extremeValuesKeepTheirShape();
    void fortyThousandDimensions();
    void aStopIsHeard_data() { eachRoute(); }
    void aStopIsHeard();

private:
    static void eachRoute();
};

namespace {

/// Normal values with a spread that falls from column to column, so that components are apart.
Matrix stretched(Index n, Index d)
{
    Matrix points = test::normalMatrix(n, d, 11);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < d; ++j)
            points(i, j) = 5 + points(i, j) * std::pow(0.7F, static_cast<float>(j % 12));
    }
    return points;
}

constexpr std::array kRoutes{PcaRoute::Covariance, PcaRoute::Gram, PcaRoute::Krylov};

PrincipalComponents by(PcaRoute route, MatrixView points, Index count, bool isCentred = true)
{
    return principalComponents(points, count, PcaSettings{isCentred, route}, Progress()).value();
}

/// The same values in double, centred or not.
Eigen::MatrixXd doubles(const Matrix& points, bool isCentred)
{
    Eigen::MatrixXd values(points.rows(), points.columns());
    for (Index i = 0; i < points.rows(); ++i) {
        for (Index j = 0; j < points.columns(); ++j)
            values(i, j) = points(i, j);
    }
    if (isCentred)
        values.rowwise() -= values.colwise().mean().eval();
    return values;
}

Matrix scoresOf(const PrincipalComponents& components, MatrixView points)
{
    std::vector<Index> which(static_cast<std::size_t>(components.count()));
    std::iota(which.begin(), which.end(), Index{0});
    return componentScores(components, points, which, Progress()).value();
}

bool sameBytes(const Matrix& a, const Matrix& b)
{
    return a.size() == b.size()
        && std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(float)) == 0;
}

} // namespace

void TestPca::eachRoute()
{
    QTest::addColumn<PcaRoute>("route");
    QTest::newRow("covariance") << PcaRoute::Covariance;
    QTest::newRow("inner products") << PcaRoute::Gram;
    QTest::newRow("Krylov") << PcaRoute::Krylov;
}

void TestPca::agreesWithASingularValueDecomposition_data()
{
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("d");
    QTest::newRow("tall: by covariance") << 3000 << 12;
    QTest::newRow("several tiles") << 700 << 300;
    QTest::newRow("square") << 40 << 40;
    QTest::newRow("wide: by inner products") << 90 << 400;
    QTest::newRow("two rows") << 2 << 6;
}

void TestPca::agreesWithASingularValueDecomposition()
{
    QFETCH(int, n);
    QFETCH(int, d);
    const Matrix points = stretched(n, d);
    const Eigen::MatrixXd centred = doubles(points, true);
    const Eigen::BDCSVD<Eigen::MatrixXd> svd(centred, Eigen::ComputeThinV);
    const Eigen::VectorXd variances = svd.singularValues().cwiseAbs2();

    const Index count = std::min<Index>({6, n, d});
    const auto components = principalComponents(points, count, Progress()).value();
    const Matrix scores = scoresOf(components, points);
    for (Index c = 0; c < count && c < n - 1; ++c) {
        QVERIFY(std::abs(
                    components.ratios[static_cast<std::size_t>(c)] - variances[c] / variances.sum())
            < 1e-5);
        // Directions are compared through the variance they carry, for near-equal components may
        // mix.
        double carried = 0;
        for (Index i = 0; i < n; ++i)
            carried += static_cast<double>(scores(i, c)) * scores(i, c);
        QVERIFY(std::abs(carried / variances[c] - 1) < 1e-4);
        for (Index other = 0; other <= c; ++other) {
            double product = 0;
            for (Index j = 0; j < d; ++j)
                product += static_cast<double>(components.axes(c, j)) * components.axes(other, j);
            QVERIFY(std::abs(product - (c == other ? 1 : 0)) < 1e-4);
        }
    }
}

void TestPca::findsWhatDoublesFind_data()
{
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("d");
    QTest::addColumn<int>("count");
    for (const auto& [n, d] : {std::pair{1, 1}, {1, 4}, {2, 1}, {2, 3}, {3, 2}, {9, 1}, {10, 100},
             {100, 10}, {64, 64}, {150, 600}, {600, 150}, {500, 450}, {1500, 17}, {1030, 255}}) {
        for (const int count : {1, 3, 40}) {
            if (count <= std::min(n, d))
                QTest::addRow("%d of %d x %d", count, n, d) << n << d << count;
        }
    }
}

void TestPca::findsWhatDoublesFind()
{
    QFETCH(int, n);
    QFETCH(int, d);
    QFETCH(int, count);
    // Half of the tables have a spectrum that hardly falls: the hard case for a Krylov space.
    const Matrix points = n % 2 == 0 ? stretched(n, d) : test::normalMatrix(n, d, 3);
    const Eigen::MatrixXd centred = doubles(points, true);
    const Eigen::BDCSVD<Eigen::MatrixXd> svd(centred);
    const Eigen::VectorXd squares = svd.singularValues().cwiseAbs2();
    const double total = squares.sum();
    for (const PcaRoute route : kRoutes) {
        const PrincipalComponents found = by(route, points, count);
        const Matrix scores = scoresOf(found, points);
        for (Index c = 0; c < count; ++c) {
            const double expected = c < n - 1 ? squares[c] : 0;
            const double ratio = total > 0 ? expected / total : 0;
            const double got = found.ratios[static_cast<std::size_t>(c)];
            QVERIFY(std::abs(got - ratio) <= 1e-5 * ratio + 1e-9);
            double carried = 0;
            for (Index i = 0; i < n; ++i)
                carried += static_cast<double>(scores(i, c)) * scores(i, c);
            QVERIFY(std::abs(carried - expected) <= 1e-4 * expected + 1e-9 * total);
        }
    }
}

void TestPca::aKrylovSpaceFindsWhatLapackFinds_data()
{
    QTest::addColumn<int>("rank");
    QTest::addColumn<double>("fall");
    QTest::newRow("falls quickly") << 500 << 0.8;
    QTest::newRow("falls slowly") << 500 << 0.99;
    QTest::newRow("all but flat") << 500 << 0.9999;
    QTest::newRow("fewer directions than asked for") << 20 << 0.9;
    QTest::newRow("a single direction") << 1 << 1.0;
}

void TestPca::aKrylovSpaceFindsWhatLapackFinds()
{
    QFETCH(int, rank);
    QFETCH(double, fall);
    constexpr Index m = 500;
    constexpr Index count = 30;
    const Matrix normal = test::normalMatrix(rank, m, 5);
    Eigen::MatrixXd rows = doubles(normal, false);
    for (Index i = 0; i < rank; ++i)
        rows.row(i) *= std::pow(fall, static_cast<double>(i));
    const Eigen::MatrixXd square = rows.transpose() * rows;
    const std::vector<double> matrix(square.data(), square.data() + square.size());
    const Eigenpairs found
        = leadingEigenpairs(m, count, 1e-8, denseOperator(matrix, m), Progress()).value();
    std::vector<double> copy = matrix;
    const Eigenpairs expected = largestEigenpairs(copy, m, count);
    QCOMPARE(found.values.size(), expected.values.size());
    const Eigen::Map<const Eigen::MatrixXd> vectors(found.vectors.data(), m, count);
    const Eigen::MatrixXd inner = vectors.transpose() * vectors;
    QVERIFY((inner - Eigen::MatrixXd::Identity(count, count)).cwiseAbs().maxCoeff() < 1e-9);
    for (std::size_t c = 0; c < found.values.size(); ++c) {
        QVERIFY(std::abs(found.values[c] - expected.values[c])
            <= 1e-7 * expected.values[c] + 1e-10 * expected.values[0]);
        const auto v = vectors.col(static_cast<Index>(c));
        QVERIFY((square * v - found.values[c] * v).norm()
            <= 1e-4 * found.values[c] + 1e-7 * expected.values[0]);
    }
}

void TestPca::isTheSameOnAnyNumberOfThreads()
{
    struct Case
    {
        Index n;
        Index d;
        PcaRoute route;
    };
    for (const auto& [n, d, route] : {Case{5000, 20, PcaRoute::Automatic},
             {50000, 9, PcaRoute::Automatic}, {3000, 300, PcaRoute::Automatic},
             {1500, 600, PcaRoute::Automatic}, {200, 900, PcaRoute::Automatic},
             {600, 2500, PcaRoute::Gram}, {1100, 700, PcaRoute::Krylov}}) {
        const Matrix points = stretched(n, d);
        setThreadCount(1);
        const auto one = by(route, points, 5);
        const Matrix oneScores = scoresOf(one, points);
        for (const int threads : {2, 3}) {
            setThreadCount(threads);
            const auto many = by(route, points, 5);
            QVERIFY(sameBytes(one.axes, many.axes));
            QVERIFY(one.ratios == many.ratios);
            QVERIFY(sameBytes(oneScores, scoresOf(many, points)));
        }
    }
}

void TestPca::scoresFarFromTheOriginAreExact()
{
    Matrix points = stretched(4000, 10);
    for (Index i = 0; i < points.size(); ++i)
        points.data()[i] += 4000;
    const Eigen::MatrixXd centred = doubles(points, true);
    for (const PcaRoute route : kRoutes) {
        const auto components = by(route, points, 3);
        const Matrix scores = scoresOf(components, points);
        for (Index c = 0; c < 3; ++c) {
            for (Index i = 0; i < points.rows(); ++i) {
                double exact = 0;
                for (Index j = 0; j < 10; ++j)
                    exact += centred(i, j) * components.axes(c, j);
                // The mean itself is rounded to float32: 4000 to the nearest 0.00024.
                QVERIFY(std::abs(scores(i, c) - exact) < 1e-3);
            }
        }
    }
}

void TestPca::aMisleadingSampleIsNoticed()
{
    // Rows spread evenly over the table all happen to be of the few that lie far off.
    constexpr Index n = 204800;
    Matrix points = test::normalMatrix(n, 2, 9);
    for (Index i = 0; i < n; ++i) {
        points(i, 1) *= 0.5F;
        if (i % 200 == 0)
            points(i, 0) += 20000;
    }
    const Eigen::MatrixXd centred = doubles(points, true);
    const Eigen::Matrix2d scatter = centred.transpose() * centred;
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> solver(scatter);
    const auto found = principalComponents(points, 2, Progress()).value();
    const double expected = solver.eigenvalues()[0] / solver.eigenvalues().sum();
    QVERIFY(std::abs(found.ratios[1] / expected - 1) < 1e-3);
    QVERIFY(std::abs(found.mean[0] - doubles(points, false).col(0).mean()) < 1e-4);
}

void TestPca::whitenedScoresSpreadEqually()
{
    const Matrix points = stretched(900, 30);
    const std::vector<Index> which{0, 3, 29, 40};
    for (const PcaRoute route : kRoutes) {
        const auto components = by(route, points, 30);
        const Matrix scores = componentScores(components, points, which, Progress(), true).value();
        const Matrix plain = componentScores(components, points, which, Progress()).value();
        for (Index c = 0; c < 3; ++c) {
            double squares = 0;
            for (Index i = 0; i < 900; ++i)
                squares += static_cast<double>(scores(i, c)) * scores(i, c);
            QVERIFY(std::abs(squares / 899 - 1) < 1e-4);
            const double deviation
                = components
                      .deviations[static_cast<std::size_t>(which[static_cast<std::size_t>(c)])];
            QVERIFY(std::abs(scores(17, c) * deviation - plain(17, c)) < 1e-5);
        }
        QCOMPARE(scores(17, 3), 0.0F);
    }
}

void TestPca::uncentredAxesAreThoseOfTheSquares()
{
    for (const auto& [n, d] : {std::pair{800, 30}, {40, 90}, {3, 7}, {1, 5}}) {
        const Matrix points = stretched(n, d);
        const Eigen::MatrixXd values = doubles(points, false);
        const Eigen::BDCSVD<Eigen::MatrixXd> svd(values, Eigen::ComputeThinV);
        const Eigen::VectorXd squares = svd.singularValues().cwiseAbs2();
        const Index count = std::min<Index>({3, n, d});
        for (const PcaRoute route : kRoutes) {
            const auto found = by(route, points, count, false);
            const Matrix scores = scoresOf(found, points);
            for (Index c = 0; c < count; ++c) {
                const double ratio = found.ratios[static_cast<std::size_t>(c)];
                const double expected = squares[c] / squares.sum();
                // The first direction is so strong that the others lie in its last digits.
                QVERIFY(std::abs(ratio - expected) < 1e-5 * expected + 1e-7);
                double carried = 0;
                for (Index i = 0; i < n; ++i)
                    carried += static_cast<double>(scores(i, c)) * scores(i, c);
                QVERIFY(std::abs(carried - squares[c]) < 1e-4 * squares[c] + 1e-7 * squares[0]);
            }
            // All values lie about 5: the first direction is that of the mean.
            double along = 0;
            for (Index j = 0; j < d; ++j)
                along += svd.matrixV()(j, 0) * found.axes(0, j);
            QVERIFY(std::abs(std::abs(along) - 1) < 1e-5);
        }
    }
}

void TestPca::signsAreFixed()
{
    for (const auto& [n, d] : {std::pair{300, 10}, {20, 50}}) {
        Matrix points = stretched(n, d);
        const auto components = principalComponents(points, 4, Progress()).value();
        for (Index i = 0; i < points.size(); ++i)
            points.data()[i] = -points.data()[i];
        const auto mirrored = principalComponents(points, 4, Progress()).value();
        for (Index c = 0; c < 4; ++c) {
            const float* axis = components.axes.row(c);
            const float* largest = std::max_element(
                axis, axis + d, [](float a, float b) { return std::abs(a) < std::abs(b); });
            QVERIFY(*largest > 0);
            for (Index j = 0; j < d; ++j)
                QVERIFY(std::abs(axis[j] - mirrored.axes(c, j)) < 1e-4F);
        }
    }
}

void TestPca::degenerateTablesGiveZeros()
{
    const auto allZero = [](const Matrix& m) {
        return std::all_of(m.data(), m.data() + m.size(), [](float v) { return v == 0; });
    };
    for (const auto& [n, d] : {std::pair{1, 1}, {1, 7}, {5, 1}, {50, 3}, {3, 50}}) {
        Matrix equal = Matrix::zeros(n, d);
        std::fill_n(equal.data(), equal.size(), 0.1F);
        for (const PcaRoute route : kRoutes) {
            const auto components = by(route, equal, std::min<Index>(n, d));
            QVERIFY(allZero(scoresOf(components, equal)));
            QVERIFY(components.ratios.front() == 0);
            const std::vector<Index> first{0};
            QVERIFY(allZero(componentScores(components, equal, first, Progress(), true).value()));
        }
    }
    // A line in space has one component; a second axis asked for is empty.
    Matrix line = Matrix::zeros(100, 4);
    for (Index i = 0; i < 100; ++i)
        std::fill_n(line.row(i), 4, static_cast<float>(i));
    const auto components = principalComponents(line, 1, Progress()).value();
    QVERIFY(std::abs(components.ratios[0] - 1) < 1e-6);
    const std::vector<Index> axes{0, 1};
    const Matrix scores = componentScores(components, line, axes, Progress()).value();
    QVERIFY(std::abs(std::abs(scores(99, 0) - scores(0, 0)) - 198) < 1e-3);
    QVERIFY(scores(0, 1) == 0 && scores(99, 1) == 0);
}

void TestPca::extremeValuesKeepTheirShape()
{
    const Matrix usual = stretched(200, 5);
    const auto expected = principalComponents(usual, 2, Progress()).value();
    for (const float factor : {0x1.0p120F, 0x1.0p-110F}) {
        Matrix points = usual.clone();
        for (Index i = 0; i < points.size(); ++i)
            points.data()[i] *= factor;
        const auto components = principalComponents(points, 2, Progress()).value();
        QVERIFY(std::abs(components.ratios[0] - expected.ratios[0]) < 1e-5);
        const Matrix scores = scoresOf(components, points);
        const Matrix original = scoresOf(expected, usual);
        for (Index i = 0; i < scores.rows(); ++i)
            QVERIFY(std::abs(scores(i, 0) / factor - original(i, 0)) < 1e-3F);
    }
}

void TestPca::fortyThousandDimensions()
{
    constexpr Index n = 60;
    constexpr Index d = 40000;
    const Matrix points = stretched(n, d);
    const Eigen::MatrixXd centred = doubles(points, true);
    const Eigen::MatrixXd inner = centred * centred.transpose();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(inner);
    const Eigen::VectorXd values = solver.eigenvalues().reverse();
    for (const PcaRoute route : {PcaRoute::Automatic, PcaRoute::Krylov}) {
        const auto found = by(route, points, 4);
        const Matrix scores = scoresOf(found, points);
        for (Index c = 0; c < 4; ++c) {
            double carried = 0;
            for (Index i = 0; i < n; ++i)
                carried += static_cast<double>(scores(i, c)) * scores(i, c);
            QVERIFY(std::abs(carried / values[c] - 1) < 1e-4);
            const double ratio = found.ratios[static_cast<std::size_t>(c)];
            QVERIFY(std::abs(ratio / (values[c] / values.sum()) - 1) < 1e-5);
        }
    }
}

void TestPca::aStopIsHeard()
{
    QFETCH(PcaRoute, route);
    const Matrix points = stretched(3000, 450);
    const PcaSettings settings{true, route};
    {
        std::stop_source source;
        source.request_stop();
        const auto stopped = principalComponents(points, 2, settings, Progress(source.get_token()));
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Stopped);
    }
    // In the middle, wherever a report is made.
    for (const double where : {0.05, 0.3, 0.75}) {
        std::stop_source source;
        const Progress progress(source.get_token(), [&](std::string_view, double fraction) {
            if (fraction >= where && fraction < 1)
                source.request_stop();
        });
        const auto stopped = principalComponents(points, 20, settings, progress);
        QVERIFY(!stopped || !source.stop_requested());
        if (!stopped)
            QCOMPARE(stopped.error().code, ErrorCode::Stopped);
    }
}

QTEST_APPLESS_MAIN(TestPca)
#include "tst_pca.moc"
