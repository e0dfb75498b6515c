#pragma once

#include "core/data/columns.h"
#include "core/data/point_set.h"

#include <string_view>

namespace embedscope {

/// The rows whose value reads exactly so. O(n).
PointSet rowsWhere(const Column& column, std::string_view value);

} // namespace embedscope
