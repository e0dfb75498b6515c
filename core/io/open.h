#pragma once

#include "core/io/format.h"
#include "core/io/tensors/inversion_series.h"

#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// Opens any file we read, or the folder that stands for one (see core/io/folder.h), or the steps
/// of a run by their pattern (core/io/folders/steps.h): finds its format, reads it, checks it, lays
/// metadata beside it.
/// The one entrance for the window, the commands and the tests.
/// returns  the dataset; or an Error that names the file and the place in it.
Result<std::shared_ptr<const Dataset>> openDataset(
    const std::string& path, const ReadOptions& options, const Progress& progress);

/// The same from bytes in hand, as the fuzz targets and tests use it.
Result<std::shared_ptr<const Dataset>> openDataset(
    std::shared_ptr<const ByteSource> source, const ReadOptions& options, const Progress& progress);

/// The tables of a file, from its headers alone: what there is to choose from.
struct TableList
{
    const Format* format = nullptr;
    /// In file order; empty where a file of this format holds one table.
    std::vector<TensorSummary> tables;
    std::optional<std::size_t> best; ///< What opens where nothing is asked for.
    /// Whether `best` stands out so far that nobody need be asked.
    bool isClear = true;

    /// How many could be opened.
    std::size_t candidates() const;
};

/// Lists without reading any table. The same errors as openDataset() where already the header is
/// broken.
Result<TableList> listTables(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

/// What opening a file came to.
struct Opening
{
    TableList tables; ///< Of the file, where it holds several.
    std::shared_ptr<const Dataset> dataset; ///< Null where it is to be asked which table is meant.
    /// All steps of the run that the file is one of; empty where it is none. seriesPattern() of
    /// the file (core/io/folders/steps.h) opens them.
    std::vector<SeriesStep> steps;
};

/// openDataset() and listTables() in one, which looks into the file, or unpacks it, once.
/// asks   leaves the tables unread where several could be meant and options name none.
Result<Opening> openAndList(
    const std::string& path, const ReadOptions& options, bool asks, const Progress& progress);

/// Names the rows of an open table by a tokenizer file: columns for the token, its type, length,
/// script and spelling. InvalidArgument where there are more tokens than rows.
Result<std::shared_ptr<const Dataset>> withTokenizerFile(
    const std::shared_ptr<const Dataset>& dataset, const std::string& path,
    const Progress& progress);

/// Lays a metadata file (CSV, TSV, JSON lines; perhaps compressed) beside an open table.
///
/// key      empty: row by row. A header line is told from a value line by content and count. Where
///          the counts differ, or the order does, and the values of one of its columns are the
///          labels of most points, its rows are found by that column, and a warning says so; else
///          the first rows are paired, the rest is missing, and a warning says that. Otherwise a
///          column of the metadata, whose values are those of the table's column of that name or
///          its labels: rows are found by them, in any order.
/// returns  NotFound where there is no such column, or none of its values belongs to the table.
Result<std::shared_ptr<const Dataset>> withMetadataFile(
    const std::shared_ptr<const Dataset>& dataset, const std::string& path,
    const Progress& progress, const std::string& key = {});

} // namespace embedscope
