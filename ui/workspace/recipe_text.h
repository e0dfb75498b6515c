#pragma once

#include "core/data/layout.h"

#include <QString>

namespace embedscope::ui {

/// The recipe in one short line: the method, what differs from its defaults, the seed and how rows
/// were made ready. What was left to the method is not in it; summary() has every value.
QString shortSummary(const Recipe& recipe);

} // namespace embedscope::ui
