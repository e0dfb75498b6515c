#include "app/commands/command.h"

#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/writers/write.h"

namespace embedscope::app {

Outcome runConvert(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch watch;
    if (const Status writable = checkWritable(invocation.out); !writable)
        return failed(writable.error());
    const auto opened
        = openDataset(invocation.files.front(), invocation.reading, progress.part(0, 0.5));
    if (!opened)
        return failed(opened.error());
    const Dataset& dataset = **opened;

    const std::string_view out = invocation.out;
    const bool asNpy = startsWithIgnoringCase(out.substr(out.size() - 4), ".npy");
    const Progress rest = progress.part(0.5, 1);
    const Status written = asNpy ? writeNpy(invocation.out, dataset.vectors(), rest)
                                 : writeProjectorTsv(invocation.out, dataset, rest);
    if (!written)
        return failed(written.error());
    return {0,
        printable(invocation.out) + ": " + formatCount(dataset.size()) + " × "
            + formatCount(dataset.dimensions()) + " values, in " + secondsText(watch.seconds())
            + ".\n",
        warningLines(dataset.warnings())};
}

} // namespace embedscope::app
