#pragma once

#include "core/io/format.h"

#include <memory>
#include <string>

namespace embedscope {

/// Opens any file we read: finds its format, reads it, checks it, lays metadata beside it.
/// The one entrance for the window, the commands and the tests.
/// returns  the dataset; or an Error that names the file and the place in it.
Result<std::shared_ptr<const Dataset>> openDataset(
    const std::string& path, const ReadOptions& options, const Progress& progress);

/// The same from bytes in hand, as the fuzz targets and tests use it.
Result<std::shared_ptr<const Dataset>> openDataset(std::shared_ptr<const ByteSource> source,
    const ReadOptions& options, const Progress& progress);

/// Lays a metadata file (CSV, TSV, JSON lines) beside an open table, row by row. A header line is
/// told from a value line by content and count. Where the counts differ by more than a header the first
/// rows are paired, the rest is missing, and a warning says so.
Result<std::shared_ptr<const Dataset>> withMetadataFile(
    const std::shared_ptr<const Dataset>& dataset, const std::string& path, const Progress& progress);

} // namespace embedscope
