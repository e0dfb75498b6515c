#include "tests/support/test_data.h"
#include "tests/support/ui_test.h"
#include "ui/workspace/live_values.h"
#include "ui/workspace/run_estimates.h"
#include "ui/workspace/run_speed.h"

#include <QTest>
#include <cmath>

using namespace embedscope;
using namespace embedscope::ui;

class TestRunTime : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::IsolatedSettings> m_settings;

private slots:
    void init() { m_settings = std::make_unique<test::IsolatedSettings>(); }

    void theSpeedIsThatOfLate()
    {
        RunSpeed speed;
        QVERIFY(!speed.secondsUntil(1000));
        speed.record(0, 3);
        QVERIFY(!speed.secondsPerIteration());
        speed.record(10, 4);
        QCOMPARE(*speed.secondsPerIteration(), 0.1);
        QCOMPARE(*speed.secondsUntil(110), 10.0);
        QVERIFY(!speed.secondsUntil(5)); // It has been passed.
        // Ten times slower from here on: believed after a while, never overshot.
        double last = 0.1;
        for (int i = 1; i <= 30; ++i) {
            speed.record(10 + i, 4 + i);
            QVERIFY(*speed.secondsPerIteration() > last && *speed.secondsPerIteration() <= 1);
            last = *speed.secondsPerIteration();
        }
        QVERIFY(std::abs(last - 1) < 0.01);
        speed.record(40, 34); // Nothing new.
        QCOMPARE(*speed.secondsPerIteration(), last);
        speed.clear();
        QVERIFY(!speed.secondsPerIteration());
    }

    void earlierRunsTellHowFastTheMachineIs()
    {
        RunEstimates estimates;
        QCOMPARE(estimates.ratio("tsne"), 1.0);
        estimates.learn("tsne", 10, 30);
        QVERIFY(std::abs(estimates.ratio("tsne") - 3) < 1e-9);
        QCOMPARE(estimates.ratio("pca"), 1.0); // Of its own method alone.
        estimates.learn("tsne", 10, 10);
        QVERIFY(estimates.ratio("tsne") < 3 && estimates.ratio("tsne") > 1);
        // Kept, and not disturbed by what says nothing.
        const double known = RunEstimates().ratio("tsne");
        estimates.learn("tsne", 1e-4, 0.01);
        estimates.learn("tsne", 0, 5);
        estimates.learn("tsne", 10, std::nan(""));
        QCOMPARE(RunEstimates().ratio("tsne"), known);
        estimates.learn("umap", 1, 1e9);
        QVERIFY(estimates.ratio("umap") <= 100);
    }

    void whatCannotRunHasNoEstimate()
    {
        const auto dataset = test::blobDataset(50, 4, 2);
        ProjectionRequest request;
        const auto seconds = RunEstimates().seconds(*dataset, request);
        QVERIFY(seconds && *seconds > 0);
        RunEstimates().learn("pca", 1, 7);
        QVERIFY(std::abs(*RunEstimates().seconds(*dataset, request) / *seconds - 7) < 1e-6);
        request.parameters = {{"no_such_thing", 1.0}};
        QVERIFY(!RunEstimates().seconds(*dataset, request));
    }

    void theNewestLiveValueWins()
    {
        LiveValues values;
        QVERIFY(values.take().empty());
        values.post("a", 1.0);
        values.post("b", std::int64_t(2));
        values.post("a", 3.0);
        const ParameterValues taken = values.take();
        QCOMPARE(taken.size(), std::size_t(2));
        QVERIFY(*findValue(taken, "a") == ParameterValue(3.0));
        QVERIFY(*findValue(taken, "b") == ParameterValue(std::int64_t(2)));
        QVERIFY(values.take().empty());
    }
};

QTEST_GUILESS_MAIN(TestRunTime)
#include "tst_run_time.moc"
