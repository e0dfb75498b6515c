#pragma once

#include "app/command_line.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace embedscope::app {

// The options of each command, as CLI11 is told about them. Each checks its own value; what takes
// several options together is checked in command_line.cpp.

/// Options whose checks need others first, such as --set, which needs the method.
struct PendingOptions
{
    ProjectionOptions projection;
    bool hasSampleSeed = false;
};

/// How a file is to be read (reading_options.cpp), and on how many threads: the same for the window
/// and every command. After the command's own options, which may have taken a name.
void addReadingOptions(CLI::App& app, Invocation& to, PendingOptions& pending);
/// The description and the options of a command, which store into `to` and `pending`.
void describeCommand(CLI::App& app, Command command, Invocation& to, PendingOptions& pending);

} // namespace embedscope::app
