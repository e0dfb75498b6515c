#pragma once

#include <QString>

namespace embedscope::ui {

/// Where the ticks of an axis stand: at multiples of 1, 2 or 5 times a power of ten.

/// The round step that cuts `span` into about `count` parts. span > 0, count >= 1.
double roundStep(double span, int count);

/// printf format that shows multiples of the step without useless digits: "%.2f", or "%.3g" where
/// the values are very large or very small.
QString tickFormat(double step, double largest);

} // namespace embedscope::ui
