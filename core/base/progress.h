#pragma once

#include "core/base/error.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace embedscope {

/// How a long call reports how far it is and learns that it should stop. Passed down as the last
/// argument, by const reference; cheap to copy. A default-made one neither reports nor stops.
/// Thread: report() and stopRequested() may be called from any thread, though one at a time
/// for report().
class Progress
{
public:
    /// Receives the stage in words ("Reading rows") and the fraction done of the whole, 0 to 1,
    /// which never runs backwards.
    using Sink = std::function<void(std::string_view stage, double fraction)>;

    Progress() = default;
    explicit Progress(std::stop_token stop, Sink sink = {});

    void report(std::string_view stage, double fraction) const;
    bool stopRequested() const { return m_stop.stop_requested(); }
    const std::stop_token& stopToken() const { return m_stop; }

    /// A Progress for a stage that covers [begin, end] of this one.
    Progress part(double begin, double end) const;

private:
    struct State;
    std::stop_token m_stop;
    std::shared_ptr<State> m_state;
    double m_begin = 0;
    double m_end = 1;
};

/// The error a function returns when it found stopRequested().
Error stoppedError();

} // namespace embedscope
