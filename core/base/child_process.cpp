#include "core/base/child_process.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace embedscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPollMs = 20;
constexpr int kPipeBytes = 1 << 20;
/// Above every number that a child is given, so that none overwrites another.
constexpr int kLowestOwn = 32;

/// A descriptor that closes itself.
class Descriptor
{
public:
    Descriptor() = default;
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_number; }
    int release() { return std::exchange(m_number, -1); }
    void reset(int number = -1)
    {
        if (m_number >= 0)
            ::close(m_number);
        m_number = number;
    }
    /// Moves it to a number that no child is given.
    bool lift()
    {
        const int high = ::fcntl(m_number, F_DUPFD_CLOEXEC, kLowestOwn);
        reset(high);
        return high >= 0;
    }

private:
    int m_number = -1;
};

Error refused(const std::string& program, int code)
{
    return Error{code == ENOENT ? ErrorCode::NotFound : ErrorCode::Unreadable,
        "the program could not be started: " + std::generic_category().message(code), program, {},
        {}};
}

/// Both ends are closed in every program started meanwhile by another thread.
bool openPipe(Descriptor& reading, Descriptor& writing)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return false;
    reading.reset(ends[0]);
    writing.reset(ends[1]);
#if defined(F_SETPIPE_SZ)
    ::fcntl(ends[1], F_SETPIPE_SZ, kPipeBytes); // Fewer, larger exchanges; refused is no fault.
#endif
    return reading.lift() && writing.lift();
}

/// A socket rather than a pipe, because writing to one whose reader is gone can be made an error
/// instead of a signal.
bool openSocket(Descriptor& ours, Descriptor& theirs)
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
    return ours.lift() && theirs.lift();
}

/// What posix_spawn is told, freed at the end.
struct SpawnSettings
{
    SpawnSettings()
    {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
    }
    ~SpawnSettings()
    {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;

    /// No signal is blocked or ignored, and a process group of its own: an interrupt at the
    /// terminal is ours to pass on.
    int setSignals()
    {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setpgroup(&attributes, 0);
        return posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
};

std::vector<std::string> bareEnvironment()
{
    std::vector<std::string> environment{"LC_ALL=C"};
    // Where libraries lie is said by whoever set up this process; it holds for the child as well.
    if (const char* libraries = std::getenv("LD_LIBRARY_PATH"))
        environment.push_back(std::string("LD_LIBRARY_PATH=") + libraries);
    return environment;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// Processor time that the process has used; zero where that cannot be asked.
std::chrono::nanoseconds processorTime(pid_t id)
{
    clockid_t clock = 0;
    timespec time{};
    if (clock_getcpuclockid(id, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

Result<ChildProcess> ChildProcess::start(const ChildCommand& command)
{
    Descriptor input;
    Descriptor childInput;
    Descriptor output;
    Descriptor childOutput;
    if (!openSocket(input, childInput) || !openPipe(output, childOutput))
        return refused(command.program, errno);

    SpawnSettings settings;
    int lowest = STDERR_FILENO + 1;
    auto* const actions = &settings.actions;
    int fault = settings.setSignals();
    const auto give = [&](int ours, int theirs) {
        if (fault == 0)
            fault = posix_spawn_file_actions_adddup2(actions, ours, theirs);
    };
    give(childInput.get(), STDIN_FILENO);
    give(childOutput.get(), STDOUT_FILENO);
    if (fault == 0) {
        fault = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }
    std::vector<Descriptor> lifted(command.descriptors.size());
    for (std::size_t i = 0; i < lifted.size(); ++i) {
        lifted[i].reset(::fcntl(command.descriptors[i].first, F_DUPFD_CLOEXEC, kLowestOwn));
        if (lifted[i].get() < 0)
            return refused(command.program, errno);
        give(lifted[i].get(), command.descriptors[i].second);
        lowest = std::max(lowest, command.descriptors[i].second + 1);
    }
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    // Ours close themselves; this is for what a library may have left open.
    if (fault == 0)
        fault = posix_spawn_file_actions_addclosefrom_np(actions, lowest);
#endif

    std::vector<std::string> arguments{command.program};
    arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
    std::vector<std::string> environment = bareEnvironment();
    ChildProcess child;
    if (fault == 0) {
        fault = posix_spawn(&child.m_id, command.program.c_str(), actions, &settings.attributes,
            pointersTo(arguments).data(), pointersTo(environment).data());
    }
    if (fault != 0) {
        child.m_id = -1;
        return refused(command.program, fault);
    }
    child.m_input = input.release();
    child.m_output = output.release();
    return child;
}

ChildProcess::~ChildProcess()
{
    end();
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : m_id(std::exchange(other.m_id, -1))
    , m_input(std::exchange(other.m_input, -1))
    , m_output(std::exchange(other.m_output, -1))
{
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept
{
    if (this != &other) {
        end();
        m_id = std::exchange(other.m_id, -1);
        m_input = std::exchange(other.m_input, -1);
        m_output = std::exchange(other.m_output, -1);
    }
    return *this;
}

void ChildProcess::end()
{
    if (m_input >= 0)
        ::close(m_input);
    if (m_output >= 0)
        ::close(m_output);
    m_input = m_output = -1;
    if (m_id > 0) {
        // Its whole group, with what it may have started; it has nothing to put in order.
        ::kill(-m_id, SIGKILL);
        while (::waitpid(m_id, nullptr, 0) < 0 && errno == EINTR) { }
    }
    m_id = -1;
}

bool ChildProcess::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto done = ::send(m_input, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

ChildEvent ChildProcess::read(std::span<std::byte> into, std::size_t& count,
    const ChildPatience& patience, const Progress& progress)
{
    count = 0;
    const auto began = Clock::now();
    std::chrono::nanoseconds used{-1};
    while (true) {
        if (progress.stopRequested())
            return ChildEvent::Stopped;
        pollfd wanted{m_output, POLLIN, 0};
        const int ready = ::poll(&wanted, 1, kPollMs);
        if (ready > 0) {
            const auto got = ::read(m_output, into.data(), into.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return ChildEvent::Ended;
            count = static_cast<std::size_t>(got);
            return ChildEvent::Data;
        }
        const auto now = processorTime(m_id);
        if (used.count() < 0)
            used = now;
        if (Clock::now() - began >= patience.clock || now - used >= patience.processor)
            return ChildEvent::Stalled;
    }
}

} // namespace embedscope
