#include "core/base/text.h"
#include "core/projection/projection.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {

Result<Layout> layoutFromColumns(const Dataset& dataset, const std::vector<std::size_t>& columns)
{
    if (columns.size() != 2 && columns.size() != 3) {
        return Error{ErrorCode::InvalidArgument,
            "a map takes 2 or 3 columns as coordinates, not " + std::to_string(columns.size()), {},
            {}, {}};
    }
    std::vector<const NumberValues*> axes;
    std::string source;
    for (const std::size_t column : columns) {
        if (column >= dataset.columns().size())
            return Error{
                ErrorCode::NotFound, "there is no column " + std::to_string(column), {}, {}, {}};
        const Column& values = dataset.columns()[column];
        axes.push_back(values.asNumber());
        if (axes.back() == nullptr) {
            return Error{ErrorCode::InvalidArgument,
                "the column \"" + printable(values.name())
                    + "\" does not hold numbers, so it cannot be an axis",
                dataset.provenance().path, {}, {}};
        }
        source.append(source.empty()                  ? ""
                      : columns.size() == axes.size() ? " and "
                                                      : ", ")
            .append(values.name());
    }

    constexpr double limit = std::numeric_limits<float>::max();
    Layout layout;
    EMBEDSCOPE_TRY_ASSIGN(
        layout.positions, Matrix::allocate(dataset.size(), static_cast<Index>(axes.size())));
    for (Index i = 0; i < dataset.size(); ++i) {
        const auto valueOf
            = [&](const NumberValues* axis) { return axis->values[static_cast<std::size_t>(i)]; };
        const bool complete = std::all_of(axes.begin(), axes.end(),
            [&](const NumberValues* axis) { return std::isfinite(valueOf(axis)); });
        if (!complete)
            layout.omitted.push_back(static_cast<PointId>(i));
        for (std::size_t a = 0; a < axes.size(); ++a) {
            layout.positions(i, static_cast<Index>(a)) = complete
                ? static_cast<float>(std::clamp(valueOf(axes[a]), -limit, limit))
                : std::numeric_limits<float>::quiet_NaN();
        }
    }
    layout.recipe.method = "given";
    layout.recipe.dimensions = static_cast<int>(axes.size());
    layout.recipe.source = source;
    return layout;
}

} // namespace embedscope
