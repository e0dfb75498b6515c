#include "app/commands/command.h"

#include "core/analysis/quality.h"
#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/write.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <string_view>

namespace embedscope::app {

namespace {

std::string asJson(const Layout& layout, const LayoutQuality& quality, double seconds)
{
    nlohmann::ordered_json sampled = nullptr;
    if (quality.isSampled)
        sampled = quality.examined;
    // The divergence of a t-SNE run stands in its own recipe; a file of places has lost it.
    return toText({{"method", layout.recipe.method}, {"points", quality.points},
        {"sampled", sampled}, {"trustworthiness@12", quality.trustworthiness12},
        {"continuity@12", quality.continuity12}, {"recall@10", quality.recall10},
        {"recall@50", quality.recall50}, {"spearman", quality.spearman}, {"kl", nullptr},
        {"sentence", verdict(quality)}, {"seconds", seconds}});
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

std::string asText(const LayoutQuality& quality)
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
    text += quality.isSampled ? "\nFrom a random sample of " + formatCount(quality.examined)
            + " of " + formatCount(quality.points) + " points.\n"
                              : "\nFrom all " + formatCount(quality.points) + " points.\n";
    return text;
}

} // namespace

Outcome runQuality(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch watch;
    const auto opened
        = openDataset(invocation.files.front(), invocation.reading, progress.part(0, 0.1));
    if (!opened)
        return failed(opened.error());
    const Dataset& dataset = **opened;
    const auto layout = readLayout(invocation.layoutPath, dataset, progress.part(0.1, 0.15));
    if (!layout)
        return failed(layout.error());
    const auto quality = measureQuality(dataset, *layout, {}, progress.part(0.15, 1));
    if (!quality)
        return failed(quality.error());
    if (invocation.asJson)
        return {0, asJson(*layout, *quality, watch.seconds()), {}};
    return {0, asText(*quality), warningLines(dataset.warnings())};
}

} // namespace embedscope::app
