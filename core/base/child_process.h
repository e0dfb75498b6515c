#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace embedscope {

/// What is to be run. The program is started by posix_spawn: this process is never forked. It gets
/// a pipe for its output, a socket for its input, the descriptors named here and no others, an
/// almost empty environment; what it writes to its standard error is not shown.
struct ChildCommand
{
    std::string program; ///< A path; PATH is never searched.
    std::vector<std::string> arguments; ///< Without the program itself.
    /// Open descriptors of ours and the numbers (3 or above) under which the child finds them.
    std::vector<std::pair<int, int>> descriptors;
};

/// How long a child may go without a byte before it is given up: by the clock, and by the
/// processor time it uses meanwhile, which does not count what it waits for a disk.
struct ChildPatience
{
    std::chrono::milliseconds clock;
    std::chrono::milliseconds processor;
};

enum class ChildEvent
{
    Data, ///< Bytes were read.
    Ended, ///< It closed its output, or ended, or crashed.
    Stalled, ///< Patience ran out. The caller decides; the destructor ends it.
    Stopped, ///< progress asks to stop.
};

/// A program that runs beside this one and is ended with it: the destructor kills it where it still
/// runs, and waits for it. Thread: one at a time, and the one that started it must outlive it.
class ChildProcess
{
public:
    /// NotFound where there is no such program, Unreadable where it cannot be run.
    static Result<ChildProcess> start(const ChildCommand& command);

    ~ChildProcess();
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;

    /// Writes to its input; false where it takes no more. For little: what does not fit into the
    /// socket's buffer (at least 64 KiB) is refused.
    bool send(std::string_view bytes);

    /// Waits for its output and reads what is there, at most into.size() bytes. A stop is answered
    /// within 20 ms.
    ChildEvent read(std::span<std::byte> into, std::size_t& count, const ChildPatience& patience,
        const Progress& progress);

    pid_t id() const { return m_id; }

private:
    ChildProcess() = default;
    void end();

    pid_t m_id = -1;
    int m_input = -1;
    int m_output = -1;
};

} // namespace embedscope
