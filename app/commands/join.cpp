#include "app/commands/projecting.h"

#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/writers/write.h"
#include "core/projection/recipe_json.h"
#include "core/projection/recipe_text.h"
#include "core/projection/workbench.h"

#include <nlohmann/json.hpp>

namespace embedscope::app {

namespace {

/// The base is read as the new file is, but for what only one of them can have.
ReadOptions baseReading(const Invocation& invocation)
{
    ReadOptions reading = invocation.reading;
    reading.labelColumn = {};
    reading.metadataPath = {};
    reading.metadataKey = {};
    reading.member = {};
    reading.shape = invocation.baseShape;
    reading.rows = {};
    return reading;
}

} // namespace

Outcome runJoin(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch watch;
    if (const Status writable = checkWritable(invocation.out); !writable)
        return failed(writable.error());
    const auto added = openTable(invocation, progress.part(0, 0.1));
    if (!added)
        return failed(added.error());
    const auto base
        = openDataset(invocation.basePath, baseReading(invocation), progress.part(0.1, 0.3));
    if (!base)
        return failed(base.error());
    const auto layout = readLayoutWithRecipe(
        invocation.layoutPath, invocation.recipePath, **base, progress.part(0.3, 0.35));
    if (!layout)
        return failed(layout.error());

    Workbench workbench(*base);
    const auto joined = joinLayout(workbench, *layout, **added, progress.part(0.35, 0.98));
    if (!joined) {
        return joined.error().code == ErrorCode::InvalidArgument ? misused(joined.error())
                                                                 : failed(joined.error());
    }
    const Status written = writeLayout(invocation.out, **added, *joined, progress.part(0.98, 1));
    if (!written)
        return failed(written.error());

    if (invocation.asJson) {
        return {0,
            toText({{"method", joined->recipe.method}, {"points", joined->size()},
                {"base_points", layout->size()}, {"dimensions", joined->dimensions()},
                {"omitted", joined->omitted}, {"recipe", recipeObject(joined->recipe)},
                {"seconds", watch.seconds()}, {"peak_bytes", peakBytes()},
                {"warnings", warningsOf(**added, *joined)}}),
            {}};
    }
    return {0,
        printable(invocation.out) + ": " + formatCount(joined->size()) + " points joined "
            + formatCount(layout->size()) + ", in " + secondsText(watch.seconds()) + " ("
            + summary(joined->recipe) + ").\n" + omittedText(*joined),
        warningLines(warningsOf(**added, *joined))};
}

} // namespace embedscope::app
