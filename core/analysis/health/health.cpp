#include "core/analysis/health/health.h"

#include "core/analysis/health/equal_groups.h"
#include "core/analysis/health/findings.h"
#include "core/analysis/health/label_health.h"
#include "core/analysis/health/norm_summary.h"
#include "core/analysis/health/spread.h"
#include "core/analysis/health/table_scan.h"

namespace embedscope {

namespace {

int compareRows(const float* a, const float* b, Index d)
{
    for (Index j = 0; j < d; ++j) {
        if (a[j] != b[j])
            return a[j] < b[j] ? -1 : 1;
    }
    return 0;
}

Result<DuplicateRows> findDuplicates(
    const Dataset& dataset, const TableScan& scan, const Progress& progress)
{
    progress.report("Looking for duplicates", 0);
    const VectorsView vectors = dataset.vectors();
    return equalGroups(
        dataset.unusableRows().complement().ids(), [&](PointId id) { return scan.hashes[id]; },
        [&](PointId a, PointId b) {
            RowRoom roomOfA;
            RowRoom roomOfB;
            return compareRows(vectors.row(a, roomOfA), vectors.row(b, roomOfB), vectors.columns());
        },
        progress);
}

} // namespace

std::string_view severityName(Severity severity)
{
    switch (severity) {
    case Severity::Problem:
        return "problem";
    case Severity::Warning:
        return "warning";
    case Severity::Note:
        break;
    }
    return "note";
}

Result<HealthReport> examineHealth(
    const Dataset& dataset, const HealthOptions& options, const Progress& progress)
{
    HealthReport report;
    report.points = dataset.size();
    report.dimensions = dataset.dimensions();
    report.dtype = dataset.provenance().dtype;
    report.memoryBytes = dataset.vectors().bytes();
    report.fileBytes = dataset.provenance().fileBytes;

    EMBEDSCOPE_TRY_ASSIGN(const TableScan scan, scanTable(dataset, progress.part(0, 0.5)));
    report.usableRows = scan.usable;
    report.nanRows = PointSet(report.points, scan.nanRows);
    report.infiniteRows = PointSet(report.points, scan.infiniteRows);
    report.zeroRows = PointSet(report.points, scan.zeroRows);
    EMBEDSCOPE_TRY_ASSIGN(
        report.duplicates, findDuplicates(dataset, scan, progress.part(0.5, 0.65)));
    EMBEDSCOPE_TRY_ASSIGN(report.norms, summarizeNorms(dataset, scan, progress));
    EMBEDSCOPE_TRY(measureSpread(dataset, scan, options, report, progress.part(0.65, 0.9)));
    EMBEDSCOPE_TRY_ASSIGN(const LabelHealth labels, examineLabels(dataset, progress.part(0.9, 1)));
    report.labels = {labels.same.repeats(), labels.empty.count(), labels.broken.count()};
    report.findings = findingsOf(dataset, report, labels, scan.norms);
    progress.report("Examined", 1);
    return report;
}

} // namespace embedscope
