#include "app/interrupt.h"

#include <cerrno>
#include <semaphore.h>

namespace embedscope::app {

namespace {

/// What a signal handler may touch: posting a semaphore is among the few things it may do. Handlers
/// are the process's, and so is this.
sem_t arrivals;

void note(int /*signal*/)
{
    const int before = errno;
    sem_post(&arrivals);
    errno = before;
}

bool isIgnored(int signal)
{
    struct sigaction action
    {
    };
    return sigaction(signal, nullptr, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0
        && action.sa_handler == SIG_IGN;
}

} // namespace

InterruptWatch::InterruptWatch()
{
    sem_init(&arrivals, 0, 0);
    // A handler may not call request_stop(); a thread that it wakes may.
    m_thread = std::thread([this] {
        for (;;) {
            while (sem_wait(&arrivals) != 0) { // EINTR
            }
            if (m_isOver)
                return;
            m_stop.request_stop();
        }
    });

    // Handlers rather than blocked signals: a library may have started threads before main(), and
    // they would not inherit the block.
    struct sigaction action
    {
    };
    action.sa_handler = note;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        const bool isForNohup = kSignals[i] == SIGHUP && isIgnored(SIGHUP);
        if (!isForNohup)
            sigaction(kSignals[i], &action, &m_before[i]);
        else
            sigaction(kSignals[i], nullptr, &m_before[i]);
    }
}

InterruptWatch::~InterruptWatch()
{
    for (std::size_t i = 0; i < kSignals.size(); ++i)
        sigaction(kSignals[i], &m_before[i], nullptr);
    m_isOver = true;
    sem_post(&arrivals);
    m_thread.join();
    sem_destroy(&arrivals);
}

} // namespace embedscope::app
