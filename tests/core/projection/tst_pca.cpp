#include "core/base/parallel.h"
#include "core/projection/pca/pca.h"
#include "tests/support/test_data.h"

#include <Eigen/SVD>
#include <QTest>
#include <cmath>
#include <cstring>
#include <numeric>

using namespace embedscope;

class TestPca : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { setThreadCount(0); }
    void agreesWithASingularValueDecomposition_data();
    void agreesWithASingularValueDecomposition();
    void isTheSameOnAnyNumberOfThreads();
    void signsAreFixed();
    void degenerateTablesGiveZeros();
    void extremeValuesKeepTheirShape();
    void aStopIsHeard();
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
    Eigen::MatrixXd centred(n, d);
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < d; ++j)
            centred(i, j) = points(i, j);
    }
    centred.rowwise() -= centred.colwise().mean().eval();
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

void TestPca::isTheSameOnAnyNumberOfThreads()
{
    for (const auto& [n, d] : {std::pair{5000, 20}, {3000, 300}, {200, 900}}) {
        const Matrix points = stretched(n, d);
        setThreadCount(1);
        const auto one = principalComponents(points, 5, Progress()).value();
        const Matrix oneScores = scoresOf(one, points);
        for (const int threads : {2, 3}) {
            setThreadCount(threads);
            const auto many = principalComponents(points, 5, Progress()).value();
            QVERIFY(sameBytes(one.axes, many.axes));
            QVERIFY(one.ratios == many.ratios);
            QVERIFY(sameBytes(oneScores, scoresOf(many, points)));
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
        const auto components
            = principalComponents(equal, std::min<Index>(n, d), Progress()).value();
        QVERIFY(allZero(scoresOf(components, equal)));
        QVERIFY(components.ratios.front() == 0);
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

void TestPca::aStopIsHeard()
{
    std::stop_source source;
    source.request_stop();
    const Matrix points = stretched(3000, 30);
    QCOMPARE(principalComponents(points, 2, Progress(source.get_token())).error().code,
        ErrorCode::Stopped);
}

QTEST_APPLESS_MAIN(TestPca)
#include "tst_pca.moc"
