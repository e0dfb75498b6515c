#include "core/io/writers/writers.h"

#include "core/base/text.h"
#include "core/io/writers/writer_list.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace embedscope {

namespace {

constexpr std::array<std::string_view, 1> kCsv{"csv"};
constexpr std::array<std::string_view, 1> kTsv{"tsv"};
constexpr std::array<std::string_view, 1> kNpy{"npy"};
constexpr std::array<std::string_view, 1> kNpz{"npz"};
constexpr std::array<std::string_view, 3> kWord2VecText{"txt", "vec", "w2v"};
constexpr std::array<std::string_view, 1> kWord2VecBinary{"bin"};
constexpr std::array<std::string_view, 1> kSafetensors{"safetensors"};

constexpr std::array kWriters{
    Writer{"csv", "Comma-separated values",
        "All columns, then a column for each dimension, under one line of headings.", kCsv,
        writeCsv},
    Writer{"tsv", "TensorFlow projector",
        "The vectors as TSV without headings, and all columns in a file of metadata beside it.",
        kTsv, writeProjectorPair},
    Writer{"npy", "NumPy array", "The vectors alone, as float32.", kNpy, writeNpyRows},
    Writer{"npz", "NumPy archive", "The vectors as float32 and an array for each column.", kNpz,
        writeNpz},
    Writer{"word2vec-text", "word2vec text", "The label and the vector of each row.", kWord2VecText,
        writeWord2VecText},
    Writer{"word2vec-binary", "word2vec binary",
        "The label and the vector of each row, as float32.", kWord2VecBinary, writeWord2VecBinary},
    Writer{"safetensors", "safetensors", "The vectors alone, as one float32 tensor.", kSafetensors,
        writeSafetensors},
};

/// Adds the path where the writer did not know it.
Error withPath(Error error, const std::string& path)
{
    if (error.path.empty() && error.code != ErrorCode::Stopped)
        error.path = path;
    return error;
}

} // namespace

std::span<const Writer> writers()
{
    return kWriters;
}

Result<const Writer*> findWriter(std::string_view id, const std::string& path)
{
    std::string extension = foldCase(std::filesystem::path(path).extension().string());
    if (!extension.empty())
        extension.erase(0, 1);
    std::string known;
    for (const Writer& writer : kWriters) {
        const bool fits = id.empty()
            ? std::find(writer.extensions.begin(), writer.extensions.end(), extension)
                != writer.extensions.end()
            : writer.id == id;
        if (fits)
            return &writer;
        known += known.empty() ? "" : ", ";
        known += id.empty() ? "." + std::string(writer.extensions.front()) : std::string(writer.id);
    }
    return Error{ErrorCode::InvalidArgument,
        id.empty() ? "the name does not tell in which format to write; it must end in one of "
                + known + ", or the format be named"
                   : "there is no writer \"" + printable(id) + "\"; there are " + known,
        path, {}, {}};
}

Result<std::vector<std::string>> writeDataset(
    const std::string& path, std::string_view id, const RowsToWrite& rows, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Writer* const writer, findWriter(id, path));
    if (rows.size() == 0)
        return Error{ErrorCode::InvalidArgument, "there are no rows to write", path, {}, {}};
    std::vector<std::string> warnings;
    if (Status written = writer->write(path, rows, warnings, progress); !written)
        return withPath(std::move(written).error(), path);
    progress.report("Writing", 1);
    return warnings;
}

void warnOfColumns(const RowsToWrite& rows, bool keepsLabels, std::string_view format,
    std::vector<std::string>& warnings)
{
    std::string names;
    Index count = 0;
    for (std::size_t c = 0; c < rows.dataset().columns().size(); ++c) {
        if (keepsLabels && rows.dataset().labelColumn() == c)
            continue;
        names += (names.empty() ? "\"" : ", \"") + printable(rows.dataset().columns()[c].name())
            + '"';
        ++count;
    }
    if (count == 0)
        return;
    warnings.push_back(std::string(format) + " holds "
        + (keepsLabels ? "vectors and a label a row" : "vectors alone") + ", so "
        + (count == 1 ? "the column " + names + " was" : "the columns " + names + " were")
        + " left out.");
}

} // namespace embedscope
