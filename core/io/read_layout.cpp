#include "core/base/text.h"
#include "core/io/open.h"
#include "core/io/writers/write.h"

#include <cmath>
#include <limits>

namespace embedscope {

namespace {

/// The number columns called x, y and perhaps z; else those that the file itself calls places.
std::vector<std::size_t> placeColumns(const Dataset& table)
{
    std::vector<std::size_t> found;
    for (const std::string_view name : {"x", "y", "z"}) {
        const auto column = findColumn(table.columns(), name);
        if (!column || table.columns()[*column].asNumber() == nullptr)
            break;
        found.push_back(*column);
    }
    return found.size() >= 2 ? found : table.coordinateColumns();
}

Result<Matrix> places(const Dataset& table)
{
    const auto columns = placeColumns(table);
    const bool fromColumns = columns.size() == 2 || columns.size() == 3;
    const Index dimensions = fromColumns ? static_cast<Index>(columns.size()) : table.dimensions();
    if (dimensions != 2 && dimensions != 3) {
        return Error{ErrorCode::Malformed,
            "a layout has two or three columns, but this table has "
                + formatCount(table.dimensions()),
            table.provenance().path, {}, {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix positions, Matrix::allocate(table.size(), dimensions));
    for (Index i = 0; i < table.size(); ++i) {
        for (Index j = 0; j < dimensions; ++j) {
            positions(i, j) = fromColumns
                ? static_cast<float>(table.columns()[columns[static_cast<std::size_t>(j)]]
                                         .asNumber()
                                         ->values[static_cast<std::size_t>(i)])
                : table.vectors()(i, j);
        }
    }
    return positions;
}

} // namespace

Result<Layout> readLayout(const std::string& path, const Dataset& dataset, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const auto table, openDataset(path, {}, progress));
    if (table->size() != dataset.size()) {
        return Error{ErrorCode::Malformed,
            "the layout has " + formatCount(table->size()) + " rows, but the table has "
                + formatCount(dataset.size()),
            path, {}, {}};
    }
    Layout layout;
    EMBEDSCOPE_TRY_ASSIGN(layout.positions, places(*table));
    const Index dimensions = layout.positions.columns();
    for (Index i = 0; i < layout.positions.rows(); ++i) {
        float* const row = layout.positions.row(i);
        bool isFinite = true;
        for (Index j = 0; j < dimensions; ++j)
            isFinite = isFinite && std::isfinite(row[j]);
        if (isFinite)
            continue;
        std::fill(row, row + dimensions, std::numeric_limits<float>::quiet_NaN());
        layout.omitted.push_back(static_cast<PointId>(i));
    }
    layout.recipe.method = "given";
    layout.recipe.dimensions = static_cast<int>(dimensions);
    layout.recipe.source = path;
    return layout;
}

} // namespace embedscope
