#pragma once

#include "core/analysis/health/health.h"
#include "core/analysis/health/label_health.h"

namespace embedscope {

/// What there is to say of the figures and of the reader's warnings, the worst first.
/// norms   of each row.
std::vector<Finding> findingsOf(const Dataset& dataset, const HealthReport& report,
    const LabelHealth& labels, const std::vector<float>& norms);

} // namespace embedscope
