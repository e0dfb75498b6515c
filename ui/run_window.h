#pragma once

#include "core/io/format.h"

#include <string>
#include <vector>

namespace embedscope::ui {

/// Opens the main window and runs until it is closed. The caller has made sure that there is a
/// display.
///
/// files    none shows the empty state. One is opened as the table; metadata files among the others
///          are laid beside it, row by row (which is which: see ui/shell/open_plan.h), the rest is
///          named in a message and left.
/// options  how the table is read.
/// added    tables whose rows are joined below it.
/// returns  the exit code.
int runWindow(int& argc, char** argv, const std::vector<std::string>& files,
    const ReadOptions& options, const std::vector<std::string>& added);

} // namespace embedscope::ui
