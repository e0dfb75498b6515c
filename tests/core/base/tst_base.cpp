#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/base/random.h"
#include "core/base/result.h"

#include <QTest>
#include <cmath>
#include <memory>

using namespace embedscope;

class TestBase : public QObject
{
    Q_OBJECT

private slots:
    void errorsAreOneHarmlessSentence();
    void tryPassesTheErrorOn();
    void progressNeverRunsBackwards();
    void stopIsSeen();
    void randomNumbersAreTheSameEverywhere();
    void samplesAreDistinctAndSorted();
    void normalNumbersHaveUnitVariance();
};

void TestBase::errorsAreOneHarmlessSentence()
{
    QCOMPARE(describe({ErrorCode::Malformed, "the header is broken", "a.npy", 12, {}}),
        std::string("a.npy: the header is broken (byte 12)."));
    QCOMPARE(describe({ErrorCode::Malformed, "is it whole?", "a\x1b.csv", {}, {}}),
        std::string("a .csv: is it whole?"));
}

namespace {

Result<int> half(int value)
{
    if (value % 2 != 0)
        return Error{ErrorCode::InvalidArgument, "odd", {}, {}, {}};
    return value / 2;
}

Result<std::unique_ptr<int>> quarter(int value)
{
    EMBEDSCOPE_TRY_ASSIGN(const int h, half(value));
    EMBEDSCOPE_TRY(half(h));
    return std::make_unique<int>(h / 2);
}

} // namespace

void TestBase::tryPassesTheErrorOn()
{
    QCOMPARE(**quarter(8), 2);
    QVERIFY(!quarter(6));
    QCOMPARE(quarter(7).error().detail, std::string("odd"));
}

void TestBase::progressNeverRunsBackwards()
{
    std::vector<double> seen;
    const Progress progress({}, [&](std::string_view, double f) { seen.push_back(f); });
    const Progress second = progress.part(0.5, 1);
    second.report("b", 0.5);
    progress.part(0, 0.5).report("a", 1);
    second.report("b", 2);
    QCOMPARE(seen, (std::vector<double>{0.75, 0.75, 1}));
}

void TestBase::stopIsSeen()
{
    std::stop_source source;
    const Progress inner = Progress(source.get_token()).part(0, 0.5);
    QVERIFY(!inner.stopRequested());
    source.request_stop();
    QVERIFY(inner.stopRequested());
    QVERIFY(!Progress().stopRequested());
}

void TestBase::randomNumbersAreTheSameEverywhere()
{
    // mt19937_64's 10,000th number from the default seed stands in the C++ standard.
    Random random(5489);
    for (int i = 1; i < 10000; ++i)
        random.next();
    QCOMPARE(random.next(), std::uint64_t{9981545732273789042U});
}

void TestBase::samplesAreDistinctAndSorted()
{
    Random random(3);
    for (const Index count : {0, 1, 50, 99, 100, 500}) {
        const auto ids = random.sample(100, count);
        QCOMPARE(static_cast<Index>(ids.size()), std::min<Index>(count, 100));
        for (std::size_t i = 1; i < ids.size(); ++i)
            QVERIFY(ids[i - 1] < ids[i]);
        QVERIFY(ids.empty() || ids.back() < 100);
    }
}

void TestBase::normalNumbersHaveUnitVariance()
{
    Random random(1);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 100000; ++i) {
        const double x = random.normal();
        sum += x;
        squares += x * x;
    }
    QVERIFY(std::abs(sum / 1e5) < 0.02);
    QVERIFY(std::abs(squares / 1e5 - 1) < 0.02);
}

QTEST_APPLESS_MAIN(TestBase)
#include "tst_base.moc"
