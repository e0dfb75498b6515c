#include "app/commands/projecting.h"

#include "core/base/text.h"
#include "core/io/writers/write.h"
#include "core/projection/recipe_json.h"
#include "core/projection/recipe_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace embedscope::app {

namespace {

using Json = nlohmann::ordered_json;

/// Stages that a method does not have took no time.
Json secondsJson(const Diagnostics& diagnostics, double read, double write, double total)
{
    Json object{{"read", read}};
    for (const char* stage : {"preprocess", "neighbors", "affinities", "optimize"})
        object[stage] = 0.0;
    for (const auto& [name, seconds] : diagnostics.seconds)
        object[name] = object.value(name, 0.0) + seconds;
    object["write"] = write;
    object["total"] = total;
    return object;
}

std::string asJson(const Dataset& dataset, const Layout& layout, const Json& seconds,
    const std::optional<double>& estimate)
{
    const Diagnostics& found = layout.diagnostics;
    Json object{{"method", layout.recipe.method}, {"points", layout.size()},
        {"dimensions", layout.dimensions()}, {"omitted", layout.omitted},
        {"recipe", recipeObject(layout.recipe)}, {"explained_variance", nullptr}, {"kl", nullptr},
        {"iterations", nullptr}, {"finished", found.isFinished}, {"seconds", seconds},
        {"estimate_seconds", nullptr}, {"peak_bytes", peakBytes()},
        {"input_dimensions", dataset.dimensions()}, {"warnings", warningsOf(dataset, layout)}};
    if (!found.explainedVariance.empty())
        object["explained_variance"] = found.explainedVariance;
    if (found.klDivergence)
        object["kl"] = *found.klDivergence;
    if (found.iterations >= 0)
        object["iterations"] = found.iterations;
    if (estimate)
        object["estimate_seconds"] = *estimate;
    return toText(object);
}

std::string asText(const Layout& layout, const std::string& out, double total)
{
    std::string text = printable(out) + ": " + formatCount(layout.size()) + " points, in "
        + secondsText(total) + " (" + summary(layout.recipe) + ").\n";
    if (layout.diagnostics.klDivergence)
        text += "KL divergence: " + formatNumber(*layout.diagnostics.klDivergence) + '\n';
    if (!layout.diagnostics.explainedVariance.empty()) {
        text += "Explained variance:";
        const auto& shares = layout.diagnostics.explainedVariance;
        for (std::size_t i = 0; i < std::min<std::size_t>(shares.size(), 5); ++i)
            text += ' ' + formatNumber(std::round(shares[i] * 1000) / 10) + " %";
        text += '\n';
    }
    text += omittedText(layout);
    return text;
}

/// Where the map starts from another, that one; null where it does not.
Result<std::shared_ptr<const Layout>> startOf(
    const Invocation& invocation, const Dataset& dataset, const Progress& progress)
{
    if (invocation.startPath.empty())
        return std::shared_ptr<const Layout>();
    EMBEDSCOPE_TRY_ASSIGN(Layout start, readLayout(invocation.startPath, dataset, progress));
    return std::make_shared<const Layout>(std::move(start));
}

Status writeRecipe(const std::string& path, const Recipe& recipe)
{
    return writeAtomically(path, [&recipe](std::ostream& out) -> Status {
        out << recipeToJson(recipe);
        return {};
    });
}

} // namespace

Outcome runProject(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch total;
    for (const std::string& path : {invocation.out, invocation.recipeOut}) {
        if (path.empty())
            continue;
        if (const Status writable = checkWritable(path); !writable)
            return failed(writable.error());
    }
    auto asked = requestOf(invocation);
    if (auto* outcome = std::get_if<Outcome>(&asked))
        return std::move(*outcome);
    ProjectionRequest& request = *std::get_if<ProjectionRequest>(&asked);

    const auto opened = openTable(invocation, progress.part(0, 0.1));
    if (!opened)
        return failed(opened.error());
    const Dataset& dataset = **opened;
    const auto start = startOf(invocation, dataset, progress.part(0.1, 0.12));
    if (!start)
        return failed(start.error());
    request.start = *start;
    const double read = total.seconds();

    const auto estimate = estimateSeconds(dataset, request);
    auto result = projected(*opened, request, progress.part(0.12, 0.98));
    if (auto* outcome = std::get_if<Outcome>(&result))
        return std::move(*outcome);
    const Layout& layout = *std::get_if<Layout>(&result);

    const Stopwatch writing;
    Status written = writeLayout(invocation.out, dataset, layout, progress.part(0.98, 1));
    if (written && !invocation.recipeOut.empty())
        written = writeRecipe(invocation.recipeOut, layout.recipe);
    if (!written)
        return failed(written.error());
    const double write = writing.seconds();

    if (invocation.asJson) {
        const Json seconds = secondsJson(layout.diagnostics, read, write, total.seconds());
        return {0, asJson(dataset, layout, seconds, estimate), {}};
    }
    return {0, asText(layout, invocation.out, total.seconds()),
        warningLines(warningsOf(dataset, layout))};
}

} // namespace embedscope::app
