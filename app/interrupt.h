#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace embedscope::app {

/// While it lives, an interrupt from the keyboard or a request to end (SIGINT, SIGTERM, and SIGHUP
/// unless it was ignored at the start) does not kill the process but asks the work to stop, so that
/// it can clean up behind itself. Make it before any other thread: threads inherit its blocked
/// signals.
class InterruptWatch
{
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    sigset_t m_signals{};
    sigset_t m_before{};
    std::thread m_thread;
};

} // namespace embedscope::app
