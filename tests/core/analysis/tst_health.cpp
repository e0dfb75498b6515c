#include "core/analysis/health/equal_groups.h"
#include "core/analysis/health/health.h"
#include "core/analysis/health/square_products.h"
#include "core/base/parallel.h"
#include "core/io/open.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace embedscope;
using namespace embedscope::test;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

HealthReport healthOf(const Dataset& dataset, const HealthOptions& options = {})
{
    auto report = examineHealth(dataset, options, {});
    return report ? std::move(report).value() : HealthReport{};
}

HealthReport healthOf(Matrix matrix, const HealthOptions& options = {})
{
    return healthOf(*datasetOf(std::move(matrix)), options);
}

std::shared_ptr<const Dataset> labelled(std::vector<std::string> labels)
{
    Table table;
    table.vectors = normalMatrix(static_cast<Index>(labels.size()), 3);
    TextValues text;
    for (const std::string& label : labels) {
        if (label == "-")
            text.appendMissing();
        else
            text.append(label);
    }
    table.columns.emplace_back("label", std::move(text));
    table.labelColumn = 0;
    return std::move(Dataset::make(std::move(table))).value();
}

const Finding* finding(const HealthReport& report, const std::string& id)
{
    for (const Finding& one : report.findings) {
        if (one.id == id)
            return &one;
    }
    return nullptr;
}

/// The effective dimension from every pair, in double.
double effectiveDimension(const Matrix& m)
{
    const auto d = static_cast<std::size_t>(m.columns());
    const auto n = static_cast<double>(m.rows());
    std::vector<double> mean(d);
    for (Index i = 0; i < m.rows(); ++i)
        for (std::size_t j = 0; j < d; ++j)
            mean[j] += static_cast<double>(m(i, static_cast<Index>(j))) / n;
    std::vector<double> c(d * d);
    for (Index i = 0; i < m.rows(); ++i) {
        for (std::size_t a = 0; a < d; ++a) {
            for (std::size_t b = 0; b < d; ++b) {
                c[a * d + b] += (static_cast<double>(m(i, static_cast<Index>(a))) - mean[a])
                    * (static_cast<double>(m(i, static_cast<Index>(b))) - mean[b]) / n;
            }
        }
    }
    double trace = 0;
    double squares = 0;
    for (std::size_t a = 0; a < d; ++a)
        trace += c[a * d + a];
    for (const double value : c)
        squares += value * value;
    return trace * trace / squares;
}

double cosine(const Matrix& m, Index a, Index b)
{
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (Index j = 0; j < m.columns(); ++j) {
        ab += static_cast<double>(m(a, j)) * static_cast<double>(m(b, j));
        aa += static_cast<double>(m(a, j)) * static_cast<double>(m(a, j));
        bb += static_cast<double>(m(b, j)) * static_cast<double>(m(b, j));
    }
    return ab / std::sqrt(aa * bb);
}

/// Values far from 0, of very different spreads, a common direction.
Matrix skewed(Index n, Index d)
{
    Matrix m = normalMatrix(n, d, 5);
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < d; ++j)
            m(i, j) = m(i, j) / static_cast<float>(1 + j) + 3;
    return m;
}

bool isSame(const HealthReport& a, const HealthReport& b)
{
    bool same = a.meanCosine == b.meanCosine && a.cosineSpread == b.cosineSpread
        && a.effectiveDimension == b.effectiveDimension && a.varianceShares == b.varianceShares
        && a.duplicates.rows == b.duplicates.rows && a.duplicates.ends == b.duplicates.ends
        && a.norms->q1 == b.norms->q1 && a.norms->histogram == b.norms->histogram
        && a.findings.size() == b.findings.size();
    for (std::size_t i = 0; same && i < a.findings.size(); ++i)
        same = a.findings[i].sentence == b.findings[i].sentence
            && a.findings[i].rows == b.findings[i].rows;
    return same;
}

} // namespace

