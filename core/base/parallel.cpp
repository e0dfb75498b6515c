#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#include <sys/resource.h>
#endif
#if !defined(EMBEDSCOPE_STD_THREADS)
#include <memory>
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_scheduler_observer.h>
#endif

namespace embedscope {

namespace {

int affinityThreadCount()
{
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return std::max(1, CPU_COUNT(&set));
#endif
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::atomic<int> requestedThreads{0};
thread_local WorkPriority currentPriority = WorkPriority::Compute;
std::atomic<bool> workersGiveWay{false};

void lowerOwnPriority()
{
#if defined(__linux__)
    thread_local bool isLowered = false;
    if (isLowered)
        return;
    isLowered = true;
    // On Linux, who = 0 is the calling thread alone. A refusal costs fluency, nothing else.
    constexpr int kNiceness = 10;
    setpriority(PRIO_PROCESS, 0, kNiceness);
#endif
}

} // namespace

int threadCount()
{
    static const int byAffinity = affinityThreadCount();
    const int requested = requestedThreads.load(std::memory_order_relaxed);
    return requested > 0 ? requested : byAffinity;
}

void giveWayToForeground()
{
    workersGiveWay = true;
    lowerOwnPriority();
}

PriorityScope::PriorityScope(WorkPriority priority)
    : m_previous(currentPriority)
{
    currentPriority = priority;
}

PriorityScope::~PriorityScope()
{
    currentPriority = m_previous;
}

#if defined(EMBEDSCOPE_STD_THREADS)

void setThreadCount(int count)
{
    requestedThreads = std::max(0, count);
}

void parallelBlocks(Index n, Index blockSize, const std::function<void(Index, Index, Index)>& body)
{
    const Index blocks = blockCount(n, blockSize);
    const int threads = static_cast<int>(std::min<Index>(threadCount(), blocks));
    std::atomic<Index> next{0};
    std::exception_ptr failure;
    std::mutex failureMutex;
    const auto work = [&] {
        try {
            for (Index b = next++; b < blocks; b = next++)
                body(b, b * blockSize, std::min(n, (b + 1) * blockSize));
        } catch (...) {
            const std::lock_guard lock(failureMutex);
            failure = std::current_exception();
        }
    };
    std::vector<std::jthread> others;
    for (int t = 1; t < threads; ++t)
        others.emplace_back(work);
    work();
    others.clear();
    if (failure)
        std::rethrow_exception(failure);
}

#else

namespace {

/// Lowers the threads that come to work in an arena, once that has been asked for.
class GiveWay : public tbb::task_scheduler_observer
{
public:
    explicit GiveWay(tbb::task_arena& arena)
        : tbb::task_scheduler_observer(arena)
    {
        observe(true);
    }
    ~GiveWay() override { observe(false); }
    void on_scheduler_entry(bool isWorker) override
    {
        if (isWorker && workersGiveWay.load(std::memory_order_relaxed))
            lowerOwnPriority();
    }
};

/// An arena with its observer, which must go first.
struct Arena
{
    tbb::task_arena tasks;
    GiveWay giveWay;

    explicit Arena(WorkPriority priority)
        : tasks(threadCount(), 1U,
            priority == WorkPriority::Interactive ? tbb::task_arena::priority::high
                                                  : tbb::task_arena::priority::low)
        , giveWay(tasks)
    {
    }
};

/// One arena a priority; made again when the thread count changes. shared_ptr, so that a loop
/// that still runs keeps the arena it started in.
struct Arenas
{
    std::mutex mutex;
    std::shared_ptr<Arena> compute;
    std::shared_ptr<Arena> interactive;
    /// Lets more threads run than there are processors, where that was asked for.
    std::unique_ptr<tbb::global_control> limit;

    std::shared_ptr<Arena> get(WorkPriority priority)
    {
        const std::lock_guard lock(mutex);
        auto& arena = priority == WorkPriority::Interactive ? interactive : compute;
        if (!arena)
            arena = std::make_shared<Arena>(priority);
        return arena;
    }
};

Arenas& arenas()
{
    static auto* const instance = new Arenas; // Outlives threads that run at exit.
    return *instance;
}

} // namespace

void setThreadCount(int count)
{
    requestedThreads = std::max(0, count);
    const std::lock_guard lock(arenas().mutex);
    arenas().compute.reset();
    arenas().interactive.reset();
    arenas().limit = std::make_unique<tbb::global_control>(
        tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threadCount()));
}

void parallelBlocks(Index n, Index blockSize, const std::function<void(Index, Index, Index)>& body)
{
    const Index blocks = blockCount(n, blockSize);
    if (blocks == 0)
        return;
    if (blocks == 1 || threadCount() == 1) {
        for (Index b = 0; b < blocks; ++b)
            body(b, b * blockSize, std::min(n, (b + 1) * blockSize));
        return;
    }
    const auto arena = arenas().get(currentPriority);
    const WorkPriority priority = currentPriority;
    arena->tasks.execute([&] {
        tbb::parallel_for(
            tbb::blocked_range<Index>(0, blocks, 1),
            [&](const tbb::blocked_range<Index>& range) {
                const PriorityScope scope(priority);
                for (Index b = range.begin(); b < range.end(); ++b)
                    body(b, b * blockSize, std::min(n, (b + 1) * blockSize));
            },
            tbb::simple_partitioner());
    });
}

#endif

} // namespace embedscope
