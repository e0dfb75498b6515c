#include "core/base/text.h"
#include "core/io/writers/text_rows.h"
#include "core/io/writers/write.h"

#include <array>
#include <filesystem>
#include <ostream>

namespace embedscope {

Status writeLayout(
    const std::string& path, const Dataset& dataset, const Layout& layout, const Progress& progress)
{
    const std::string extension = foldCase(std::filesystem::path(path).extension().string());
    if (extension == ".npy")
        return writeNpy(path, layout.positions, progress);
    if (extension != ".csv" && extension != ".tsv") {
        return Error{ErrorCode::InvalidArgument,
            "a layout is written as .npy, .csv or .tsv; this name ends in neither", path, {}, {}};
    }
    const char separator = extension == ".csv" ? ',' : '\t';
    return writeAtomically(path, [&](std::ostream& out) {
        constexpr std::array names{"x", "y", "z"};
        out << "label";
        for (int j = 0; j < layout.dimensions(); ++j)
            out << separator << names[static_cast<std::size_t>(j)];
        out << '\n';
        const auto dimensions = static_cast<std::size_t>(layout.dimensions());
        return writeRowsOfText(
            out, layout.size(), layout.dimensions(), progress, [&](Index i, std::string& text) {
                text += delimitedCell(dataset.label(static_cast<PointId>(i)), separator);
                text += separator;
                appendNumbers(text, {layout.positions.row(i), dimensions}, separator);
                text += '\n';
            });
    });
}

} // namespace embedscope