class TestHealth : public QObject
{
    Q_OBJECT

private slots:
    void aSoundTableHasNoFindings();
    void unusableRowsAreFoundEachForItself();
    void zeroRowsAreNotCalledDuplicates();
    void duplicatesAreFoundInGroups();
    void itemsOfOneHashAreToldApart();
    void normsAgreeWithSorting_data();
    void normsAgreeWithSorting();
    void unitLengthIsSaid();
    void oneLongRowIsFound();
    void meanCosineIsThatOfAllPairs();
    void effectiveDimensionAgreesWithTheCovariance_data();
    void effectiveDimensionAgreesWithTheCovariance();
    void aSampleEstimatesItWithoutBias();
    void squaredProductsAgreeEitherWay();
    void deadConstantAndDominantDimensions();
    void labelsRepeatedEmptyAndBroken();
    void classesAreNoDuplicates();
    void whatTheReaderNoticedIsThere();
    void degenerateTablesGiveAReport_data();
    void degenerateTablesGiveAReport();
    void threadsChangeNothing();
    void aStopEndsIt();
};

void TestHealth::aSoundTableHasNoFindings()
{
    const HealthReport report = healthOf(normalMatrix(2000, 20));
    QCOMPARE(report.points, Index{2000});
    QCOMPARE(report.dimensions, Index{20});
    QCOMPARE(report.memoryBytes, std::uint64_t{2000 * 20 * 4});
    QVERIFY2(report.findings.empty(),
        report.findings.empty() ? "" : report.findings.front().sentence.c_str());
    QVERIFY(std::abs(*report.meanCosine) < 0.01);
    QVERIFY(*report.effectiveDimension > 18);
}

void TestHealth::unusableRowsAreFoundEachForItself()
{
    Matrix m = normalMatrix(100, 4);
    m(3, 1) = kNan;
    m(7, 0) = kInfinity;
    m(9, 0) = -kInfinity;
    m(9, 3) = kNan;
    const HealthReport report = healthOf(std::move(m));
    QCOMPARE(report.nanRows.ids(), (std::vector<PointId>{3, 9}));
    QCOMPARE(report.infiniteRows.ids(), (std::vector<PointId>{7, 9}));
    QCOMPARE(report.usableRows, Index{97});
    QCOMPARE(report.effectiveRows, Index{97}); // All that there are: not an estimate.
    QVERIFY(finding(report, "nan-rows") != nullptr);
    QCOMPARE(finding(report, "nan-rows")->rows.ids(), (std::vector<PointId>{3, 9}));
    QCOMPARE(finding(report, "nan-rows")->severity, Severity::Warning);
    QCOMPARE(finding(report, "inf-rows")->rows.ids(), (std::vector<PointId>{7, 9}));
    QVERIFY(std::isfinite(*report.meanCosine) && std::isfinite(report.norms->max));
    // Half the sentence would say the same thing of the same rows once more.
    QVERIFY(finding(report, "file") == nullptr);

    Matrix broken = normalMatrix(10, 4);
    for (Index i = 0; i < 8; ++i)
        broken(i, 0) = kNan;
    QCOMPARE(finding(healthOf(std::move(broken)), "nan-rows")->severity, Severity::Problem);
}

void TestHealth::zeroRowsAreNotCalledDuplicates()
{
    Matrix m = normalMatrix(50, 3);
    for (const Index i : {4, 5, 30}) {
        for (Index j = 0; j < 3; ++j)
            m(i, j) = i == 5 ? -0.0F : 0.0F;
    }
    const HealthReport report = healthOf(std::move(m));
    QCOMPARE(report.zeroRows.ids(), (std::vector<PointId>{4, 5, 30}));
    QCOMPARE(report.duplicates.repeats(), Index{2}); // As anybody would count.
    QVERIFY(finding(report, "zero-rows") != nullptr);
    QVERIFY(finding(report, "duplicate-rows") == nullptr);
}

void TestHealth::duplicatesAreFoundInGroups()
{
    Matrix m = normalMatrix(5000, 7);
    const auto copy
        = [&m](Index from, Index to) { std::copy_n(m.row(from), m.columns(), m.row(to)); };
    copy(100, 4000);
    copy(100, 200);
    copy(50, 4999);
    m(60, 0) = kNan;
    copy(60, 61); // Not usable, so not looked at.
    const HealthReport report = healthOf(std::move(m));
    QCOMPARE(report.duplicates.rows, (std::vector<PointId>{50, 4999, 100, 200, 4000}));
    QCOMPARE(report.duplicates.ends, (std::vector<Index>{2, 5}));
    QCOMPARE(report.duplicates.repeats(), Index{3});
    QCOMPARE(finding(report, "duplicate-rows")->rows.count(), Index{5});
    QCOMPARE(finding(report, "duplicate-rows")->severity, Severity::Note);
}

