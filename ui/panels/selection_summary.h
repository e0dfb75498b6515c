#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"

#include <QString>
#include <QStringList>

namespace embedscope::ui {

/// What can be said of several points: a line for each column, most frequent categories or
/// smallest, mean and largest number, and how long their vectors are.
///
/// returns  lines of rich text ("<b>kind</b> …"), escaped; or Stopped.
/// cost     one pass over the selected rows for each of the first columns. Made for a worker
/// thread.
Result<QStringList> summarize(
    const Dataset& dataset, const PointSet& points, const Progress& progress);

/// Euclidean length of the vector, summed in double.
double vectorNorm(const Dataset& dataset, PointId point);

/// A number for a person: six digits at most.
QString numberText(double value);

} // namespace embedscope::ui
