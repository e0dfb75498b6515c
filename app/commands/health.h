#pragma once

#include "core/analysis/health/health.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace embedscope::app {

/// The object "health" of info --json.
nlohmann::ordered_json healthJson(const HealthReport& report);

/// The findings, one a line, and the figures that need no finding to be worth a line.
std::string healthText(const HealthReport& report);

} // namespace embedscope::app