void TestHealth::itemsOfOneHashAreToldApart()
{
    const std::vector<int> values{3, 1, 3, 2, 1, 1, 9};
    std::vector<PointId> ids{0, 1, 2, 3, 4, 5, 6};
    const auto groups = equalGroups(
        ids, [](PointId) { return std::uint64_t{42}; },
        [&](PointId a, PointId b) { return values[a] - values[b]; }, {});
    QVERIFY(groups.ok());
    QCOMPARE(groups->rows, (std::vector<PointId>{0, 2, 1, 4, 5}));
    QCOMPARE(groups->ends, (std::vector<Index>{2, 5}));
}

void TestHealth::normsAgreeWithSorting_data()
{
    QTest::addColumn<int>("n");
    for (const int n : {1, 2, 3, 4, 5, 101, 1000})
        QTest::newRow(std::to_string(n).c_str()) << n;
}

void TestHealth::normsAgreeWithSorting()
{
    QFETCH(int, n);
    const Matrix m = skewed(n, 5);
    std::vector<double> norms;
    for (Index i = 0; i < n; ++i) {
        double square = 0;
        for (Index j = 0; j < 5; ++j)
            square += static_cast<double>(m(i, j)) * static_cast<double>(m(i, j));
        norms.push_back(std::sqrt(square));
    }
    std::sort(norms.begin(), norms.end());
    const auto quantile = [&](double q) {
        const double at = q * static_cast<double>(n - 1);
        const auto low = static_cast<std::size_t>(at);
        const std::size_t high = std::min(low + 1, norms.size() - 1);
        return norms[low] + (norms[high] - norms[low]) * (at - static_cast<double>(low));
    };
    const HealthReport report = healthOf(m.clone());
    const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(b); };
    QCOMPARE(report.norms->min, norms.front());
    QCOMPARE(report.norms->max, norms.back());
    QVERIFY(close(report.norms->q1, quantile(0.25)));
    QVERIFY(close(report.norms->median, quantile(0.5)));
    QVERIFY(close(report.norms->q3, quantile(0.75)));
    Index counted = 0;
    for (const Index count : report.norms->histogram)
        counted += count;
    QCOMPARE(counted, Index{n});
    QVERIFY(report.norms->histogram.front() > 0 && report.norms->histogram.back() > 0);
}

void TestHealth::unitLengthIsSaid()
{
    Matrix m = normalMatrix(200, 6);
    for (Index i = 0; i < 200; ++i) {
        double square = 0;
        for (Index j = 0; j < 6; ++j)
            square += static_cast<double>(m(i, j)) * static_cast<double>(m(i, j));
        for (Index j = 0; j < 6; ++j)
            m(i, j) /= static_cast<float>(std::sqrt(square));
    }
    const HealthReport report = healthOf(std::move(m));
    QVERIFY(report.norms->areUnit);
    QVERIFY(finding(report, "unit-norms") != nullptr);
}

void TestHealth::oneLongRowIsFound()
{
    Matrix m = normalMatrix(100, 6);
    for (Index j = 0; j < 6; ++j)
        m(42, j) *= 1000;
    const HealthReport report = healthOf(std::move(m));
    QVERIFY(finding(report, "uneven-norms") != nullptr);
    QCOMPARE(finding(report, "uneven-norms")->rows.ids(), (std::vector<PointId>{42}));
}

void TestHealth::meanCosineIsThatOfAllPairs()
{
    Matrix m = skewed(120, 6);
    for (Index j = 0; j < 6; ++j)
        m(10, j) = 0; // Has no direction.
    double sum = 0;
    double squares = 0;
    double pairs = 0;
    for (Index a = 0; a < 120; ++a) {
        for (Index b = a + 1; b < 120; ++b) {
            if (a == 10 || b == 10)
                continue;
            const double value = cosine(m, a, b);
            sum += value;
            squares += value * value;
            ++pairs;
        }
    }
    const double mean = sum / pairs;
    const HealthReport report = healthOf(m.clone());
    QCOMPARE(static_cast<double>(report.cosinePairs), pairs);
    QVERIFY(std::abs(*report.meanCosine - mean) < 1e-9);
    QVERIFY(std::abs(*report.cosineSpread - std::sqrt(squares / pairs - mean * mean)) < 1e-7);
    QVERIFY(finding(report, "anisotropy") != nullptr);
    QCOMPARE(finding(report, "anisotropy")->severity, Severity::Warning);

    HealthOptions few;
    few.cosinePairs = 1000;
    const HealthReport sampled = healthOf(m.clone(), few);
    QCOMPARE(sampled.cosinePairs, Index{1000});
    QCOMPARE(*sampled.meanCosine, *report.meanCosine);
    QVERIFY(std::abs(*sampled.cosineSpread - *report.cosineSpread) < 0.2 * *report.cosineSpread);
}

