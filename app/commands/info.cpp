#include "app/commands/command.h"

#include "app/commands/health.h"
#include "core/base/text.h"
#include "core/io/open_joined.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace embedscope::app {

namespace {

constexpr Index kLabelsShown = 5;

nlohmann::ordered_json asJson(const InversionCard& card)
{
    nlohmann::ordered_json object{{"name", card.name}, {"trigger", card.trigger},
        {"family", card.family}, {"vectors", card.vectors}, {"width", card.width},
        {"step", nullptr}, {"checkpoint", card.checkpoint}};
    if (card.step)
        object["step"] = *card.step;
    object["norm"] = {{"smallest", card.smallestNorm}, {"mean", card.meanNorm},
        {"largest", card.largestNorm}, {"comparison", card.norms}};
    if (!card.tables.empty())
        object["encoders"] = card.tables;
    return object;
}

std::string asJson(const Dataset& dataset, const HealthReport& health, double seconds)
{
    nlohmann::ordered_json labels = nlohmann::ordered_json::array();
    if (dataset.hasLabels()) {
        for (Index i = 0; i < std::min(kLabelsShown, dataset.size()); ++i)
            labels.push_back(labelJson(dataset, static_cast<PointId>(i)));
    }
    nlohmann::ordered_json columns = nlohmann::ordered_json::array();
    for (const Column& column : dataset.columns()) {
        columns.push_back({{"name", column.name()}, {"kind", kindName(column.kind())},
            {"distinct", column.distinctCount()}});
    }
    const Provenance& from = dataset.provenance();
    nlohmann::ordered_json object{{"format", from.format}, {"points", dataset.size()},
        {"dimensions", dataset.dimensions()}, {"dtype", from.dtype}, {"labels", labels},
        {"columns", columns}, {"warnings", dataset.warnings()}, {"seconds", seconds}};
    object["label_column"] = nullptr;
    if (dataset.hasLabels())
        object["label_column"] = dataset.columns()[*dataset.labelColumn()].name();
    object["unusable_rows"] = dataset.unusableRows().count();
    object["file_bytes"] = from.fileBytes;
    if (!from.tensors.empty()) {
        object["tensor"] = from.tensor;
        for (const TensorSummary& tensor : from.tensors) {
            object["tensors"].push_back({{"name", tensor.name}, {"shape", tensor.shape},
                {"dtype", tensor.dtype}, {"score", tensor.score}, {"reason", tensor.reason}});
        }
    }
    for (const TablePart& part : from.parts) {
        object["parts"].push_back({{"name", part.name}, {"path", part.path},
            {"format", part.format}, {"dtype", part.dtype}, {"points", part.rows}});
    }
    if (!from.parts.empty())
        object["source_column"] = from.sourceColumn;
    object["notes"] = from.notes;
    if (from.inversion)
        object["inversion"] = asJson(*from.inversion);
    object["health"] = healthJson(health);
    return toText(object);
}

std::string asText(const Dataset& dataset, const HealthReport& health, double seconds)
{
    const Provenance& from = dataset.provenance();
    std::string text = (from.parts.empty() ? printable(from.path)
                                           : formatCount(static_cast<Index>(from.parts.size()))
                                   + " tables joined")
        + ": " + formatCount(dataset.size()) + (dataset.size() == 1 ? " point of " : " points of ")
        + formatCount(dataset.dimensions())
        + (dataset.dimensions() == 1 ? " dimension" : " dimensions") + ", stored as " + from.dtype
        + " (" + formatNames(from.format) + ", " + formatBytes(from.fileBytes) + ", read in "
        + secondsText(seconds) + ").\n";

    for (const TablePart& part : from.parts) {
        text += "  " + padded(part.name, 40) + paddedLeft(formatCount(part.rows), 12)
            + (part.rows == 1 ? " point\n" : " points\n");
    }
    for (const std::string& note : from.notes)
        text += printable(note) + '\n';
    if (!dataset.columns().empty()) {
        text += "\n  " + padded("Column", 28) + padded("Kind", 12) + paddedLeft("Distinct", 12)
            + '\n';
        for (std::size_t i = 0; i < dataset.columns().size(); ++i) {
            const Column& column = dataset.columns()[i];
            text += "  " + padded(column.name(), 27) + ' ' + padded(kindName(column.kind()), 12)
                + paddedLeft(formatCount(column.distinctCount()), 12)
                + (dataset.labelColumn() == i ? "   names the rows" : "") + '\n';
        }
    }
    if (dataset.hasLabels()) {
        text += "\nFirst labels: ";
        const Index shown = std::min(kLabelsShown, dataset.size());
        for (Index i = 0; i < shown; ++i)
            text += (i == 0 ? "" : ", ") + printable(dataset.label(static_cast<PointId>(i)));
        text += dataset.size() > shown ? ", …\n" : "\n";
    }
    // The findings hold every warning, in the reader's words or in better ones.
    return text + '\n' + healthText(health);
}

} // namespace

Outcome runInfo(const Invocation& invocation, const Progress& progress)
{
    const Stopwatch watch;
    const auto dataset = openTable(invocation, progress.part(0, 0.7));
    if (!dataset)
        return failed(dataset.error());
    const double seconds = watch.seconds();
    const auto health = examineHealth(**dataset, HealthOptions(), progress.part(0.7, 1));
    if (!health)
        return failed(health.error());
    return {0,
        invocation.asJson ? asJson(**dataset, *health, seconds)
                          : asText(**dataset, *health, seconds),
        {}};
}

} // namespace embedscope::app
