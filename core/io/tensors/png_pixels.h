#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// As much of PNG (ISO/IEC 15948) as it takes to find what was hidden in a picture.

/// Calls take(type, data) for each chunk, with its check sum held to be right, until it returns
/// false. Chunks larger than `most` bytes are skipped. Malformed or Truncated where the chain
/// breaks.
Status walkPngChunks(const ByteSource& source, std::uint64_t most,
    const std::function<bool(std::string_view type, std::string data)>& take);

struct PngPixels
{
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::vector<std::uint8_t> rgb; ///< Row-major, three bytes a pixel.
};

/// The picture, where it has 8 bits a channel, colour (with or without alpha) and no interlacing,
/// and at most 32 million pixels; Unsupported otherwise.
Result<PngPixels> readPngPixels(const ByteSource& source, const Progress& progress);

/// What zlib packed, at most `most` bytes of it; Malformed where it is broken. Bytes behind the
/// end of the stream are ignored.
Result<std::string> inflateZlib(
    std::string_view packed, std::uint64_t most, const std::string& path);

} // namespace embedscope
