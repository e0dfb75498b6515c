#include "core/base/progress.h"

#include <algorithm>

namespace embedscope {

struct Progress::State
{
    Sink sink;
    double furthest = 0;
};

Progress::Progress(std::stop_token stop, Sink sink)
    : m_stop(std::move(stop))
{
    if (sink)
        m_state = std::make_shared<State>(State{std::move(sink), 0});
}

void Progress::report(std::string_view stage, double fraction) const
{
    if (!m_state)
        return;
    const double inside = std::clamp(fraction, 0.0, 1.0);
    m_state->furthest = std::max(m_state->furthest, m_begin + inside * (m_end - m_begin));
    m_state->sink(stage, m_state->furthest);
}

Progress Progress::part(double begin, double end) const
{
    Progress inner = *this;
    inner.m_begin = m_begin + begin * (m_end - m_begin);
    inner.m_end = m_begin + end * (m_end - m_begin);
    return inner;
}

Error stoppedError()
{
    return Error{ErrorCode::Stopped, "stopped before it was finished", {}, {}, {}};
}

} // namespace embedscope
