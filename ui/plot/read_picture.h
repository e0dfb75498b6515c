#pragma once

#include "core/data/columns.h"

#include <QImage>
#include <string>

namespace embedscope::ui {

/// Reads a picture file, or the rectangle of it that a row of an image column names; a null image
/// where that is impossible. A picture of more than 2^27 pixels (512 MB), such as a small file can
/// claim, is refused by its header and never decoded; so is what is no raster image.
///
/// sidePx   a whole picture is scaled down to this while it is read, where it is larger, and turned
///          as its camera says; 0: it stays as it is. Parts of a file are never scaled.
/// Thread: any.
QImage readPicture(const std::string& file, const ImageRect& rect, int sidePx);

/// Whether it stands for a picture file as a whole.
inline bool isWholePicture(const ImageRect& rect)
{
    return rect.width <= 0 || rect.height <= 0;
}

} // namespace embedscope::ui
