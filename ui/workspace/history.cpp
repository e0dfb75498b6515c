#include "ui/workspace/history.h"

#include <cassert>

namespace embedscope::ui {

void History::visit(PointId id)
{
    if (!m_points.empty()) {
        if (m_points[m_position] == id)
            return;
        m_points.resize(m_position + 1);
    }
    m_points.push_back(id);
    m_position = m_points.size() - 1;
}

PointId History::back()
{
    assert(canGoBack());
    return m_points[--m_position];
}

PointId History::forward()
{
    assert(canGoForward());
    return m_points[++m_position];
}

void History::clear()
{
    m_points.clear();
    m_position = 0;
}

} // namespace embedscope::ui
