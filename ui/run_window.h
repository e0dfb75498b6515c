#pragma once

#include "core/io/format.h"

#include <string>
#include <vector>

namespace embedscope::ui {

/// Opens the main window and runs until it is closed. The caller has made sure that there is a
/// display. `files` are opened (the first as the table, see MainWindow); none shows the empty
/// state. returns  the exit code.
int runWindow(
    int& argc, char** argv, const std::vector<std::string>& files, const ReadOptions& options);

} // namespace embedscope::ui
