#include "core/base/text.h"
#include "core/io/writers/text_rows.h"
#include "core/io/writers/write.h"
#include "core/io/writers/writer_list.h"
#include "core/io/writers/writers.h"

#include <filesystem>

namespace embedscope {

namespace {

Status writeMetadata(const std::string& path, const RowsToWrite& rows, const Progress& progress)
{
    const auto& fields = rows.fields();
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        // One column alone goes without a heading: the format tells one by its tab.
        if (fields.size() > 1) {
            std::string line;
            for (const RowsToWrite::Field& field : fields)
                line += (line.empty() ? "" : "\t") + delimitedCell(field.name, '\t');
            EMBEDSCOPE_TRY(writeBytes(out, line + '\n'));
        }
        return writeRowsOfText(out, rows.size(), static_cast<Index>(fields.size()), progress,
            [&](Index i, std::string& text) {
                const std::size_t start = text.size();
                for (std::size_t c = 0; c < fields.size(); ++c) {
                    text += c > 0 ? "\t" : "";
                    text += delimitedCell(rows.text(fields[c], i), '\t');
                }
                // A blank line would be skipped and shift all that follow.
                if (fields.size() == 1 && trimmed(std::string_view(text).substr(start)).empty())
                    text += '-';
                text += '\n';
            });
    });
}

/// A sentence where cells hold what parts cells and lines in TSV.
void warnOfCells(const RowsToWrite& rows, std::vector<std::string>& warnings)
{
    Index changed = 0;
    for (const RowsToWrite::Field& field : rows.fields()) {
        if (field.column->kind() == ColumnKind::Number)
            continue;
        for (Index i = 0; i < rows.size(); ++i)
            changed += rows.text(field, i).find_first_of("\t\r\n") != std::string::npos ? 1 : 0;
    }
    if (changed > 0) {
        warnings.push_back(countOf(changed, "cell holds", "cells hold")
            + " tabs or line breaks, which part cells in TSV; they were written as spaces.");
    }
    if (rows.hasPictures())
        warnings.emplace_back("The metadata hold no pictures, so they were left out.");
}

} // namespace

std::string projectorMetadataPath(const std::string& path)
{
    constexpr std::string_view kTensors = "tensors";
    const std::filesystem::path given(path);
    std::string stem = given.stem().string();
    if (stem.ends_with(kTensors))
        stem.replace(stem.size() - kTensors.size(), kTensors.size(), "metadata");
    else
        stem += "_metadata";
    return (given.parent_path() / (stem + ".tsv")).string();
}

Status writeProjectorPair(const std::string& path, const RowsToWrite& rows,
    std::vector<std::string>& warnings, const Progress& progress)
{
    const auto d = static_cast<std::size_t>(rows.dimensions());
    const bool hasMetadata = !rows.fields().empty();
    if (d < 2) {
        return Error{ErrorCode::InvalidArgument,
            "the TensorFlow projector takes vectors of two values or more, and these have one",
            path, {}, {}};
    }
    warnOfCells(rows, warnings);
    return writeAtomically(path, [&](std::ostream& out) -> Status {
        EMBEDSCOPE_TRY(writeRowsOfText(out, rows.size(), rows.dimensions(),
            progress.part(0, hasMetadata ? 0.8 : 1), [&](Index i, std::string& text) {
                RowRoom room;
                appendNumbers(text, {rows.vector(i, room), d}, '\t');
                text += '\n';
            }));
        EMBEDSCOPE_TRY(flushBytes(out));
        // Within the writing of the vectors, so that both are new or both are old.
        return hasMetadata ? writeMetadata(projectorMetadataPath(path), rows, progress.part(0.8, 1))
                           : Status();
    });
}

} // namespace embedscope
