#pragma once

#include "core/data/layout.h"
#include "core/plot/coloring.h"

#include <QImage>
#include <QSize>

namespace embedscope::ui {

/// A small picture of a layout on a transparent ground: a fair sample of its points in their
/// colours, along its first two axes.
///
/// coloring   null, or of another length: one colour.
/// size       in pixels.
/// cost       O(points up to a fixed number), wherever the layout is larger.
QImage layoutThumbnail(
    const Layout& layout, const Coloring* coloring, Theme theme, const QSize& size);

} // namespace embedscope::ui
