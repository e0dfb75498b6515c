#pragma once

#include <QString>

namespace embedscope::ui {

/// A time to come, no more exact than it can be known: "less than a second", "about 40 seconds",
/// "about 3 minutes", "about 2 hours". Lower case, to stand inside a sentence.
QString aboutTime(double seconds);

/// A time that has passed: "12.4 s", "3:05", "1:02:05".
QString elapsedTime(double seconds);

} // namespace embedscope::ui
