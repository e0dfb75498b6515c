#include "core/base/parallel.h"

#include <QTest>
#include <atomic>
#include <new>
#include <numeric>
#include <thread>
#include <vector>

using namespace embedscope;

class TestParallel : public QObject
{
    Q_OBJECT

private slots:
    void everyItemIsVisitedOnce();
    void blocksDoNotDependOnTheThreadCount();
    void badAllocIsPassedOn();
    void loopsNest();
    void twoThreadsMayLoopAtOnce();
};

void TestParallel::everyItemIsVisitedOnce()
{
    for (const Index n : {0, 1, 7, 100, 1001}) {
        std::vector<std::atomic<int>> visits(static_cast<std::size_t>(n));
        parallelBlocks(n, 10, [&](Index block, Index begin, Index end) {
            QCOMPARE(begin, block * 10);
            for (Index i = begin; i < end; ++i)
                ++visits[static_cast<std::size_t>(i)];
        });
        for (const auto& count : visits)
            QCOMPARE(count.load(), 1);
    }
}

void TestParallel::blocksDoNotDependOnTheThreadCount()
{
    const auto sums = [](int threads) {
        setThreadCount(threads);
        std::vector<float> parts(static_cast<std::size_t>(blockCount(10000, 128)));
        parallelBlocks(10000, 128, [&](Index block, Index begin, Index end) {
            for (Index i = begin; i < end; ++i)
                parts[static_cast<std::size_t>(block)] += 1.0F / static_cast<float>(i + 1);
        });
        setThreadCount(0);
        return std::accumulate(parts.begin(), parts.end(), 0.0F);
    };
    QCOMPARE(sums(1), sums(2));
    QCOMPARE(sums(1), sums(5));
}

void TestParallel::badAllocIsPassedOn()
{
    setThreadCount(2);
    QVERIFY_EXCEPTION_THROWN(
        parallelBlocks(100, 1,
            [](Index block, Index, Index) {
                if (block == 50)
                    throw std::bad_alloc();
            }),
        std::bad_alloc);
    setThreadCount(0);
}

void TestParallel::loopsNest()
{
    std::atomic<Index> total{0};
    parallelBlocks(8, 1, [&](Index, Index, Index) {
        parallelBlocks(100, 7, [&](Index, Index begin, Index end) { total += end - begin; });
    });
    QCOMPARE(total.load(), Index{800});
}

void TestParallel::twoThreadsMayLoopAtOnce()
{
    std::atomic<Index> total{0};
    const auto loop = [&] {
        for (int i = 0; i < 50; ++i)
            parallelBlocks(100, 9, [&](Index, Index begin, Index end) { total += end - begin; });
    };
    {
        const std::jthread other(loop);
        const PriorityScope scope(WorkPriority::Interactive);
        loop();
    }
    QCOMPARE(total.load(), Index{10000});
}

QTEST_APPLESS_MAIN(TestParallel)
#include "tst_parallel.moc"