void TestHealth::effectiveDimensionAgreesWithTheCovariance_data()
{
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("d");
    QTest::newRow("narrow") << 3000 << 12;
    QTest::newRow("wider than a tile") << 400 << 150;
    QTest::newRow("more dimensions than rows") << 30 << 170;
}

void TestHealth::effectiveDimensionAgreesWithTheCovariance()
{
    QFETCH(int, n);
    QFETCH(int, d);
    const Matrix m = skewed(n, d);
    const double expected = effectiveDimension(m);
    const HealthReport report = healthOf(m.clone());
    QCOMPARE(report.effectiveRows, Index{n});
    QVERIFY2(std::abs(*report.effectiveDimension - expected) < 1e-4 * expected,
        qPrintable(QString("%1 %2").arg(*report.effectiveDimension).arg(expected)));
}

void TestHealth::aSampleEstimatesItWithoutBias()
{
    // Fewer rows than dimensions: the covariance of the sample itself would say less than 60.
    const Matrix m = normalMatrix(4000, 90, 3);
    const double expected = effectiveDimension(m);
    QVERIFY(expected > 80);
    HealthOptions options;
    options.effectiveRows = 60;
    double sum = 0;
    constexpr int kSeeds = 20;
    for (int seed = 0; seed < kSeeds; ++seed) {
        options.seed = static_cast<std::uint64_t>(seed);
        const HealthReport report = healthOf(m.clone(), options);
        QCOMPARE(report.effectiveRows, Index{60});
        sum += *report.effectiveDimension / kSeeds;
    }
    QVERIFY2(std::abs(sum - expected) < 0.06 * expected, std::to_string(sum).c_str());
}

void TestHealth::squaredProductsAgreeEitherWay()
{
    // X X^T and X^T X have the same norm; a table and its transpose take the two ways.
    const Matrix m = normalMatrix(5000, 140, 9);
    auto allocated = Matrix::allocate(140, 5000);
    QVERIFY(allocated.ok());
    Matrix turned = std::move(allocated).value();
    for (Index i = 0; i < m.rows(); ++i)
        for (Index j = 0; j < m.columns(); ++j)
            turned(j, i) = m(i, j);
    const double byColumns = *sumOfSquaredProducts(m, {});
    const double byRows = *sumOfSquaredProducts(turned, {});
    QVERIFY(std::abs(byColumns - byRows) < 1e-5 * byRows);
}

void TestHealth::deadConstantAndDominantDimensions()
{
    Matrix m = normalMatrix(500, 40);
    for (Index i = 0; i < 500; ++i) {
        m(i, 3) = 0;
        m(i, 8) = -0.0F;
        m(i, 20) = 0.1F;
        m(i, 33) *= 100;
    }
    const HealthReport report = healthOf(std::move(m));
    QCOMPARE(report.deadDimensions, (std::vector<Index>{3, 8}));
    QCOMPARE(report.constantDimensions, (std::vector<Index>{20}));
    QCOMPARE(report.dominantDimensions, (std::vector<Index>{33}));
    QCOMPARE(finding(report, "dead-dimensions")->dimensions, (std::vector<Index>{3, 8}));
    QVERIFY(finding(report, "dominant-dimensions")->sentence.find("33") != std::string::npos);
    QVERIFY(finding(report, "low-dimension") != nullptr);
    double shares = 0;
    for (const double share : report.varianceShares)
        shares += share;
    QVERIFY(std::abs(shares - 1) < 1e-9);
}

void TestHealth::labelsRepeatedEmptyAndBroken()
{
    const auto dataset = labelled({"a", "b", "a", "-", " ", "x\xff", "c", "d", "a"});
    const HealthReport report = healthOf(*dataset);
    QCOMPARE(report.labels.repeats, Index{2});
    QCOMPARE(report.labels.empty, Index{2});
    QCOMPARE(report.labels.broken, Index{1});
    QCOMPARE(finding(report, "duplicate-labels")->rows.ids(), (std::vector<PointId>{0, 2, 8}));
    QCOMPARE(finding(report, "empty-labels")->rows.ids(), (std::vector<PointId>{3, 4}));
    QCOMPARE(finding(report, "broken-text")->rows.ids(), (std::vector<PointId>{5}));
}

