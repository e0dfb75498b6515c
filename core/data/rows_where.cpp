#include "core/data/rows_where.h"

#include <algorithm>

namespace embedscope {

PointSet rowsWhere(const Column& column, std::string_view value)
{
    PointSet rows(column.size());
    if (const auto* categories = column.asCategory()) {
        const auto& names = categories->categories;
        const auto found = std::find(names.begin(), names.end(), value);
        const auto code = static_cast<std::int32_t>(found - names.begin());
        for (std::size_t i = 0; found != names.end() && i < categories->codes.size(); ++i) {
            if (categories->codes[i] == code)
                rows.insert(static_cast<PointId>(i));
        }
        return rows;
    }
    for (Index i = 0; i < column.size(); ++i) {
        if (!column.isMissing(i) && column.text(i) == value)
            rows.insert(static_cast<PointId>(i));
    }
    return rows;
}

} // namespace embedscope
