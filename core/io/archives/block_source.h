#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/archives/expansion.h"
#include "core/io/archives/input_stream.h"
#include "core/io/bytes/byte_source.h"

#include <functional>
#include <memory>
#include <string>

namespace embedscope {

/// Reads a stream to its end into blocks of memory, which grow with what really comes and are never
/// moved, and makes a source of them.
///
/// stream      what to read.
/// name        of the source.
/// already     bytes that were unpacked of the same file before, for the check of the expansion.
/// onBytes     called after each block with how many bytes there are by now; may be empty.
/// returns     TooLarge where the expansion is; Malformed where there is nothing; the stream's own
///             errors; Stopped.
Result<std::shared_ptr<const ByteSource>> readIntoBlocks(InputStream& stream, std::string name,
    const Expansion& expansion, std::uint64_t already, const Progress& progress,
    const std::function<void(std::uint64_t)>& onBytes);

} // namespace embedscope
