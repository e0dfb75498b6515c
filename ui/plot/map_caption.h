#pragma once

#include "core/data/layout.h"

#include <QString>
#include <array>

namespace embedscope::ui {

/// What can honestly be said of a map's axes.
struct AxisWords
{
    QString x; ///< "PC 1 (12.3 %)"; empty where the axis has no name.
    QString y;
    bool hasNumbers = false; ///< False where places along the axes mean nothing (t-SNE).
};

/// In three dimensions none: no axis lies along an edge of the picture.
AxisWords axisWords(const Layout& layout);

/// What the three axes of a layout of three dimensions are called, in short.
std::array<QString, 3> axisNames(const Layout& layout);

/// How the picture came about, in a line: the recipe, how many points, what is not in it.
QString mapCaption(const Layout& layout);

/// A warning to readers of such a picture; empty where none is due.
QString readingHint(const Layout& layout);

} // namespace embedscope::ui
