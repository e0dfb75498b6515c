#pragma once

#include "core/projection/projection.h"

#include <optional>
#include <string>

namespace embedscope::ui {

/// How long a run will take on this machine: the method's own estimate for a reference machine,
/// times what earlier runs of the method took compared with theirs. Kept in the settings.
class RunEstimates
{
public:
    /// Seconds; nullopt for a request that cannot be run. Cheap.
    std::optional<double> seconds(const Dataset& dataset, const ProjectionRequest& request) const;

    /// A run has ended that was to take `expected` seconds on the reference machine. Runs too short
    /// to say anything are not counted.
    void learn(const std::string& method, double expected, double actual);

    /// How much slower than the reference this machine is; 1 while nothing is known.
    double ratio(const std::string& method) const;
};

} // namespace embedscope::ui
