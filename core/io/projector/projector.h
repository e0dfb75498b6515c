#pragma once

#include "core/base/result.h"
#include "core/data/columns.h"
#include "core/io/bytes/byte_source.h"

#include <optional>
#include <string>
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
    std::string imagePath;
    std::optional<std::pair<Index, Index>> imageSize; ///< Width and height of one thumbnail.
};

/// The sets of a JSON configuration (keys in camelCase or snake_case). Malformed where it is none.
Result<std::vector<ProjectorSet>> parseProjectorConfig(const ByteSource& source);

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
