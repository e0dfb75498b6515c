#pragma once

#include "core/base/result.h"
#include "core/data/columns.h"
#include "core/io/bytes/byte_source.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope {

/// One table of a TensorFlow projector configuration, as it stands there.
struct ProjectorSet
{
    std::string name;
    std::optional<std::pair<Index, Index>> shape;
    std::string tensorPath;
    std::string metadataPath;
    std::string bookmarksPath;
    std::string imagePath;
    std::optional<std::pair<Index, Index>> imageSize; ///< Width and height of one thumbnail.
};

/// The sets of a configuration: JSON (keys in camelCase or snake_case) or the text format of
/// protocol buffers. Malformed where it is none.
Result<std::vector<ProjectorSet>> parseProjectorConfig(const ByteSource& source);

/// The part of it that reads projector_config.pbtxt. Fields that we have no use for are passed
/// over.
Result<std::vector<ProjectorSet>> parseProjectorPbtxt(
    std::string_view text, const std::string& path);

/// Whether the beginning of a text is such a file.
bool looksLikeProjectorPbtxt(std::string_view text);

/// Where a path of a configuration is on this machine: inside the configuration's own folder as it
/// stands there, else by its base name beside the configuration. Addresses on the net are never
/// fetched, and nothing outside the folder is read. nullopt where there is no such file.
std::optional<std::string> findBesideConfig(const std::string& configPath, const std::string& path);

/// The pictures of n points in one sprite, row after row from the top left corner. A warning is
/// added where there are fewer pictures than points.
Result<Column> spriteColumn(const std::string& imagePath,
    std::optional<std::pair<Index, Index>> imageSize, Index points,
    std::vector<std::string>& warnings);

} // namespace embedscope
