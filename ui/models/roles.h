#pragma once

#include <Qt>

namespace embedscope::ui {

/// What the models of points answer besides the roles of Qt.
enum PointRole
{
    PointIdRole = Qt::UserRole, ///< PointId, as a quint32.
    BarRole, ///< Length of a bar behind the text, 0 to 1; invalid where there is none.
};

} // namespace embedscope::ui
