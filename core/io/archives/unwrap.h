#pragma once

#include "core/io/format.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// A file with what was wrapped around it taken off.
struct Unwrapped
{
    /// Its bytes, in memory, under the name wrapper/member, so that the extension is its own and
    /// nothing stands beside it; what the caller passed where nothing was wrapped around it.
    std::shared_ptr<const ByteSource> source;
    bool isWrapped = false;
    std::vector<std::string> notes; ///< What was read from where; a sentence each.
    std::vector<std::string> warnings;

    /// Puts the notes and warnings before those of what was read.
    void tell(Table& table) const;
};

/// Takes off gzip, bzip2, xz, zstd, ZIP and tar, two layers at most (a compressed tar archive is
/// one). Archives that are a format of their own (.npz, PyTorch) stay as they are. In an
/// archive of several files the one that looks most like a table is taken, with a warning that
/// names the others, or ReadOptions::member.
///
/// options  member, and maxBytes, which bounds what is held in memory.
/// returns  TooLarge for what unpacks to more than is allowed or is plainly a bomb; Malformed,
///          Truncated, Unsupported, NotFound; Stopped.
/// cost     what is unpacked lies in memory as long as the source lives.
Result<Unwrapped> unwrap(
    std::shared_ptr<const ByteSource> source, const ReadOptions& options, const Progress& progress);

/// The same from a path, for files that are read beside another.
Result<Unwrapped> openUnwrapped(
    const std::string& path, const ReadOptions& options, const Progress& progress);

} // namespace embedscope
