#include "core/io/row_choice.h"

#include "core/base/text.h"
#include "core/data/dataset.h"
#include "core/data/select_rows.h"

#include <algorithm>

namespace embedscope {

Result<RowSubset> chosenRows(const RowChoice& choice, Index total, const std::string& path)
{
    if (choice.range) {
        const auto [first, last] = *choice.range;
        if (first >= total || first >= last) {
            return Error{ErrorCode::InvalidArgument,
                first >= last ? "the range of rows " + formatCount(first) + ":" + formatCount(last)
                        + " holds none"
                              : "there is no row " + formatCount(first)
                        + " to begin with; the last is row " + formatCount(total - 1),
                path, {}, {}};
        }
        return RowSubset::range(total, first, std::min(last, total));
    }
    if (choice.sample > 0) {
        if (total >= static_cast<Index>(kNoPoint)) {
            return Error{ErrorCode::TooLarge,
                "a sample can be drawn from 4,294,967,294 rows at the most; take a range of rows",
                path, {}, {}};
        }
        return RowSubset::sample(total, choice.sample, choice.seed);
    }
    return RowSubset::all(total);
}

Status applyRowChoice(const RowChoice& choice, Table& table, const std::string& path)
{
    if (choice.isAll()) {
        table.provenance.rows.reset(); // A reader may say that it read all of them.
        return {};
    }
    if (!table.provenance.rows) {
        EMBEDSCOPE_TRY_ASSIGN(
            table.provenance.rows, chosenRows(choice, table.vectors.rows(), path));
        keepRows(table.vectors, *table.provenance.rows);
    }
    const RowSubset rows = *table.provenance.rows;
    if (rows.isAll()) {
        table.provenance.rows.reset();
        return {};
    }
    for (Column& column : table.columns) {
        if (column.size() == rows.total())
            column = selectRows(column, rows);
    }
    NumberValues numbers;
    numbers.values.reserve(static_cast<std::size_t>(rows.count()));
    for (Index i = 0; i < rows.count(); ++i)
        numbers.values.push_back(static_cast<double>(rows[i]));
    table.columns.emplace_back(kFileRowColumn, std::move(numbers));
    table.provenance.notes.push_back("Not the whole table is open: " + rows.description() + '.');
    return {};
}

} // namespace embedscope
