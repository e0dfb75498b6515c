#pragma once

#include "core/analysis/health/health.h"
#include "core/analysis/health/table_scan.h"

namespace embedscope {

/// How the rows lie in their space: fills meanCosine, cosineSpread, effectiveDimension and what
/// they were found from, varianceShares, and the dead, constant and dominant dimensions.
///
/// The mean cosine of all pairs is exact, from one sum: for m rows u_i of length 1,
/// |sum u|^2 = m + sum over pairs of u_i . u_j.
/// The effective dimension is (tr C)^2 / tr C^2. tr C is exact; with x_i about the mean,
/// n^2 tr C^2 = sum over i, j of (x_i . x_j)^2, whose pairs i != j are estimated without bias from
/// those of a sample, however few rows for the dimensions it has.
/// returns  success, or Stopped.
Status measureSpread(const Dataset& dataset, const TableScan& scan, const HealthOptions& options,
    HealthReport& report, const Progress& progress);

} // namespace embedscope
