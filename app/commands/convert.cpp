#include "app/commands/command.h"

#include "core/base/text.h"
#include "core/io/writers/writers.h"

namespace embedscope::app {

Outcome runConvert(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch watch;
    if (const Status writable = checkWritable(invocation.out); !writable)
        return failed(writable.error());
    const auto opened = openTable(invocation, progress.part(0, 0.5));
    if (!opened)
        return failed(opened.error());
    const Dataset& dataset = **opened;
    const auto lost = writeDataset(
        invocation.out, invocation.format, RowsToWrite(dataset), progress.part(0.5, 1));
    if (!lost)
        return failed(lost.error());

    std::vector<std::string> warnings = dataset.warnings();
    warnings.insert(warnings.end(), lost->begin(), lost->end());
    return {0,
        printable(invocation.out) + ": " + formatCount(dataset.size()) + " × "
            + formatCount(dataset.dimensions()) + " values, in " + secondsText(watch.seconds())
            + ".\n",
        warningLines(warnings)};
}

} // namespace embedscope::app
