#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "ui/workspace/column_list.h"

#include <memory>
#include <optional>
#include <vector>

namespace embedscope::ui {

/// Which points a table shows, and in which order.
struct PointOrderRequest
{
    std::optional<std::size_t> sortColumn; ///< Of the list of columns; nullopt = by row.
    bool isDescending = false;
    /// Only points that are in all of these; null ones do not count.
    std::shared_ptr<const PointSet> selected;
    std::shared_ptr<const std::vector<PointId>> hits;
};

/// The points in the asked order.
///
/// Numbers sort as numbers, everything else by text without regard to case; missing values come
/// last in both directions; ties by row. Image columns leave the order of the rows.
/// columns  of an open dataset.
/// returns  ids; or Stopped.
/// cost     O(n log n); text of each row is folded once. Made for a worker thread.
Result<std::vector<PointId>> orderedPoints(
    const ColumnList& columns, const PointOrderRequest& request, const Progress& progress);

} // namespace embedscope::ui