void TestHealth::classesAreNoDuplicates()
{
    const HealthReport report = healthOf(*labelled({"cat", "dog", "cat", "dog", "cat", "dog"}));
    QCOMPARE(report.labels.repeats, Index{4});
    QVERIFY(finding(report, "duplicate-labels") == nullptr);
}

void TestHealth::whatTheReaderNoticedIsThere()
{
    const auto opened
        = openDataset(memorySource("5 2\na 1 2\nb 3 4\nc\xff 5 7\n", "v.vec"), {}, {});
    QVERIFY(opened.ok());
    const HealthReport report = healthOf(**opened);
    QVERIFY(finding(report, "header-mismatch") != nullptr);
    QVERIFY(finding(report, "header-mismatch")->sentence.find("promises 5") != std::string::npos);
    QVERIFY(finding(report, "broken-text") != nullptr);
    QVERIFY(finding(report, "file") == nullptr); // The same bytes are not told of twice.
    for (std::size_t i = 1; i < report.findings.size(); ++i)
        QVERIFY(report.findings[i].severity <= report.findings[i - 1].severity);
}

void TestHealth::degenerateTablesGiveAReport_data()
{
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("d");
    QTest::addColumn<float>("value");
    for (const float value : {0.0F, 1.0F, kNan, 3e38F}) {
        for (const int n : {1, 2, 3}) {
            for (const int d : {1, 20}) {
                QTest::addRow("%d x %d of %g", n, d, static_cast<double>(value)) << n << d << value;
            }
        }
    }
}

void TestHealth::degenerateTablesGiveAReport()
{
    QFETCH(int, n);
    QFETCH(int, d);
    QFETCH(float, value);
    Matrix m = Matrix::zeros(n, d);
    std::fill_n(m.data(), m.size(), value);
    const auto report = examineHealth(*datasetOf(std::move(m)), {}, {});
    QVERIFY(report.ok());
    QVERIFY(!report->effectiveDimension);
    QCOMPARE(report->norms.has_value(), !std::isnan(value));
    QCOMPARE(report->meanCosine.has_value(), n > 1 && value > 0);
    if (report->meanCosine)
        QVERIFY(std::abs(*report->meanCosine - 1) < 1e-9);
    for (const Finding& one : report->findings)
        QVERIFY(one.sentence.find("nan") == std::string::npos);
}

void TestHealth::threadsChangeNothing()
{
    Matrix m = skewed(20'000, 30);
    for (Index i = 0; i < 20'000; i += 37)
        std::copy_n(m.row(5), m.columns(), m.row(i));
    m(100, 3) = kNan;
    const auto dataset = datasetOf(std::move(m));
    HealthOptions options;
    options.effectiveRows = 9000; // Several pieces of the products.
    setThreadCount(1);
    const HealthReport one = healthOf(*dataset, options);
    setThreadCount(3);
    const HealthReport three = healthOf(*dataset, options);
    setThreadCount(0);
    QVERIFY(isSame(one, three));
}

void TestHealth::aStopEndsIt()
{
    std::stop_source source;
    source.request_stop();
    const auto stopped
        = examineHealth(*datasetOf(normalMatrix(100, 5)), {}, Progress(source.get_token()));
    QVERIFY(!stopped.ok());
    QCOMPARE(stopped.error().code, ErrorCode::Stopped);
    // At every stage that reports itself, it ends there.
    const auto dataset = datasetOf(normalMatrix(3000, 40));
    std::vector<std::string> stages;
    const Progress listening(std::stop_token(), [&](std::string_view stage, double) {
        if (stages.empty() || stages.back() != stage)
            stages.emplace_back(stage);
    });
    QVERIFY(examineHealth(*dataset, {}, listening).ok());
    QVERIFY(stages.size() > 3);
    stages.pop_back(); // "Examined"
    for (const std::string& stage : stages) {
        std::stop_source atStage;
        const Progress progress(atStage.get_token(), [&](std::string_view now, double) {
            if (now == stage)
                atStage.request_stop();
        });
        const auto result = examineHealth(*dataset, {}, progress);
        QVERIFY2(!result.ok(), stage.c_str());
    }
}

QTEST_APPLESS_MAIN(TestHealth)
#include "tst_health.moc"
