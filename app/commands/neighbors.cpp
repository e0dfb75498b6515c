#include "app/commands/command.h"

#include "core/base/text.h"
#include "core/data/rows_where.h"
#include "core/neighbors/exact.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace embedscope::app {

namespace {

/// The row that was asked for. Where a label names several rows the first is taken, and a warning
/// says so.
Result<PointId> queryRow(
    const Invocation& invocation, const Dataset& dataset, std::vector<std::string>& warnings)
{
    const std::string& path = invocation.files.front();
    if (invocation.queryRow) {
        const Index row = *invocation.queryRow;
        if (row >= dataset.fileRows()) {
            return Error{ErrorCode::NotFound,
                "there is no row " + std::to_string(row) + "; the last is row "
                    + std::to_string(dataset.fileRows() - 1),
                path, {}, {}};
        }
        const auto& rows = dataset.provenance().rows;
        const Index at = rows ? rows->before(row) : row;
        if (at >= dataset.size() || dataset.fileRow(static_cast<PointId>(at)) != row) {
            return Error{ErrorCode::NotFound,
                "row " + std::to_string(row)
                    + " is not among those that were read: " + rows->description(),
                path, {}, {}};
        }
        return static_cast<PointId>(at);
    }
    const std::string& label = *invocation.queryLabel;
    if (!dataset.hasLabels()) {
        return Error{ErrorCode::NotFound,
            "its rows have no labels; ask for one by --row, or name a column by --label", path, {},
            {}};
    }
    const std::vector<PointId> rows = dataset.rowsLabelled(label);
    if (rows.empty()) {
        return Error{ErrorCode::NotFound,
            "no row is labelled \"" + label + "\" (labels are matched exactly)", path, {}, {}};
    }
    if (rows.size() > 1) {
        warnings.push_back(formatCount(static_cast<Index>(rows.size())) + " rows are labelled \""
            + label + "\"; the first, row " + std::to_string(dataset.fileRow(rows.front()))
            + ", was taken.");
    }
    return rows.front();
}

std::string quoted(const std::string& text)
{
    return '"' + printable(text) + '"';
}

/// The rows that may be neighbours, where they are limited.
Result<std::optional<PointSet>> amongRows(const Invocation& invocation, const Dataset& dataset)
{
    constexpr std::size_t kShown = 12;
    if (!invocation.among)
        return std::optional<PointSet>();
    const auto& [name, value] = *invocation.among;
    const auto found = findColumn(dataset.columns(), name);
    if (!found) {
        std::string known;
        for (const Column& column : dataset.columns())
            known += (known.empty() ? "" : ", ") + quoted(column.name());
        return Error{ErrorCode::NotFound,
            "there is no column " + quoted(name) + " to limit neighbours by; "
                + (known.empty() ? "the table has none" : "there are " + known),
            invocation.files.front(), {}, {}};
    }
    PointSet rows = rowsWhere(dataset.columns()[*found], value);
    if (!rows.isEmpty())
        return std::optional(std::move(rows));
    const CategoryValues values = toCategories(dataset.columns()[*found]);
    std::string known;
    for (std::size_t i = 0; i < std::min(kShown, values.categories.size()); ++i)
        known += (i == 0 ? "" : ", ") + quoted(values.categories[i]);
    return Error{ErrorCode::NotFound,
        "no row has " + quoted(value) + " in the column " + quoted(name) + "; there are " + known
            + (values.categories.size() > kShown ? " and others" : ""),
        invocation.files.front(), {}, {}};
}

std::string asJson(const Invocation& invocation, const Dataset& dataset, const NeighborList& list,
    const std::vector<std::string>& warnings, double seconds)
{
    nlohmann::ordered_json among = nullptr;
    if (invocation.among)
        among = {{"column", invocation.among->first}, {"value", invocation.among->second}};
    nlohmann::ordered_json neighbors = nlohmann::ordered_json::array();
    for (const Neighbor& neighbor : list.neighbors) {
        neighbors.push_back({{"row", dataset.fileRow(neighbor.id)},
            {"label", labelJson(dataset, neighbor.id)}, {"value", floatJson(neighbor.value)}});
    }
    return toText({{"metric", metricId(list.metric)},
        {"query",
            {{"row", dataset.fileRow(list.query)}, {"label", labelJson(dataset, list.query)}}},
        {"among", among}, {"neighbors", neighbors}, {"warnings", warnings}, {"seconds", seconds}});
}

std::string_view metricTitle(Metric metric)
{
    switch (metric) {
    case Metric::Cosine:
        return "cosine similarity";
    case Metric::Euclidean:
        return "Euclidean distance";
    case Metric::Dot:
        return "dot product";
    case Metric::Manhattan:
        break;
    }
    return "Manhattan distance";
}

std::string asText(const Invocation& invocation, const Dataset& dataset, const NeighborList& list)
{
    std::string text = "Nearest to " + printable(dataset.name(list.query)) + " (row "
        + std::to_string(dataset.fileRow(list.query)) + ") by "
        + std::string(metricTitle(list.metric))
        + (invocation.among ? ", among the rows with " + printable(invocation.among->first) + " "
                    + quoted(invocation.among->second)
                            : "")
        + ":\n";
    for (std::size_t i = 0; i < list.neighbors.size(); ++i) {
        const Neighbor& neighbor = list.neighbors[i];
        text += paddedLeft(std::to_string(i + 1), 5) + "  " + padded(dataset.name(neighbor.id), 31)
            + ' ' + padded(formatNumber(neighbor.value), 14) + " row "
            + std::to_string(dataset.fileRow(neighbor.id)) + '\n';
    }
    return text;
}

} // namespace

Outcome runNeighbors(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch watch;
    const auto opened = openTable(invocation, progress.part(0, 0.9));
    if (!opened)
        return failed(opened.error());
    const Dataset& dataset = **opened;

    std::vector<std::string> warnings = dataset.warnings();
    const auto query = queryRow(invocation, dataset, warnings);
    if (!query)
        return failed(query.error());
    const auto among = amongRows(invocation, dataset);
    if (!among)
        return failed(among.error());
    const auto list = findNeighbors(dataset, *query, invocation.k, invocation.metric,
        *among ? &**among : nullptr, progress.part(0.9, 1));
    if (!list)
        return failed(list.error());
    if (!list->warning.empty())
        warnings.push_back(list->warning);

    if (invocation.asJson)
        return {0, asJson(invocation, dataset, *list, warnings, watch.seconds()), {}};
    return {0, asText(invocation, dataset, *list), warningLines(warnings)};
}

} // namespace embedscope::app
