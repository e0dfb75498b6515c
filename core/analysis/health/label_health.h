#pragma once

#include "core/analysis/health/health.h"

namespace embedscope {

/// What was found of the texts beside the vectors, row by row.
struct LabelHealth
{
    DuplicateRows same; ///< Rows of the same label.
    PointSet empty; ///< Rows without one, where the table has labels.
    PointSet broken; ///< Rows whose label or another text was repaired.
    bool isBrokenLabel = false; ///< Whether one of those is a label.
    /// Whether the labels are classes, of which many rows share one, rather than names.
    bool areClasses = false;
    PointId firstRepeat = kNoPoint;
};

/// returns  what was found; or Stopped.
/// cost     O(bytes of all texts) and O(n log n).
Result<LabelHealth> examineLabels(const Dataset& dataset, const Progress& progress);

} // namespace embedscope
