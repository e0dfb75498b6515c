#include "core/analysis/health/findings.h"

#include "core/base/text.h"

#include <algorithm>
#include <cmath>

// The findings, by id:
//   nan-rows inf-rows zero-rows duplicate-rows       rows that cannot be used, or say nothing new
//   unit-norms uneven-norms                          lengths
//   anisotropy low-dimension                         how the rows lie
//   dead-dimensions constant-dimensions dominant-dimensions
//   duplicate-labels empty-labels broken-text        labels
//   header-mismatch file                             what the reader noticed
//   partial                                          not the whole table is open

namespace embedscope {

namespace {

constexpr double kStrongAnisotropy = 0.5;
constexpr double kMildAnisotropy = 0.25;
constexpr double kUnevenRatio = 10; ///< Of the largest length to the median.
constexpr double kFewDuplicates = 0.01;
constexpr std::size_t kDimensionsNamed = 5;

std::string countOf(Index count, std::string_view one, std::string_view many)
{
    return formatCount(count) + ' ' + std::string(count == 1 ? one : many);
}

/// Three significant digits.
std::string rounded(double value)
{
    if (value == 0 || !std::isfinite(value))
        return formatNumber(value);
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2);
    const double digits = std::round(value / unit);
    // Dividing by a power of ten is exact where multiplying by a tenth is not.
    return formatNumber(unit < 1 ? digits / std::round(1 / unit) : digits * unit);
}

std::string percent(double share)
{
    return rounded(share * 100) + " %";
}

std::string named(const std::vector<Index>& dimensions)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(dimensions.size(), kDimensionsNamed); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(dimensions[i]);
    if (dimensions.size() > kDimensionsNamed)
        text += ", …";
    return text;
}

class Findings
{
public:
    Findings(const Dataset& dataset, const HealthReport& report, const LabelHealth& labels,
        const std::vector<float>& norms)
        : m_dataset(dataset)
        , m_report(report)
        , m_labels(labels)
        , m_norms(norms)
    {
    }

