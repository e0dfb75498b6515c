#pragma once

#include "core/plot/coloring.h"
#include "core/plot/orbit.h"

#include <QFont>
#include <QPointF>
#include <QString>
#include <array>

class QPainter;

namespace embedscope::ui {

/// Draws how a map of three dimensions is turned: its three axes from one place, the farthest
/// first, each with its name at the end.
///
/// corner  the lower left one of the room for it, which names keep within. Its size goes with the
///         font's.
void paintSpaceGizmo(QPainter& painter, const QPointF& corner, const Turn& turn,
    const std::array<QString, 3>& names, const QFont& font, Theme theme);

} // namespace embedscope::ui
