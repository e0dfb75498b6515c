#include "app/terminal_progress.h"

#include "core/base/text.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace embedscope::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kBeforeFirst = 300ms;
constexpr auto kBetween = 100ms;

} // namespace

TerminalProgress::TerminalProgress()
    : m_isTerminal(isatty(STDERR_FILENO) == 1)
    , m_next(std::chrono::steady_clock::now() + kBeforeFirst)
{
}

TerminalProgress::~TerminalProgress()
{
    clear();
}

Progress TerminalProgress::progress(std::stop_token stop)
{
    if (!m_isTerminal)
        return Progress(std::move(stop));
    return Progress(std::move(stop),
        [this](std::string_view stage, double fraction) { show(stage, fraction); });
}

void TerminalProgress::show(std::string_view stage, double fraction)
{
    const auto now = std::chrono::steady_clock::now();
    if (now < m_next)
        return;
    m_next = now + kBetween;
    m_isShown = true;
    const int percent = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 100);
    // Back to the start of the line, and clear to its end.
    const std::string line = "\r\x1b[K" + printable(stage) + "  " + std::to_string(percent) + " %";
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
}

void TerminalProgress::clear()
{
    if (!m_isShown)
        return;
    m_isShown = false;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
}

} // namespace embedscope::app
