#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <string>
#include <utility>
#include <vector>

namespace embedscope {

/// Checkpoints in several files: model.safetensors.index.json and pytorch_model.bin.index.json say
/// which tensor is in which.

struct ShardIndex
{
    std::vector<std::pair<std::string, std::string>> tensors; ///< Name and file, in its order.
};

/// Malformed where it is none; its files are not looked for.
Result<ShardIndex> parseShardIndex(const ByteSource& source);

/// A sentence on what the file is a part of, where its name says that it is one
/// ("…-00001-of-00003"); else empty.
std::string shardNote(const std::string& path);

} // namespace embedscope
