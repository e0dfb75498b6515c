#include "core/data/select_rows.h"

#include <cassert>
#include <cstring>
#include <utility>

namespace embedscope {

namespace {

TextValues selected(const TextValues& values, const RowSubset& rows)
{
    TextValues result;
    for (Index i = 0; i < rows.count(); ++i) {
        if (values.isMissing(rows[i]))
            result.appendMissing();
        else
            result.append(values[rows[i]]);
    }
    return result;
}

CategoryValues selected(const CategoryValues& values, const RowSubset& rows)
{
    CategoryValues result;
    std::vector<std::int32_t> codeOf(values.categories.size(), -1);
    result.codes.reserve(static_cast<std::size_t>(rows.count()));
    for (Index i = 0; i < rows.count(); ++i) {
        const std::int32_t old = values.codes[static_cast<std::size_t>(rows[i])];
        if (old < 0) {
            result.codes.push_back(-1);
            continue;
        }
        std::int32_t& code = codeOf[static_cast<std::size_t>(old)];
        if (code < 0) {
            code = static_cast<std::int32_t>(result.categories.size());
            result.categories.push_back(values.categories[static_cast<std::size_t>(old)]);
        }
        result.codes.push_back(code);
    }
    return result;
}

NumberValues selected(const NumberValues& values, const RowSubset& rows)
{
    NumberValues result;
    result.values.reserve(static_cast<std::size_t>(rows.count()));
    for (Index i = 0; i < rows.count(); ++i)
        result.values.push_back(values.values[static_cast<std::size_t>(rows[i])]);
    return result;
}

ImageValues selected(const ImageValues& values, const RowSubset& rows)
{
    ImageValues result;
    result.files = values.files;
    for (Index i = 0; i < rows.count(); ++i) {
        result.fileOf.push_back(values.fileOf[static_cast<std::size_t>(rows[i])]);
        result.rects.push_back(values.rects[static_cast<std::size_t>(rows[i])]);
    }
    return result;
}

} // namespace

void keepRows(Matrix& matrix, const RowSubset& rows)
{
    assert(matrix.rows() == rows.total());
    const auto bytes = static_cast<std::size_t>(matrix.columns()) * sizeof(float);
    for (Index i = 0; i < rows.count(); ++i) {
        if (rows[i] != i) // Rows ascend, so none is overwritten before it is moved.
            std::memcpy(matrix.row(i), matrix.row(rows[i]), bytes);
    }
    matrix.truncateRows(rows.count());
}

Column selectRows(const Column& column, const RowSubset& rows)
{
    assert(column.size() == rows.total());
    Column::Values values = NumberValues();
    if (const auto* text = column.asText())
        values = selected(*text, rows);
    else if (const auto* category = column.asCategory())
        values = selected(*category, rows);
    else if (const auto* number = column.asNumber())
        values = selected(*number, rows);
    else if (const auto* image = column.asImage())
        values = selected(*image, rows);
    return Column(column.name(), std::move(values));
}

} // namespace embedscope
