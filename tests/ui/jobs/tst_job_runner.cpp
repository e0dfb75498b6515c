#include "ui/jobs/job_runner.h"

#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <memory>

using namespace embedscope;
using namespace embedscope::ui;

namespace {

/// Works until it is asked to stop, and says that it has begun.
Result<int> untilStopped(const JobContext& context, std::atomic<bool>& hasBegun, int value)
{
    hasBegun = true;
    while (!context.stopRequested())
        std::this_thread::yield();
    return value;
}

} // namespace

class TestJobRunner : public QObject
{
    Q_OBJECT

private slots:
    void resultsArriveOnTheMainThread()
    {
        JobRunner runner;
        std::thread::id worker;
        std::thread::id receiver;
        int value = 0;
        runner.run<int>(
            [&worker](const JobContext&) -> Result<int> {
                worker = std::this_thread::get_id();
                return 7;
            },
            [&](Result<int> result) {
                receiver = std::this_thread::get_id();
                value = *result;
            });
        QVERIFY(runner.isBusy());
        QTRY_COMPARE(value, 7);
        QVERIFY(!runner.isBusy());
        QCOMPARE(receiver, std::this_thread::get_id());
        QVERIFY(worker != receiver);
    }

    void theNewestWins()
    {
        JobRunner runner;
        std::vector<int> delivered;
        std::atomic<bool> hasBegun = false;
        const auto deliver = [&delivered](Result<int> result) { delivered.push_back(*result); };
        runner.run<int>(
            [&hasBegun](const JobContext& context) { return untilStopped(context, hasBegun, 1); },
            deliver);
        QTRY_VERIFY(hasBegun);
        std::atomic<bool> hasSecondRun = false;
        runner.run<int>(
            [&hasSecondRun](const JobContext&) -> Result<int> {
                hasSecondRun = true;
                return 2;
            },
            deliver);
        runner.run<int>([](const JobContext&) -> Result<int> { return 3; }, deliver);
        QTRY_VERIFY(!runner.isBusy());
        QCoreApplication::processEvents();
        QCOMPARE(delivered, std::vector<int>{3});
    }

    void stopDeliversWhatWasReached()
    {
        JobRunner runner;
        std::atomic<bool> hasBegun = false;
        int value = 0;
        runner.run<int>(
            [&hasBegun](const JobContext& context) { return untilStopped(context, hasBegun, 42); },
            [&value](Result<int> result) { value = *result; });
        QTRY_VERIFY(hasBegun);
        runner.stop();
        QTRY_COMPARE(value, 42);
        QVERIFY(!runner.isBusy());
    }

    void discardDropsTheResult()
    {
        JobRunner runner;
        std::atomic<bool> hasBegun = false;
        bool isDelivered = false;
        runner.run<int>(
            [&hasBegun](const JobContext& context) { return untilStopped(context, hasBegun, 1); },
            [&isDelivered](const Result<int>&) { isDelivered = true; });
        QTRY_VERIFY(hasBegun);
        runner.discard();
        QVERIFY(!runner.isBusy());
        // A job after it is delivered, so anything of the first would have been by then.
        int value = 0;
        runner.run<int>([](const JobContext&) -> Result<int> { return 5; },
            [&value](Result<int> result) { value = *result; });
        QTRY_COMPARE(value, 5);
        QVERIFY(!isDelivered);
    }

    void destructorJoinsWhileBusy()
    {
        std::atomic<bool> hasBegun = false;
        std::atomic<bool> hasEnded = false;
        bool isDelivered = false;
        {
            JobRunner runner;
            runner.run<int>(
                [&](const JobContext& context) {
                    auto result = untilStopped(context, hasBegun, 1);
                    hasEnded = true;
                    return result;
                },
                [&isDelivered](const Result<int>&) { isDelivered = true; });
            QTRY_VERIFY(hasBegun);
        }
        QVERIFY(hasEnded);
        QCoreApplication::processEvents();
        QVERIFY(!isDelivered);
    }

    void aJobThatIsStillWaitingDiesWithItsRunner()
    {
        std::atomic<bool> hasBegun = false;
        std::atomic<bool> hasSecondRun = false;
        const auto token = std::make_shared<int>(0);
        {
            JobRunner runner;
            runner.run<int>(
                [&](const JobContext& context) { return untilStopped(context, hasBegun, 1); },
                [](const Result<int>&) {});
            QTRY_VERIFY(hasBegun);
            runner.run<int>(
                [&hasSecondRun, token](const JobContext&) -> Result<int> {
                    hasSecondRun = true;
                    return *token;
                },
                [](const Result<int>&) {});
        }
        // Whether it began before the destructor is a matter of luck; that it is gone is not.
        QCOMPARE(token.use_count(), 1);
    }

    void lackOfMemoryIsAnError()
    {
        JobRunner runner;
        std::optional<Error> error;
        runner.run<int>([](const JobContext&) -> Result<int> { throw std::bad_alloc(); },
            [&error](const Result<int>& result) { error = result.error(); });
        QTRY_VERIFY(error.has_value());
        QCOMPARE(error->code, ErrorCode::OutOfMemory);
        QVERIFY(!describe(*error).empty());
    }

    void theLastReportAlwaysComes()
    {
        JobRunner runner;
        QSignalSpy progressed(&runner, &JobRunner::progressed);
        bool isDone = false;
        constexpr int kReports = 10'000;
        runner.run<int>(
            [](const JobContext& context) -> Result<int> {
                for (int i = 1; i <= kReports; ++i)
                    context.progress().report("Counting", static_cast<double>(i) / kReports);
                return 0;
            },
            [&isDone](const Result<int>&) { isDone = true; });
        QTRY_VERIFY(isDone);
        QVERIFY(!progressed.isEmpty());
        QVERIFY(progressed.size() < kReports / 2);
        QCOMPARE(progressed.last().at(0).toString(), QStringLiteral("Counting"));
        QCOMPARE(progressed.last().at(1).toDouble(), 1.0);
    }

    void publishedThingsComeBeforeTheResult()
    {
        JobRunner runner;
        std::vector<int> order;
        runner.run<int>(
            [&order](const JobContext& context) -> Result<int> {
                context.publish([&order] { order.push_back(1); });
                context.publish([&order] { order.push_back(2); });
                return 3;
            },
            [&order](Result<int> result) { order.push_back(*result); });
        QTRY_COMPARE(order, (std::vector<int>{1, 2, 3}));
    }

    void busyIsAnnouncedOncePerChange()
    {
        JobRunner runner;
        QSignalSpy busy(&runner, &JobRunner::busyChanged);
        for (int i = 0; i < 3; ++i)
            runner.run<int>(
                [](const JobContext&) -> Result<int> { return 0; }, [](const Result<int>&) {});
        QTRY_VERIFY(!runner.isBusy());
        QCOMPARE(busy.size(), 2);
        QCOMPARE(busy[0][0].toBool(), true);
        QCOMPARE(busy[1][0].toBool(), false);
    }
};

QTEST_GUILESS_MAIN(TestJobRunner)
#include "tst_job_runner.moc"
