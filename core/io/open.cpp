#include "core/io/open.h"

#include "core/base/memory_budget.h"
#include "core/base/text.h"
#include "core/io/archives/unwrap.h"
#include "core/io/folder.h"
#include "core/io/folders/pictures.h"
#include "core/io/folders/steps.h"
#include "core/io/half_table.h"
#include "core/io/open_joined.h"
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

/// Whether more was asked for than the rows that were wanted.
bool isWhole(const RefusedTable& refused, const RowChoice& choice)
{
    const Index wanted = choice.range ? choice.range->second - choice.range->first : choice.sample;
    return refused.rows > wanted;
}

/// Reads within the memory that there is.
Result<HalfTable> readTable(const Format& format, const ByteSource& source,
    const ReadOptions& options, const Progress& progress)
{
    const MemoryBudget budget(options.maxMemory);
    // A part is small enough to be rounded at the end.
    if (options.isHalf && options.rows.isAll()) {
        auto halves = readAsHalves(format, source, options, progress);
        return halves ? std::move(halves) : withPath(std::move(halves).error(), source.path());
    }
    auto table = format.read(source, options, progress);
    if (table)
        return HalfTable{std::move(table).value(), {}};
    Error error = withPath(std::move(table).error(), source.path());
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

/// The table checked as a whole, with what the user laid beside it.
/// vectors   where they are not in the table.
Result<std::shared_ptr<const Dataset>> finished(
    Table table, Vectors vectors, const ReadOptions& options, const Progress& progress)
{
    if (progress.stopRequested())
        return stoppedError();
    const std::string path = table.provenance.path;
    EMBEDSCOPE_TRY(applyRowChoice(options.rows, table, path));
    if (vectors.isEmpty() && options.isHalf && !table.vectors.isEmpty()) {
        EMBEDSCOPE_TRY_ASSIGN(
            HalfRows halves, HalfRows::make(table.vectors.rows(), table.vectors.columns()));
        EMBEDSCOPE_TRY(halves.append(table.vectors, progress));
        halves.tell(table);
        vectors = halves.take();
    } else if (vectors.isEmpty()) {
        vectors = std::move(table.vectors);
    }
    auto made = Dataset::make(std::move(table), std::move(vectors));
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

/// What is in a file, with what was wrapped around it taken off.
/// steps   of the run that the file may be one of; left empty where it is none.
Result<std::shared_ptr<const Dataset>> openContent(const ByteSource& source,
    const Unwrapped& inside, const ReadOptions& options, std::vector<SeriesStep>& steps,
    const Progress& progress)
{
    const ByteSource& content = *inside.source;
    EMBEDSCOPE_TRY_ASSIGN(const Format* const format, detectFormat(content));
    auto read = readTable(*format, content, options, progress.part(0, 0.9));
    // Odd bytes have a simple reason where the file is just being written.
    if (const Status unchanged = source.checkUnchanged();
        !unchanged && (read || read.error().code != ErrorCode::Stopped))
        return unchanged.error();
    if (!read)
        return withPath(std::move(read).error(), content.path());
    Table table = std::move(read->table);
    inside.tell(table);
    table.provenance.path = source.path();
    table.provenance.format = format->id;
    table.provenance.fileBytes = source.size();
    if (std::string note = shardNote(source.path()); !note.empty())
        table.provenance.notes.push_back(std::move(note));
    if (table.fileRows() > kMostStepVectors || isTextFormat(*format))
        steps.clear();
    if (std::string note = seriesNote(source.path(), steps); !note.empty())
        table.provenance.notes.push_back(std::move(note));
    EMBEDSCOPE_TRY(labelTokens(table, source.path(), options, progress.part(0.9, 0.95)));
    return finished(std::move(table), std::move(read->vectors), options, progress);
}

Error noMemory(const std::string& path)
{
    return Error{
        ErrorCode::OutOfMemory, "there is not enough memory to open this file", path, {}, {}};
}

/// The steps of a run that lie in a folder, as one table.
Result<std::shared_ptr<const Dataset>> openSeries(const std::string& path,
    const FolderContents& contents, const ReadOptions& options, const Progress& progress)
{
    ReadOptions whole = options;
    whole.rows = {}; // chosen of all steps together, and so is how they are kept
    whole.isHalf = false;
    EMBEDSCOPE_TRY_ASSIGN(Table table,
        readSeries(contents.steps, seriesName(contents.steps), whole, progress.part(0, 0.9)));
    table.provenance.path = path;
    if (!contents.left.empty()) {
        table.warnings.push_back(
            "Other files in the folder were left: " + printable(contents.left.front())
            + (contents.left.size() > 1
                    ? " and " + formatCount(static_cast<Index>(contents.left.size() - 1)) + " more."
                    : "."));
    }
    return finished(std::move(table), {}, options, progress);
}

/// Opens a file, or stops at its list where it `asks`.
/// steps   by its name, of the run that it is one of.
Result<Opening> openSource(const std::shared_ptr<const ByteSource>& source,
    const ReadOptions& options, bool lists, bool asks, std::vector<SeriesStep> steps,
    const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Unwrapped inside, unwrap(source, options, progress.part(0, 0.3)));
    Opening opening;
    if (lists) {
        // What cannot be listed is left to be said by the reader.
        auto tables = listTables(*inside.source, options, Progress(progress.stopToken()));
        if (tables)
            opening.tables = std::move(tables).value();
        const bool isClear = opening.tables.candidates() < 2 || opening.tables.isClear;
        if (asks && !isClear && options.tensor.empty())
            return opening;
    }
    EMBEDSCOPE_TRY_ASSIGN(opening.dataset,
        openContent(*source, inside, options, steps, progress.part(inside.isWrapped ? 0.3 : 0, 1)));
    opening.steps = std::move(steps);
    return opening;
}

/// What a folder stands for, where that is not one of its files.
Result<std::shared_ptr<const Dataset>> openMany(const std::string& path,
    const FolderContents& contents, const ReadOptions& options, const Progress& progress)
{
    if (!contents.steps.empty())
        return openSeries(path, contents, options, progress);
    EMBEDSCOPE_TRY_ASSIGN(
        auto table, readInversionFolder(path, contents.inversions, options, progress.part(0, 0.9)));
    if (!table)
        return *contents.otherwise;
    return finished(*std::move(table), {}, options, progress);
}

/// A table of a folder with the pictures there that its rows are about. Where only the text file
/// beside it says which, it is laid beside the table.
Result<std::shared_ptr<const Dataset>> withFolder(const std::shared_ptr<const Dataset>& dataset,
    const FolderContents& contents, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(auto pictured, withPictures(dataset, contents.pictures, progress));
    const bool isFound = pictured->columns().size() > dataset->columns().size();
    if (isFound || contents.pictures.empty() || contents.metadata.empty()
        || !options.metadataPath.empty())
        return pictured;
    const auto described = withMetadataFile(dataset, contents.metadata, progress);
    if (!described)
        return dataset;
    EMBEDSCOPE_TRY_ASSIGN(pictured, withPictures(*described, contents.pictures, progress));
    if (pictured->columns().size() == (*described)->columns().size())
        return dataset;
    return pictured->withColumns({}, std::nullopt,
        {printable(tableName(contents.metadata))
            + " was laid beside the table: it names the pictures of the folder."},
        {});
}

Result<Opening> openPath(const std::string& path, const ReadOptions& options, bool lists, bool asks,
    const Progress& progress)
{
    try {
        FolderContents contents;
        contents.file = path;
        if (isFolder(path)) {
            EMBEDSCOPE_TRY_ASSIGN(contents, lookIntoFolder(path, progress));
        } else if (isSeriesPattern(path)) {
            contents.steps = stepsOf(path);
            if (contents.steps.empty())
                return Error{ErrorCode::NotFound, "there are no such steps of a run", path, {}, {}};
        }
        if (!contents.steps.empty() || contents.otherwise) {
            EMBEDSCOPE_TRY_ASSIGN(auto many, openMany(path, contents, options, progress));
            return Opening{{}, std::move(many), {}};
        }
        EMBEDSCOPE_TRY_ASSIGN(const auto source, openFile(contents.file));
        EMBEDSCOPE_TRY_ASSIGN(Opening opening,
            openSource(source, options, lists, asks, stepsBeside(contents.file), progress));
        if (opening.dataset) {
            EMBEDSCOPE_TRY_ASSIGN(opening.dataset,
                withFolder(opening.dataset, contents, options, Progress(progress.stopToken())));
        }
        return opening;
    } catch (const std::bad_alloc&) {
        return noMemory(path);
    }
}

} // namespace

Result<std::shared_ptr<const Dataset>> openDataset(
    const std::string& path, const ReadOptions& options, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(Opening opening, openPath(path, options, false, false, progress));
    return std::move(opening.dataset);
}

Result<std::shared_ptr<const Dataset>> openDataset(
    std::shared_ptr<const ByteSource> source, const ReadOptions& options, const Progress& progress)
{
    try {
        EMBEDSCOPE_TRY_ASSIGN(
            Opening opening, openSource(source, options, false, false, {}, progress));
        return std::move(opening.dataset);
    } catch (const std::bad_alloc&) {
        return noMemory(source->path());
    }
}

Result<Opening> openAndList(
    const std::string& path, const ReadOptions& options, bool asks, const Progress& progress)
{
    return openPath(path, options, true, asks, progress);
}

} // namespace embedscope
