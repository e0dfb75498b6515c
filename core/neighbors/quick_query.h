#pragma once

#include "core/base/progress.h"
#include "core/data/dataset.h"
#include "core/neighbors/metric.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace embedscope {

/// The exact answer to one query at the speed at which memory is read: scores in float32, of which
/// each block of rows keeps a few more than k; then the exact values of the best.
///
/// query     a usable row of the dataset, not of zeros under cosine.
/// among     the rows that may be neighbours; null: all.
/// returns   keys of the k nearest (exact_values.h), nearest first; nullopt where float32 cannot
///           tell them for sure (ties by the dozen, rows beyond its range), or where a stop was
///           asked for.
std::optional<std::vector<std::uint64_t>> quickNeighbors(const Dataset& dataset, PointId query,
    Index k, Metric metric, const PointSet* among, const Progress& progress);

} // namespace embedscope
