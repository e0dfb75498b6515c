#include "helpers/hdf5/confinement.h"

#include <csignal>
#include <sys/resource.h>

#if defined(__linux__)
#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace embedscope::hdf5 {

namespace {

bool limit(int resource, rlim_t most)
{
    const rlimit both{most, most};
    return setrlimit(static_cast<__rlimit_resource_t>(resource), &both) == 0;
}

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

constexpr sock_filter statement(std::uint16_t code, std::uint32_t value)
{
    return {code, 0, 0, value};
}

constexpr sock_filter jump(std::uint32_t value, std::uint8_t ifEqual, std::uint8_t otherwise)
{
    return {BPF_JMP | BPF_JEQ | BPF_K, ifEqual, otherwise, value};
}

/// What the C library and HDF5 need to read an open file and to answer.
constexpr auto kAllowed = std::to_array<std::uint32_t>({__NR_read, __NR_pread64, __NR_readv,
    __NR_write, __NR_writev, __NR_lseek, __NR_close, __NR_fstat, __NR_newfstatat, __NR_brk,
    __NR_mmap, __NR_munmap, __NR_mremap, __NR_mprotect, __NR_madvise, __NR_futex, __NR_rt_sigreturn,
    __NR_rt_sigaction, __NR_rt_sigprocmask, __NR_sigaltstack, __NR_clock_gettime, __NR_gettimeofday,
    __NR_getpid, __NR_gettid, __NR_tgkill, __NR_getrandom, __NR_getrusage, __NR_sched_yield,
    __NR_restart_syscall, __NR_exit, __NR_exit_group});

/// Everything else is answered with "not permitted"; calls of another architecture end the process.
bool forbidOtherCalls()
{
    constexpr std::size_t kHead = 4;
    constexpr std::size_t kTail = 2;
    std::array<sock_filter, kHead + kAllowed.size() + kTail> program;
    std::size_t at = 0;
    program[at++] = statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
    program[at++] = jump(kArchitecture, 1, 0);
    program[at++] = statement(BPF_RET | BPF_K, SECCOMP_RET_KILL);
    program[at++] = statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
    for (std::size_t i = 0; i < kAllowed.size(); ++i)
        program[at++] = jump(kAllowed[i], static_cast<std::uint8_t>(kAllowed.size() - i), 0);
    program[at++] = statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    program[at++] = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

#else

bool forbidOtherCalls()
{
    return true;
}

#endif

} // namespace

bool confine(std::uint64_t memoryBytes)
{
    if (!limit(RLIMIT_AS, memoryBytes) || !limit(RLIMIT_DATA, memoryBytes)
        || !limit(RLIMIT_CORE, 0))
        return false;
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL); // Nothing is left behind where Embedscope is ended.
#endif
    // A kernel without seccomp still leaves a process that was given nothing but the file.
    forbidOtherCalls();
    return true;
}

} // namespace embedscope::hdf5
