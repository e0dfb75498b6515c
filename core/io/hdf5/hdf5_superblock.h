#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace embedscope {

/// Where the signature of HDF5 stands: at 0, or at 512, 1024, 2048 … behind a block of the user's
/// own; nullopt where it does not stand within `bytes`.
std::optional<std::uint64_t> findHdf5Signature(std::string_view bytes);

/// Compares where the file says it ends with where it does, so that a half-finished download is
/// told by name without asking the library. returns  Truncated, or nothing.
Status checkHdf5End(const ByteSource& source);

} // namespace embedscope
