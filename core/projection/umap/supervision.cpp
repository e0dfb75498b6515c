#include "core/projection/umap/supervision.h"

#include "core/base/parallel.h"
#include "core/base/text.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

constexpr Index kRowsPerBlock = 1024;
constexpr Index kFewRows = 20; ///< Below, any number of categories will do.

Error refusal(const std::string& column, const std::string& why)
{
    return Error{ErrorCode::InvalidArgument,
        "the column \"" + printable(column) + "\" " + why + ", so it cannot supervise a map", {},
        {}, {}};
}

} // namespace

Status checkCategories(const Dataset& dataset, const std::string& column)
{
    const auto which = findColumn(dataset.columns(), column);
    if (!which) {
        return Error{ErrorCode::InvalidArgument,
            "there is no column \"" + printable(column) + "\" to supervise by", {}, {}, {}};
    }
    const Column& values = dataset.columns()[*which];
    if (values.kind() == ColumnKind::Image)
        return refusal(column, "holds pictures");
    if (dataset.size() >= kFewRows && values.distinctCount() > dataset.size() / 2) {
        return refusal(
            column, "holds " + formatCount(values.distinctCount()) + " different values");
    }
    return {};
}

Result<std::vector<std::int32_t>> categoriesFor(const Dataset& dataset, const std::string& column)
{
    EMBEDSCOPE_TRY(checkCategories(dataset, column));
    const CategoryValues categories
        = toCategories(dataset.columns()[*findColumn(dataset.columns(), column)]);
    std::vector<std::int32_t> codes;
    for (Index i = 0; i < dataset.size(); ++i) {
        if (dataset.isUsable(static_cast<PointId>(i)))
            codes.push_back(categories.codes[static_cast<std::size_t>(i)]);
    }
    return codes;
}

bool supervise(FuzzyGraph& graph, const std::vector<std::int32_t>& categories, double weight,
    const Progress& progress)
{
    if (weight <= 0)
        return true;
    const Index n = graph.size();
    const auto unknown = static_cast<float>(std::exp(-2 * weight));
    const auto different
        = weight < 1 ? static_cast<float>(std::exp(-5 * weight / (1 - weight))) : 0.0F;
    std::vector<float> largest(static_cast<std::size_t>(n));
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            const std::int32_t own = categories[static_cast<std::size_t>(i)];
            for (Index at = graph.begin(i); at < graph.end(i); ++at) {
                const auto e = static_cast<std::size_t>(at);
                const std::int32_t other = categories[graph.ids[e]];
                if (own < 0 || other < 0)
                    graph.weights[e] *= unknown;
                else if (own != other)
                    graph.weights[e] *= different;
                largest[static_cast<std::size_t>(i)]
                    = std::max(largest[static_cast<std::size_t>(i)], graph.weights[e]);
            }
        }
    });
    // Each row is scaled to a largest weight of 1 and both directions are joined again; the graph
    // is symmetric, so that the other direction's weight is known from the row's own largest.
    parallelBlocks(n, kRowsPerBlock, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end && !progress.stopRequested(); ++i) {
            for (Index at = graph.begin(i); at < graph.end(i); ++at) {
                const auto e = static_cast<std::size_t>(at);
                const float weightHere = graph.weights[e];
                if (weightHere <= 0)
                    continue;
                const float there = weightHere / largest[static_cast<std::size_t>(i)];
                const float back = weightHere / largest[graph.ids[e]];
                const float both = there * back;
                graph.weights[e]
                    = std::min(1.0F, std::max(there, back) + (std::min(there, back) - both));
            }
        }
    });
    return !progress.stopRequested();
}

} // namespace embedscope
