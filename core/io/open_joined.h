#pragma once

#include "core/io/open.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// A further file whose rows stand below those of the first.
struct AddedFile
{
    std::string path;
    ReadOptions options;
};

/// How a further file is read: as the first, but for what is said of one file alone (its shape,
/// tensor, member, metadata, label column, tokenizer and rows).
ReadOptions optionsOfAdded(const ReadOptions& first);

/// The last part of a path, by which a table is called among others.
std::string tableName(const std::string& path);

/// Formats by their names, where a table says which its files had: "PyTorch, safetensors" for
/// "pytorch, safetensors".
std::string formatNames(const std::string& ids);

/// Opens a file and, where there are others, joins their tables below it; see joinDatasets(). What
/// does not fit into memory, an added table or the joined one, is refused before it is read.
Result<std::shared_ptr<const Dataset>> openJoined(const std::string& path,
    const ReadOptions& options, const std::vector<AddedFile>& added, const Progress& progress);

/// Joins tables that are open, each called by its file's name.
///
/// maxMemory   what the joined table may take, see ReadOptions; nullopt: what is free beside them.
Result<std::shared_ptr<const Dataset>> joinTables(
    const std::vector<std::shared_ptr<const Dataset>>& tables,
    std::optional<std::uint64_t> maxMemory, const Progress& progress);

} // namespace embedscope
