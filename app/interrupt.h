#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace embedscope::app {

/// While it lives, an interrupt from the keyboard or a request to end (SIGINT, SIGTERM, and SIGHUP
/// unless it was ignored at the start) does not kill the process but asks the work to stop, so that
/// it can clean up behind itself. One at a time.
class InterruptWatch
{
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }

private:
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

    std::stop_source m_stop;
    std::atomic<bool> m_isOver = false;
    std::array<struct sigaction, kSignals.size()> m_before{};
    std::thread m_thread;
};

} // namespace embedscope::app