    std::vector<Finding> all()
    {
        addUnusable();
        addRepeated();
        addNorms();
        addDirections();
        addDimensions();
        addLabels();
        addWarnings();
        addPart();
        std::stable_sort(m_found.begin(), m_found.end(),
            [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
        return std::move(m_found);
    }

private:
    Finding& add(std::string_view id, Severity severity, std::string sentence)
    {
        Finding finding;
        finding.id = id;
        finding.severity = severity;
        finding.sentence = std::move(sentence);
        finding.rows = PointSet(m_report.points);
        m_found.push_back(std::move(finding));
        return m_found.back();
    }

    void addUnusable()
    {
        const bool isMost = m_dataset.unusableRows().count() > m_report.points / 2;
        const Severity severity = isMost ? Severity::Problem : Severity::Warning;
        if (const Index count = m_report.nanRows.count(); count > 0) {
            add("nan-rows", severity,
                countOf(count, "row holds", "rows hold")
                    + " NaN, which is no number: kept in the table, left out of maps and "
                      "neighbours. Look where the vectors were made.")
                .rows
                = m_report.nanRows;
        }
        if (const Index count = m_report.infiniteRows.count(); count > 0) {
            add("inf-rows", severity,
                countOf(count, "row holds", "rows hold")
                    + " infinite values: kept in the table, left out of maps and neighbours. "
                      "Something grew without bound, or overflowed when it was stored.")
                .rows
                = m_report.infiniteRows;
        }
    }

    void addRepeated()
    {
        const Index zeros = m_report.zeroRows.count();
        if (zeros > 0) {
            add("zero-rows", zeros > m_report.points / 2 ? Severity::Problem : Severity::Warning,
                countOf(zeros, "row is", "rows are") + " 0 in every dimension: without a direction "
                    + (zeros == 1 ? "it has" : "they have")
                    + " no cosine similarity. Often these are entries that were never trained.")
                .rows
                = m_report.zeroRows;
        }
        // Zeros are the same as each other, which has been said.
        const Index repeats = m_report.duplicates.repeats() - (zeros > 1 ? zeros - 1 : 0);
        if (repeats <= 0)
            return;
        PointSet rows(m_report.points);
        for (const PointId id : m_report.duplicates.rows) {
            if (zeros == 0 || !m_report.zeroRows.contains(id))
                rows.insert(id);
        }
        const bool isFew
            = static_cast<double>(repeats) <= kFewDuplicates * static_cast<double>(m_report.points);
        add("duplicate-rows", isFew ? Severity::Note : Severity::Warning,
            countOf(repeats, "row repeats", "rows repeat")
                + " an earlier one in every value: such rows are each other's nearest neighbours "
                  "and lie on one spot of a map. Take them out where they are not meant.")
            .rows
            = std::move(rows);
    }

    void addNorms()
    {
        if (!m_report.norms)
            return;
        const NormSummary& norms = *m_report.norms;
        if (norms.areUnit && m_report.points > 1) {
            add("unit-norms", Severity::Note,
                "Every row has length 1: cosine similarity, dot product and Euclidean distance "
                "order neighbours the same way.");
        } else if (norms.median > 0 && norms.max > kUnevenRatio * norms.median) {
            Finding& finding = add("uneven-norms", Severity::Note,
                "Lengths differ widely: the longest row, " + rounded(norms.max) + ", is "
                    + rounded(norms.max / norms.median)
                    + " times as long as the one in the middle. Where length means nothing, "
                      "compare by cosine, or bring the rows to length 1.");
            finding.rows = longRows(kUnevenRatio * norms.median);
        }
    }

    PointSet longRows(double limit) const
    {
        PointSet rows(m_report.points);
        for (PointId id = 0; id < m_report.points; ++id) {
            if (m_dataset.isUsable(id) && static_cast<double>(m_norms[id]) > limit)
                rows.insert(id);
        }
        return rows;
    }

    void addDirections()
    {
        if (m_report.meanCosine && *m_report.meanCosine >= kMildAnisotropy && m_report.points > 2) {
            add("anisotropy",
                *m_report.meanCosine >= kStrongAnisotropy ? Severity::Warning : Severity::Note,
                "The rows point much the same way: two of them have a cosine similarity of "
                    + rounded(*m_report.meanCosine)
                    + " on average. Centre the table before similarities are compared.");
        }
        const auto d = static_cast<double>(m_report.dimensions);
        if (m_report.effectiveDimension && m_report.dimensions >= 16 && m_report.points > 16
            && *m_report.effectiveDimension < std::max(2.0, d / 50)) {
            add("low-dimension", Severity::Note,
                "The table has " + formatCount(m_report.dimensions)
                    + " dimensions, but its variance spreads over about "
                    + rounded(*m_report.effectiveDimension)
                    + " of them: a few directions decide every distance.");
        }
    }

    void addDimensions()
    {
        const Index d = m_report.dimensions;
        if (const auto& dead = m_report.deadDimensions; !dead.empty()) {
            const auto count = static_cast<Index>(dead.size());
            add("dead-dimensions", count == d ? Severity::Problem : Severity::Note,
                countOf(count, "dimension is", "dimensions are") + " 0 in every row (" + named(dead)
                    + "): nothing is lost without "
                    + (count == 1 ? "it." : "them; often they are padding."))
                .dimensions
                = dead;
        }
        if (const auto& constant = m_report.constantDimensions; !constant.empty()) {
            const auto count = static_cast<Index>(constant.size());
            add("constant-dimensions", count == d ? Severity::Problem : Severity::Note,
                countOf(count, "dimension has", "dimensions have")
                    + " the same value in every row (" + named(constant)
                    + "): no distance depends on " + (count == 1 ? "it" : "them")
                    + ", but cosine similarities do.")
                .dimensions
                = constant;
        }
        if (const auto& dominant = m_report.dominantDimensions; !dominant.empty()) {
            double share = 0;
            for (const Index j : dominant)
                share += m_report.varianceShares[static_cast<std::size_t>(j)];
            const auto count = static_cast<Index>(dominant.size());
            add("dominant-dimensions", Severity::Warning,
                (count == 1 ? "Dimension " + named(dominant) + " carries "
                            : "The dimensions " + named(dominant) + " carry ")
                    + percent(share) + " of all variance and decide" + (count == 1 ? "s" : "")
                    + " most distances. Standardise the dimensions if that is not meant.")
                .dimensions
                = dominant;
        }
    }

    void addLabels()
    {
        if (const Index repeats = m_labels.same.repeats(); repeats > 0 && !m_labels.areClasses) {
            PointSet rows(m_report.points, m_labels.same.rows);
            add("duplicate-labels", Severity::Note,
                countOf(repeats, "row repeats", "rows repeat")
                    + " a label that stands earlier in the table, such as \""
                    + printable(m_dataset.label(m_labels.firstRepeat))
                    + "\": a search by label finds several.")
                .rows
                = std::move(rows);
        }
        if (const Index count = m_labels.empty.count(); count > 0) {
            add("empty-labels", Severity::Note,
                countOf(count, "row has", "rows have") + " no label and "
                    + (count == 1 ? "is" : "are") + " called by the number instead.")
                .rows
                = m_labels.empty;
        }
        if (const Index count = m_labels.broken.count(); count > 0) {
            add("broken-text", Severity::Warning,
                countOf(count, "row has", "rows have")
                    + (m_labels.isBrokenLabel ? " a label" : " a text")
                    + " that is not valid UTF-8; what is broken shows as \xEF\xBF\xBD. Write the "
                      "file as UTF-8.")
                .rows
                = m_labels.broken;
        }
    }

    /// What the reader noticed, but for what is said above in our own words.
    void addWarnings()
    {
        const auto has = [](const std::string& text, std::string_view part) {
            return text.find(part) != std::string::npos;
        };
        for (const std::string& warning : m_dataset.givenWarnings()) {
            const bool isSaid = has(warning, "not valid UTF-8") && !m_labels.broken.isEmpty();
            if (isSaid)
                continue;
            const bool isHeader = has(warning, "promises") || has(warning, "configuration says")
                || has(warning, "rows for ");
            add(isHeader ? "header-mismatch" : "file", Severity::Warning, warning);
        }
    }

    void addPart()
    {
        if (const auto& rows = m_dataset.provenance().rows) {
            add("partial", Severity::Note,
                "Not the whole table is open but " + rows->description()
                    + ": the column \"file row\" tells where each stands.");
        }
    }

    const Dataset& m_dataset;
    const HealthReport& m_report;
    const LabelHealth& m_labels;
    const std::vector<float>& m_norms;
    std::vector<Finding> m_found;
};

} // namespace

std::vector<Finding> findingsOf(const Dataset& dataset, const HealthReport& report,
    const LabelHealth& labels, const std::vector<float>& norms)
{
    return Findings(dataset, report, labels, norms).all();
}

} // namespace embedscope
