#include "app/commands/projecting.h"

#include "core/analysis/quality.h"
#include "core/base/text.h"
#include "core/io/writers/text_rows.h"
#include "core/io/writers/write.h"
#include "core/projection/recipe_text.h"
#include "core/projection/tsne/divergence.h"
#include "core/projection/workbench.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <ostream>
#include <string_view>

namespace embedscope::app {

namespace {

using Json = nlohmann::ordered_json;

std::string asJson(const LayoutQuality& quality, const std::optional<Divergence>& divergence,
    const std::vector<std::string>& warnings, double seconds)
{
    Json sampled = nullptr;
    if (quality.isSampled)
        sampled = quality.examined;
    Json object{{"method", quality.method}, {"points", quality.points}, {"sampled", sampled},
        {"trustworthiness@12", quality.trustworthiness12}, {"continuity@12", quality.continuity12},
        {"recall@10", quality.recall10}, {"recall@50", quality.recall50},
        {"spearman", quality.spearman}, {"kl", nullptr}, {"kl_perplexity", nullptr},
        {"explained_variance", nullptr}, {"metric", quality.metric}, {"seed", quality.seed},
        {"sentence", verdict(quality)}, {"seconds", seconds}, {"peak_bytes", peakBytes()},
        {"warnings", warnings}};
    if (divergence) {
        object["kl"] = divergence->kl;
        object["kl_perplexity"] = divergence->perplexity;
    }
    if (quality.explainedVariance)
        object["explained_variance"] = *quality.explainedVariance;
    return toText(object);
}

std::string row(std::string_view name, double value, std::string_view meaning)
{
    std::array<char, 32> digits;
    const auto end = std::to_chars(
        digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 3)
                         .ptr;
    return "  " + padded(name, 20) + paddedLeft({digits.data(), end}, 7) + "   "
        + std::string(meaning) + '\n';
}

std::string divergenceMeaning(const Divergence& divergence)
{
    return "KL divergence of t-SNE at perplexity " + formatNumber(divergence.perplexity);
}

std::string asText(
    const Layout& layout, const LayoutQuality& quality, const std::optional<Divergence>& divergence)
{
    std::string text = verdict(quality) + "\n\n";
    text += row("trustworthiness@12", quality.trustworthiness12,
        "1 where points that lie together belong together");
    text
        += row("continuity@12", quality.continuity12, "1 where no true neighbours were torn apart");
    text += row(
        "recall@10", quality.recall10, "share of the 10 nearest that stay among the 10 nearest");
    text += row(
        "recall@50", quality.recall50, "share of the 50 nearest that stay among the 50 nearest");
    text += row("spearman", quality.spearman, "rank correlation of all distances");
    if (divergence)
        text += row("kl", divergence->kl, divergenceMeaning(*divergence));
    if (quality.explainedVariance) {
        text += row("explained variance", *quality.explainedVariance,
            "share of the variance that the shown axes carry");
    }
    text += '\n' + summary(layout.recipe) + ".\n";
    if (quality.metric != "euclidean")
        text += "Neighbours in the full space by " + quality.metric + ".\n";
    text += quality.isSampled ? "From a random sample of " + formatCount(quality.examined) + " of "
            + formatCount(quality.points) + " points (seed " + std::to_string(quality.seed) + ").\n"
                              : "From all " + formatCount(quality.points) + " points.\n";
    return text;
}

/// For t-SNE always, for other maps where it was asked for. What hinders it is a failure in the
/// second case and a warning in the first.
Result<std::optional<Divergence>> divergenceOf(const Invocation& invocation,
    const std::shared_ptr<const Dataset>& dataset, const Layout& layout,
    std::vector<std::string>& warnings, const Progress& progress)
{
    if (!invocation.wantsDivergence && layout.recipe.method != "tsne")
        return std::optional<Divergence>();
    Workbench workbench(dataset);
    DivergenceOptions options;
    options.perplexity = invocation.perplexity;
    auto found = findDivergence(workbench, layout, options, progress);
    if (found)
        return std::optional(*found);
    if (invocation.wantsDivergence || found.error().code != ErrorCode::InvalidArgument)
        return found.error();
    warnings.push_back("The KL divergence was not found: " + found.error().detail + '.');
    return std::optional<Divergence>();
}

/// Label and figures of each row; empty where a row was not examined.
Status writeColumns(const std::string& path, const Dataset& dataset, const LayoutQuality& quality)
{
    const std::string_view ending = std::string_view(path).substr(path.size() - 4);
    const char separator = startsWithIgnoringCase(ending, ".tsv") ? '\t' : ',';
    const Columns columns = qualityColumns(quality, dataset.size());
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        out << "label";
        for (const Column& column : columns)
            out << separator << column.name();
        out << '\n';
        for (Index i = 0; i < dataset.size(); ++i) {
            out << delimitedCell(dataset.label(static_cast<PointId>(i)), separator);
            for (const Column& column : columns) {
                out << separator;
                if (!column.isMissing(i))
                    out << formatNumber(
                        static_cast<float>(column.asNumber()->values[static_cast<std::size_t>(i)]));
            }
            out << '\n';
        }
        return {};
    });
}

} // namespace

Outcome runQuality(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch watch;
    if (!invocation.columnsOut.empty()) {
        if (const Status writable = checkWritable(invocation.columnsOut); !writable)
            return failed(writable.error());
    }
    const auto opened = openTable(invocation, progress.part(0, 0.1));
    if (!opened)
        return failed(opened.error());
    const Dataset& dataset = **opened;
    auto layout = readLayoutWithRecipe(
        invocation.layoutPath, invocation.recipePath, dataset, progress.part(0.1, 0.15));
    if (!layout)
        return failed(layout.error());
    if (invocation.qualityMetric)
        layout->recipe.metric = metricId(*invocation.qualityMetric);

    const auto quality
        = measureQuality(dataset, *layout, invocation.quality, progress.part(0.15, 0.7));
    if (!quality)
        return failed(quality.error());
    std::vector<std::string> warnings = dataset.warnings();
    const auto divergence
        = divergenceOf(invocation, *opened, *layout, warnings, progress.part(0.7, 1));
    if (!divergence) {
        return divergence.error().code == ErrorCode::InvalidArgument ? misused(divergence.error())
                                                                     : failed(divergence.error());
    }
    if (!invocation.columnsOut.empty()) {
        if (const Status written = writeColumns(invocation.columnsOut, dataset, *quality); !written)
            return failed(written.error());
    }
    if (invocation.asJson)
        return {0, asJson(*quality, *divergence, warnings, watch.seconds()), {}};
    return {0, asText(*layout, *quality, *divergence), warningLines(warnings)};
}

} // namespace embedscope::app
