#include "core/io/writers/text_rows.h"
#include "core/io/writers/write.h"
#include "core/io/writers/writer_list.h"

#include <algorithm>

namespace embedscope {

namespace {

/// A stem for the headings of dimensions that no column's name begins with: readers tell the
/// vector by names that count up.
std::string dimensionStem(const RowsToWrite& rows)
{
    std::string stem = "dim_";
    const auto isTaken
        = [&](const RowsToWrite::Field& field) { return field.name.starts_with(stem); };
    while (std::any_of(rows.fields().begin(), rows.fields().end(), isTaken))
        stem.insert(0, "_");
    return stem;
}

std::string heading(const RowsToWrite& rows)
{
    std::string line;
    for (const RowsToWrite::Field& field : rows.fields())
        line += delimitedCell(field.name, ',') + ',';
    // A vector of one value stands in a cell of its own as a list: as a plain number it would read
    // as a column.
    if (rows.dimensions() == 1) {
        std::vector<std::string> taken;
        for (const RowsToWrite::Field& field : rows.fields())
            taken.push_back(field.name);
        return line + freeName("vector", taken) + '\n';
    }
    const std::string stem = dimensionStem(rows);
    for (Index j = 0; j < rows.dimensions(); ++j)
        line += (j > 0 ? "," : "") + stem + std::to_string(j);
    return line + '\n';
}

} // namespace

Status writeCsv(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress)
{
    if (rows.hasPictures())
        warnings.emplace_back("CSV holds no pictures, so they were left out.");
    const auto d = static_cast<std::size_t>(rows.dimensions());
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        EMBEDSCOPE_TRY(writeBytes(out, heading(rows)));
        return writeRowsOfText(
            out, rows.size(), rows.dimensions(), progress, [&](Index i, std::string& text) {
                RowRoom room;
                for (const RowsToWrite::Field& field : rows.fields())
                    text += delimitedCell(rows.text(field, i), ',') + ',';
                text += d == 1 ? "[" : "";
                appendNumbers(text, {rows.vector(i, room), d}, ',');
                text += d == 1 ? "]\n" : "\n";
            });
    });
}

} // namespace embedscope
