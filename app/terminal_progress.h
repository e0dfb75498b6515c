#pragma once

#include "core/base/progress.h"

#include <chrono>
#include <stop_token>
#include <string>

namespace embedscope::app {

/// One line on stderr that says how far a command is, where stderr is a terminal; silent elsewhere.
/// Appears only for work that lasts, and is gone when the command ends.
class TerminalProgress
{
public:
    TerminalProgress();
    ~TerminalProgress();
    TerminalProgress(const TerminalProgress&) = delete;
    TerminalProgress& operator=(const TerminalProgress&) = delete;

    /// The Progress to hand down; this object must outlive it.
    Progress progress(std::stop_token stop);
    /// Takes the line away again.
    void clear();

private:
    void show(std::string_view stage, double fraction);

    bool m_isTerminal;
    bool m_isShown = false;
    std::chrono::steady_clock::time_point m_next;
};

} // namespace embedscope::app
