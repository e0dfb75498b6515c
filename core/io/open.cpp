#include "core/io/open.h"

#include "core/base/memory_budget.h"
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

/// Whether more was asked for than the rows that were wanted.
bool isWhole(const RefusedTable& refused, const RowChoice& choice)
{
    const Index wanted = choice.range ? choice.range->second - choice.range->first : choice.sample;
    return refused.rows > wanted;
}

/// Reads within the memory that there is.
Result<Table> readTable(const Format& format, const ByteSource& source, const ReadOptions& options,
    const Progress& progress)
{
    const MemoryBudget budget(options.maxMemory);
    auto table = format.read(source, options, progress);
    if (table)
        return table;
    Error error = withPath(std::move(table).error(), source);
    if (error.refused && !options.rows.isAll() && isWhole(*error.refused, options.rows))
        error.detail += "; a file of this format is read whole before rows of it are chosen";
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
        auto read
            = readTable(*format, content, options, progress.part(inside.isWrapped ? 0.3 : 0, 0.9));
        // Odd bytes have a simple reason where the file is just being written.
        if (const Status unchanged = source->checkUnchanged();
            !unchanged && (read || read.error().code != ErrorCode::Stopped))
            return unchanged.error();
        EMBEDSCOPE_TRY_ASSIGN(Table table, std::move(read));
        inside.tell(table);
        table.provenance.path = source->path();
        table.provenance.format = format->id;
        table.provenance.fileBytes = source->size();
        EMBEDSCOPE_TRY(labelTokens(table, source->path(), options, progress.part(0.9, 0.95)));
        EMBEDSCOPE_TRY(applyRowChoice(options.rows, table, source->path()));
        if (progress.stopRequested())
            return stoppedError();
        auto made = Dataset::make(std::move(table));
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
