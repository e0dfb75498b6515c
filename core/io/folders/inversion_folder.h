#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/io/format.h"

#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// Files of a folder among which textual inversions are looked for.
struct InversionFiles
{
    std::vector<std::string> tables; ///< What can be opened, textual inversion or not.
    /// PNG pictures that do not say at once that they carry one: their pixels may. They are
    /// pictures until something is found, so that nothing is said of those that carry none.
    std::vector<std::string> pictures;
    bool isCut = false; ///< The folder holds more files than are looked at.
};

/// Whether textual inversions come in files of that format.
bool canHoldInversion(const Format& format);

/// Reads the textual inversions of a folder, such as the "embeddings" of a picture program, as one
/// table; the column of sources names the file of each row. Where widths differ, those that most
/// files have are read. A warning names every table that is left out, and why.
///
/// returns  the table, its path the folder's; nullopt where there are fewer than two inversions
///          and other tables (or none and pictures alone); TooLarge, OutOfMemory, Stopped.
/// cost     opens every file; of what is no inversion at most 64 MB are read.
Result<std::optional<Table>> readInversionFolder(const std::string& folder,
    const InversionFiles& files, const ReadOptions& options, const Progress& progress);

} // namespace embedscope
