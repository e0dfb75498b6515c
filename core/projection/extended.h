#pragma once

#include "core/projection/projection.h"

namespace embedscope {

/// A layout with new rows below its own, whose places stay exactly as they are: what joinLayout()
/// finds, as one map of both tables. For joined tables, whose first rows are those of the base.
///
/// layout   of the workbench's dataset. Where no row can join it (places that were given, or new
///          rows that all hold NaN), the new rows are left out.
/// added    m x d, of the same dimensions.
/// returns  n + m rows with the recipe of `layout` and a note on the rows that came later. Stopped,
///          OutOfMemory.
Result<Layout> extendLayout(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress);

/// True where extendLayout() gives the new rows a place.
bool canBeJoined(const Layout& layout);

} // namespace embedscope
