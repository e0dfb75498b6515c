#pragma once

#include "core/base/index.h"

#include <functional>

namespace embedscope {

/// Parallel loops over fixed blocks. Blocks depend on n and blockSize alone, never on the number
/// of threads, so a sum taken per block and added in block order gives the same bytes on one
/// thread or sixteen. The only file that knows oneTBB.

/// Number of threads that loops use, the calling one included. Follows the process's CPU affinity
/// until setThreadCount() says otherwise.
int threadCount();

/// count >= 1; 0 returns to the processor affinity. Call it before work starts.
void setThreadCount(int count);

/// Lets the calling thread give way to others of the process when processors are short: for threads
/// that compute in the background of a window. Threads that loops borrow give way too from then on.
/// Cannot be taken back. Does nothing where the system has no such notion for single threads.
void giveWayToForeground();

/// Which work goes first when there are more tasks than processors: drawing before computing.
enum class WorkPriority
{
    Compute,
    Interactive,
};

/// While it lives, parallel loops started from this thread run with the given priority.
class PriorityScope
{
public:
    explicit PriorityScope(WorkPriority priority);
    ~PriorityScope();
    PriorityScope(const PriorityScope&) = delete;
    PriorityScope& operator=(const PriorityScope&) = delete;

private:
    WorkPriority m_previous;
};

/// Number of blocks that parallelBlocks() makes of n items.
constexpr Index blockCount(Index n, Index blockSize)
{
    return n <= 0 ? 0 : (n + blockSize - 1) / blockSize;
}

/// Calls body(block, begin, end) once for each block of [0, n), on several threads, and returns
/// when all are done. body must not throw, apart from std::bad_alloc, which is passed on.
/// Keep a block under about 5 ms of work, so that drawing gets its turn.
void parallelBlocks(
    Index n, Index blockSize, const std::function<void(Index block, Index begin, Index end)>& body);

} // namespace embedscope
