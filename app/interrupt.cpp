#include "app/interrupt.h"

#include <pthread.h>

namespace embedscope::app {

namespace {

/// Ends the watching thread; never sent by anyone else.
constexpr int kFarewell = SIGUSR1;

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
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    if (!isIgnored(SIGHUP)) // nohup
        sigaddset(&m_signals, SIGHUP);
    sigaddset(&m_signals, kFarewell);
    pthread_sigmask(SIG_BLOCK, &m_signals, &m_before);

    // A signal handler may not call request_stop(); a thread that waits for the signal may.
    m_thread = std::thread([this] {
        int signal = 0;
        while (sigwait(&m_signals, &signal) == 0 && signal != kFarewell)
            m_stop.request_stop();
    });
}

InterruptWatch::~InterruptWatch()
{
    pthread_kill(m_thread.native_handle(), kFarewell);
    m_thread.join();
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

} // namespace embedscope::app
