#pragma once

#include "app/commands/command.h"

#include "core/data/layout.h"

#include <variant>

namespace embedscope::app {

/// Runs the whole projection that the invocation asks for. An Outcome instead of a layout is the
/// end of the command: a failure, or wrong usage where the table and the parameters do not fit.
std::variant<Layout, Outcome> projected(const std::shared_ptr<const Dataset>& dataset,
    const Invocation& invocation, const Progress& progress);

} // namespace embedscope::app
