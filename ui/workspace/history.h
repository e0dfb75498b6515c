#pragma once

#include "core/base/index.h"

#include <vector>

namespace embedscope::ui {

/// The points that were looked at, for Back and Forward, as in a web browser: going somewhere new
/// after going back drops what was ahead.
class History
{
public:
    void visit(PointId id);
    bool canGoBack() const { return m_position > 0; }
    bool canGoForward() const { return m_position + 1 < m_points.size(); }
    /// The point gone to. Only where canGoBack() or canGoForward().
    PointId back();
    PointId forward();
    void clear();

private:
    std::vector<PointId> m_points;
    std::size_t m_position = 0;
};

} // namespace embedscope::ui
