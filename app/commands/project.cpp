#include "app/commands/projecting.h"

#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/write.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace embedscope::app {

namespace {

using Json = nlohmann::ordered_json;

Json recipeJson(const Recipe& recipe)
{
    Json object{{"method", recipe.method}, {"dimensions", recipe.dimensions}, {"seed", recipe.seed},
        {"normalization", recipe.normalization}, {"metric", recipe.metric},
        {"preprocess_pca", recipe.preprocessPca}};
    for (const auto& [id, value] : recipe.parameters)
        std::visit([&object, &name = id](const auto& v) { object[name] = v; }, value);
    return object;
}

/// Stages that a method does not have took no time.
Json secondsJson(const Diagnostics& diagnostics, double read, double write, double total)
{
    Json object{{"read", read}};
    for (const char* stage : {"preprocess", "neighbors", "affinities", "optimize"}) {
        double sum = 0;
        for (const auto& [name, seconds] : diagnostics.seconds)
            sum += name == stage ? seconds : 0;
        object[stage] = sum;
    }
    object["write"] = write;
    object["total"] = total;
    return object;
}

/// What is to be said of the table, and of the run where it was not done as asked.
std::vector<std::string> warningsOf(const Dataset& dataset, const Layout& layout)
{
    std::vector<std::string> warnings = dataset.warnings();
    warnings.insert(
        warnings.end(), layout.diagnostics.notes.begin(), layout.diagnostics.notes.end());
    return warnings;
}

std::string asJson(const Dataset& dataset, const Layout& layout, const Json& seconds)
{
    const Diagnostics& found = layout.diagnostics;
    Json object{{"method", layout.recipe.method}, {"points", layout.size()},
        {"dimensions", layout.dimensions()}, {"omitted", layout.omitted},
        {"recipe", recipeJson(layout.recipe)}, {"explained_variance", nullptr}, {"kl", nullptr},
        {"iterations", nullptr}, {"finished", found.isFinished}, {"seconds", seconds},
        {"input_dimensions", dataset.dimensions()}, {"warnings", warningsOf(dataset, layout)}};
    if (!found.explainedVariance.empty())
        object["explained_variance"] = found.explainedVariance;
    if (found.klDivergence)
        object["kl"] = *found.klDivergence;
    if (found.iterations >= 0)
        object["iterations"] = found.iterations;
    return toText(object);
}

std::string asText(
    const Dataset& dataset, const Layout& layout, const std::string& out, double total)
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
    if (!layout.omitted.empty()) {
        text += formatCount(static_cast<Index>(layout.omitted.size())) + " of "
            + formatCount(dataset.size())
            + " rows were left out: they hold NaN or infinite values.\n";
    }
    return text;
}

} // namespace

std::variant<Layout, Outcome> projected(const std::shared_ptr<const Dataset>& dataset,
    const Invocation& invocation, const Progress& progress)
{
    auto run = startProjection(dataset, invocation.projection, progress.part(0, 0.4));
    if (!run) {
        return run.error().code == ErrorCode::InvalidArgument ? misused(run.error())
                                                              : failed(run.error());
    }
    Projection& projection = **run;
    const Progress rest = progress.part(0.4, 1);
    while (!projection.isDone()) {
        const int steps = std::max(1, projection.totalIterations() - projection.iteration());
        if (const Status status = projection.advance(steps, rest); !status)
            return failed(status.error());
    }
    return projection.layout();
}

Outcome runProject(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch total;
    if (const Status writable = checkWritable(invocation.out); !writable)
        return failed(writable.error());

    const auto opened
        = openDataset(invocation.files.front(), invocation.reading, progress.part(0, 0.1));
    if (!opened)
        return failed(opened.error());
    const Dataset& dataset = **opened;
    const double read = total.seconds();

    auto result = projected(*opened, invocation, progress.part(0.1, 0.98));
    if (auto* outcome = std::get_if<Outcome>(&result))
        return std::move(*outcome);
    const Layout& layout = *std::get_if<Layout>(&result);

    const Stopwatch writing;
    const Status written = writeLayout(invocation.out, dataset, layout, progress.part(0.98, 1));
    if (!written)
        return failed(written.error());
    const double write = writing.seconds();

    if (invocation.asJson) {
        const Json seconds = secondsJson(layout.diagnostics, read, write, total.seconds());
        return {0, asJson(dataset, layout, seconds), {}};
    }
    return {0, asText(dataset, layout, invocation.out, total.seconds()),
        warningLines(warningsOf(dataset, layout))};
}

} // namespace embedscope::app
