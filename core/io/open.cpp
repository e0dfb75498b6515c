#include "core/io/open.h"

#include "core/base/text.h"
#include "core/io/archives/unwrap.h"
#include "core/io/folder.h"
#include "core/io/tensors/shards.h"
#include "core/io/tokens/token_table.h"

#include <new>

namespace embedscope {

namespace {

Error withPath(Error error, const std::string& path)
{
    if (error.path.empty() && error.code != ErrorCode::Stopped)
        error.path = path;
    return error;
}

Error unknownColumn(const Dataset& dataset, const std::string& name)
{
    std::string list;
    for (const Column& column : dataset.columns())
        list += (list.empty() ? "\"" : ", \"") + printable(column.name()) + '"';
    return Error{ErrorCode::NotFound,
        "there is no column \"" + printable(name) + "\" to take the labels from; "
            + (list.empty() ? "the table has no columns beside its vectors"
                            : "the columns are " + list),
        dataset.provenance().path, {}, {}};
}

/// The table checked as a whole, with what the user laid beside it.
Result<std::shared_ptr<const Dataset>> finished(
    Table table, const ReadOptions& options, const Progress& progress)
{
    if (progress.stopRequested())
        return stoppedError();
    const std::string path = table.provenance.path;
    auto made = Dataset::make(std::move(table));
    if (!made)
        return withPath(std::move(made).error(), path);
    auto dataset = std::move(made).value();
    if (!options.metadataPath.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(dataset,
            withMetadataFile(
                dataset, options.metadataPath, progress.part(0.95, 1), options.metadataKey));
    }
    if (!options.labelColumn.empty()) {
        const auto column = findColumn(dataset->columns(), options.labelColumn);
        if (!column)
            return unknownColumn(*dataset, options.labelColumn);
        dataset = dataset->withLabelColumn(column);
    }
    progress.report("Read", 1);
    return dataset;
}

/// The file that a folder stands for, or the steps of a run in it.
Result<std::shared_ptr<const Dataset>> openFolder(
    const std::string& path, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const FolderContents contents, lookIntoFolder(path, progress));
    if (contents.steps.empty()) {
        EMBEDSCOPE_TRY_ASSIGN(auto source, openFile(contents.file));
        return openDataset(std::move(source), options, progress);
    }
    try {
        const std::string name = seriesName(contents.steps);
        EMBEDSCOPE_TRY_ASSIGN(
            Table table, readSeries(contents.steps, name, options, progress.part(0, 0.9)));
        table.provenance.path = path;
        if (!contents.left.empty()) {
            table.warnings.push_back(
                "Other files in the folder were left: " + printable(contents.left.front())
                + (contents.left.size() > 1 ? " and "
                            + formatCount(static_cast<Index>(contents.left.size() - 1)) + " more."
                                            : "."));
        }
        return finished(std::move(table), options, progress);
    } catch (const std::bad_alloc&) {
        return Error{
            ErrorCode::OutOfMemory, "there is not enough memory to open this folder", path, {}, {}};
    }
}

} // namespace

Result<std::shared_ptr<const Dataset>> openDataset(
    const std::string& path, const ReadOptions& options, const Progress& progress)
{
    if (isFolder(path))
        return openFolder(path, options, progress);
    EMBEDSCOPE_TRY_ASSIGN(auto source, openFile(path));
    return openDataset(std::move(source), options, progress);
}

Result<std::shared_ptr<const Dataset>> openDataset(
    std::shared_ptr<const ByteSource> source, const ReadOptions& options, const Progress& progress)
{
    try {
        EMBEDSCOPE_TRY_ASSIGN(
            const Unwrapped inside, unwrap(source, options, progress.part(0, 0.3)));
        const ByteSource& content = *inside.source;
        EMBEDSCOPE_TRY_ASSIGN(const Format* const format, detectFormat(content));
        auto table = format->read(content, options, progress.part(inside.isWrapped ? 0.3 : 0, 0.9));
        if (!table)
            return withPath(std::move(table).error(), content.path());
        inside.tell(*table);
        table->provenance.path = source->path();
        table->provenance.format = format->id;
        table->provenance.fileBytes = source->size();
        if (std::string note = shardNote(source->path()); !note.empty())
            table->provenance.notes.push_back(std::move(note));
        EMBEDSCOPE_TRY(labelTokens(*table, source->path(), options, progress.part(0.9, 0.95)));
        return finished(std::move(table).value(), options, progress);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory to open this file",
            source->path(), {}, {}};
    }
}

} // namespace embedscope
