#pragma once

#include "core/analysis/health/health.h"
#include "core/analysis/health/table_scan.h"

namespace embedscope {

/// Quartiles and histogram of the lengths of the usable rows; nullopt where there is none. Smallest
/// and largest are exact, the quartiles those of the lengths rounded to float32.
/// cost  three passes over n numbers.
Result<std::optional<NormSummary>> summarizeNorms(
    const Dataset& dataset, const TableScan& scan, const Progress& progress);

} // namespace embedscope
