#include "app/command_line.h"
#include "app/commands/command.h"
#include "app/display.h"
#include "app/interrupt.h"
#include "app/terminal_progress.h"

#include "core/base/parallel.h"
#include "ui/run_window.h"

#include <csignal>
#include <cstdio>
#include <new>
#include <string>

using namespace embedscope;
using namespace embedscope::app;

namespace {

bool print(std::FILE* stream, const std::string& text)
{
    return std::fwrite(text.data(), 1, text.size(), stream) == text.size()
        && std::fflush(stream) == 0;
}

Outcome run(const Invocation& invocation, const Progress& progress)
{
    switch (invocation.command) {
    case Command::Info:
        return runInfo(invocation, progress);
    case Command::Neighbors:
        return runNeighbors(invocation, progress);
    case Command::Project:
        return runProject(invocation, progress);
    case Command::Join:
        return runJoin(invocation, progress);
    case Command::Quality:
        return runQuality(invocation, progress);
    case Command::Render:
        return runRender(invocation, progress);
    case Command::Convert:
        return runConvert(invocation, progress);
    case Command::Methods:
        return runMethods(invocation, progress);
    case Command::Formats:
        return runFormats(invocation, progress);
    case Command::Window:
        break;
    }
    return {};
}

int runHeadless(const Invocation& invocation)
{
    const InterruptWatch interrupt;
    TerminalProgress terminal;
    Outcome outcome;
    try {
        outcome = run(invocation, terminal.progress(interrupt.token()));
    } catch (const std::bad_alloc&) {
        outcome = failed({ErrorCode::OutOfMemory, "there is not enough memory for this",
            invocation.files.empty() ? std::string() : invocation.files.front(), {}, {}});
    }
    terminal.clear();
    print(stderr, outcome.err);
    if (!print(stdout, outcome.out)) {
        print(stderr, "The output could not be written to the standard output.\n");
        return 1;
    }
    return outcome.exitCode;
}

int openWindow(int& argc, char** argv, const Invocation& invocation)
{
    if (!isDisplayNamed()) {
        print(stderr, noDisplaySentence());
        return 1;
    }
    endQuietlyWithoutDisplay();
    // Qt gets the program's name alone: the arguments have been read.
    argc = 1;
    argv[1] = nullptr;
    return ui::runWindow(argc, argv, invocation.files, invocation.reading, invocation.added);
}

} // namespace

int main(int argc, char** argv)
{
    // A file that grows beyond what the system allows is an error to be told, not an end.
    std::signal(SIGXFSZ, SIG_IGN);
    const auto parsed
        = parseCommandLine(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    if (const auto* exit = std::get_if<EarlyExit>(&parsed)) {
        print(stderr, exit->err);
        return print(stdout, exit->out) ? exit->code : 1;
    }
    const Invocation& invocation = *std::get_if<Invocation>(&parsed);
    if (invocation.threads > 0)
        setThreadCount(invocation.threads);
    return invocation.command == Command::Window ? openWindow(argc, argv, invocation)
                                                 : runHeadless(invocation);
}
