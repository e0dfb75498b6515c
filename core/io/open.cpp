#include "core/io/open.h"

#include "core/base/text.h"
#include "core/io/archives/unwrap.h"
#include "core/io/tokens/token_table.h"

#include <new>

namespace embedscope {

namespace {

Error withPath(Error error, const ByteSource& source)
{
    if (error.path.empty() && error.code != ErrorCode::Stopped)
        error.path = source.path();
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

} // namespace

Result<std::shared_ptr<const Dataset>> openDataset(
    const std::string& path, const ReadOptions& options, const Progress& progress)
{
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
            return withPath(std::move(table).error(), content);
        inside.tell(*table);
        table->provenance.path = source->path();
        table->provenance.format = format->id;
        table->provenance.fileBytes = source->size();
        EMBEDSCOPE_TRY(labelTokens(*table, source->path(), options, progress.part(0.9, 0.95)));
        if (progress.stopRequested())
            return stoppedError();
        auto made = Dataset::make(std::move(table).value());
        if (!made)
            return withPath(std::move(made).error(), *source);
        auto dataset = std::move(made).value();
        if (!options.metadataPath.empty()) {
            EMBEDSCOPE_TRY_ASSIGN(dataset,
                withMetadataFile(
                    dataset, options.metadataPath, progress.part(0.9, 1), options.metadataKey));
        }
        if (!options.labelColumn.empty()) {
            const auto column = findColumn(dataset->columns(), options.labelColumn);
            if (!column)
                return unknownColumn(*dataset, options.labelColumn);
            dataset = dataset->withLabelColumn(column);
        }
        progress.report("Read", 1);
        return dataset;
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::OutOfMemory, "there is not enough memory to open this file",
            source->path(), {}, {}};
    }
}

} // namespace embedscope
