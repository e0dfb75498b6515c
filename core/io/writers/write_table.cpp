#include "core/base/text.h"
#include "core/io/writers/write.h"

#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <ostream>

namespace embedscope {

namespace {

constexpr Index kRowsBetweenChecks = 1024;

void appendNumber(std::string& out, float value)
{
    if (std::isnan(value)) {
        out += "nan"; // to_chars writes "-nan" as well, which readers stumble over.
        return;
    }
    std::array<char, 32> buffer;
    out.append(
        buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

/// Calls line(row, text) for each row and writes what it appended; looks for a stop on the way.
template <typename Line>
Status writeLines(std::ostream& out, Index rows, const Progress& progress, Line line)
{
    std::string text;
    for (Index i = 0; i < rows; ++i) {
        if (i % kRowsBetweenChecks == 0) {
            if (progress.stopRequested())
                return stoppedError();
            progress.report("Writing", static_cast<double>(i) / static_cast<double>(rows));
        }
        line(i, text);
        text += '\n';
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        text.clear();
    }
    return {};
}

std::string lowerExtension(const std::string& path)
{
    return foldCase(std::filesystem::path(path).extension().string());
}

/// Tabs and line breaks inside a cell become spaces: the format knows no quoting.
std::string projectorCell(std::string_view text)
{
    return delimitedCell(text, '\t');
}

Status writeMetadata(const std::string& path, const Dataset& dataset, const Progress& progress)
{
    const Columns& columns = dataset.columns();
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        // One column alone goes without a header: the format tells one by its tab.
        for (std::size_t c = 0; columns.size() > 1 && c < columns.size(); ++c)
            out << (c > 0 ? "\t" : "") << projectorCell(columns[c].name());
        if (columns.size() > 1)
            out << '\n';
        return writeLines(out, dataset.size(), progress, [&](Index i, std::string& text) {
            for (std::size_t c = 0; c < columns.size(); ++c) {
                if (c > 0)
                    text += '\t';
                text += projectorCell(columns[c].text(i));
            }
            // A blank line would be skipped and shift all that follow.
            if (columns.size() == 1 && trimmed(text).empty())
                text = '-';
        });
    });
}

} // namespace

std::string delimitedCell(std::string_view text, char separator)
{
    std::string cell(text);
    if (separator == '\t') {
        for (char& c : cell)
            c = c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
        return cell;
    }
    const bool needsQuotes
        = cell.find_first_of(std::string("\"\r\n") + separator) != std::string::npos
        || (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
    if (!needsQuotes)
        return cell;
    std::string quoted = "\"";
    for (const char c : cell) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

Status writeProjectorTsv(const std::string& path, const Dataset& dataset, const Progress& progress)
{
    const MatrixView vectors = dataset.vectors();
    EMBEDSCOPE_TRY(writeAtomically(path, [&](std::ostream& out) {
        return writeLines(out, vectors.rows(), progress, [&](Index i, std::string& text) {
            for (Index j = 0; j < vectors.columns(); ++j) {
                if (j > 0)
                    text += '\t';
                appendNumber(text, vectors(i, j));
            }
        });
    }));
    if (dataset.columns().empty())
        return {};
    const std::filesystem::path given(path);
    const auto beside = given.parent_path() / (given.stem().string() + "_metadata.tsv");
    return writeMetadata(beside.string(), dataset, progress);
}

Status writeLayout(
    const std::string& path, const Dataset& dataset, const Layout& layout, const Progress& progress)
{
    const std::string extension = lowerExtension(path);
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
        return writeLines(out, layout.size(), progress, [&](Index i, std::string& text) {
            text += delimitedCell(dataset.label(static_cast<PointId>(i)), separator);
            for (Index j = 0; j < layout.dimensions(); ++j) {
                text += separator;
                appendNumber(text, layout.positions(i, j));
            }
        });
    });
}

Status writeRows(const std::string& path, const Dataset& dataset, const Layout* layout,
    const std::vector<PointId>& rows, const Progress& progress)
{
    return writeAtomically(path, [&](std::ostream& out) {
        constexpr std::array names{"x", "y", "z"};
        out << "row";
        for (const Column& column : dataset.columns())
            out << ',' << delimitedCell(column.name(), ',');
        for (int j = 0; layout != nullptr && j < layout->dimensions(); ++j)
            out << ',' << names[static_cast<std::size_t>(j)];
        out << '\n';
        const auto count = static_cast<Index>(rows.size());
        return writeLines(out, count, progress, [&](Index i, std::string& text) {
            const PointId id = rows[static_cast<std::size_t>(i)];
            text += std::to_string(id);
            for (const Column& column : dataset.columns())
                text += ',' + delimitedCell(column.text(id), ',');
            for (int j = 0; layout != nullptr && j < layout->dimensions(); ++j) {
                text += ',';
                appendNumber(text, layout->positions(id, j));
            }
        });
    });
}

} // namespace embedscope
