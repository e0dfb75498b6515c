#pragma once

#include <QString>

namespace embedscope {
struct HealthReport;
}

namespace embedscope::ui {

/// How a table fares, in a line: "Nothing looks broken; 2 things to know".
QString healthHeading(const HealthReport& report);

} // namespace embedscope::ui
