#include "app/commands/health.h"

#include "core/base/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace embedscope::app {

namespace {

using Json = nlohmann::ordered_json;

/// Dimensions of a finding that are listed one by one.
constexpr std::size_t kDimensionsListed = 100;

std::string decimals(double value, double unit)
{
    return formatNumber(std::round(value * unit) / unit + 0.0); // -0 is 0.
}

Json optional(const std::optional<double>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json normsJson(const std::optional<NormSummary>& norms)
{
    if (!norms)
        return nullptr;
    return {{"min", norms->min}, {"q1", norms->q1}, {"median", norms->median}, {"q3", norms->q3},
        {"max", norms->max}, {"unit", norms->areUnit}, {"histogram", norms->histogram}};
}

Json findingJson(const Finding& finding)
{
    Json object{{"id", finding.id}, {"severity", severityName(finding.severity)},
        {"sentence", finding.sentence}, {"rows", finding.rows.count()}};
    if (!finding.dimensions.empty()) {
        const auto end = finding.dimensions.begin()
            + static_cast<std::ptrdiff_t>(std::min(finding.dimensions.size(), kDimensionsListed));
        object["dimensions"] = std::vector<Index>(finding.dimensions.begin(), end);
    }
    return object;
}

} // namespace

Json healthJson(const HealthReport& report)
{
    Json findings = Json::array();
    for (const Finding& finding : report.findings)
        findings.push_back(findingJson(finding));
    return {{"points", report.points}, {"dimensions", report.dimensions}, {"dtype", report.dtype},
        {"bytes", report.memoryBytes}, {"file_bytes", report.fileBytes},
        {"nan_rows", report.nanRows.count()}, {"inf_rows", report.infiniteRows.count()},
        {"zero_rows", report.zeroRows.count()}, {"duplicate_rows", report.duplicates.repeats()},
        {"duplicate_groups", report.duplicates.groupCount()}, {"norms", normsJson(report.norms)},
        {"mean_cosine", optional(report.meanCosine)},
        {"cosine_spread", optional(report.cosineSpread)}, {"cosine_pairs", report.cosinePairs},
        {"effective_dimension", optional(report.effectiveDimension)},
        {"effective_dimension_rows", report.effectiveRows},
        {"duplicate_labels", report.labels.repeats}, {"empty_labels", report.labels.empty},
        {"broken_texts", report.labels.broken}, {"dead_dimensions", report.deadDimensions.size()},
        {"constant_dimensions", report.constantDimensions.size()},
        {"dominant_dimensions", report.dominantDimensions.size()}, {"findings", findings}};
}

std::string healthText(const HealthReport& report)
{
    std::string text;
    if (report.norms) {
        const auto four = [](double value) { return decimals(value, 1e4); };
        text += "Lengths: " + four(report.norms->min) + " to " + four(report.norms->max)
            + ", half of them between " + four(report.norms->q1) + " and " + four(report.norms->q3)
            + ".\n";
    }
    if (report.meanCosine) {
        text += "Mean cosine of two rows: " + decimals(*report.meanCosine, 1e3) + " (standard "
            + "deviation " + decimals(report.cosineSpread.value_or(0), 1e3) + " over "
            + formatCount(report.cosinePairs) + " pairs).\n";
    }
    if (report.effectiveDimension) {
        text += "Effective dimension: " + decimals(*report.effectiveDimension, 10) + " of "
            + formatCount(report.dimensions)
            + (report.effectiveRows < report.usableRows
                    ? ", estimated from " + formatCount(report.effectiveRows) + " rows"
                    : "")
            + ".\n";
    }
    const bool isSound = std::none_of(report.findings.begin(), report.findings.end(),
        [](const Finding& finding) { return finding.severity != Severity::Note; });
    text += isSound ? "Health: nothing looks broken.\n" : "Health:\n";
    for (const Finding& finding : report.findings) {
        std::string severity(severityName(finding.severity));
        severity.front() = finding.severity == Severity::Note ? 'N'
            : finding.severity == Severity::Warning           ? 'W'
                                                              : 'P';
        text += "  " + severity + ": " + printable(finding.sentence) + '\n';
    }
    return text;
}

} // namespace embedscope::app
