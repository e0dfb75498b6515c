#pragma once

#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

namespace embedscope {

struct ImageSize
{
    std::int32_t width = 0;
    std::int32_t height = 0;
};

/// Width and height of a PNG, JPEG, GIF, BMP or WebP picture, from its header alone: nothing is
/// decoded, and a picture that claims billions of pixels costs nothing.
/// returns  sides of 1 to 2^20 pixels; Unsupported for other files, Malformed or Truncated for
/// broken
///          headers.
Result<ImageSize> probeImageSize(const ByteSource& source);

} // namespace embedscope
