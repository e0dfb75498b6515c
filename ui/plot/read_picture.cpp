#include "ui/plot/read_picture.h"

#include <QFile>
#include <QImageReader>
#include <algorithm>
#include <array>

namespace embedscope::ui {

namespace {

constexpr qint64 kMostPixels = qint64{1} << 27;
constexpr int kMostMebibytes = 512; ///< Of those pixels, four bytes each.

/// Formats of pixels alone: drawings can ask for more files.
constexpr auto kFormats
    = std::to_array<const char*>({"png", "jpeg", "jpg", "webp", "gif", "bmp", "tiff", "tif"});

} // namespace

QImage readPicture(const std::string& file, const ImageRect& rect, int sidePx)
{
    // Process-wide, and the same for all.
    static const bool kIsLimited = [] {
        QImageReader::setAllocationLimit(kMostMebibytes);
        return true;
    }();
    Q_UNUSED(kIsLimited)
    QImageReader reader(QFile::decodeName(file.c_str()));
    reader.setDecideFormatFromContent(true);
    const QByteArray format = reader.format();
    if (std::none_of(
            kFormats.begin(), kFormats.end(), [&](const char* known) { return format == known; }))
        return {};
    // The allocation limit does not count what a decoder needs for itself while it scales.
    const QSize size = reader.size();
    if (qint64{size.width()} * size.height() > kMostPixels)
        return {};
    if (!isWholePicture(rect)) {
        reader.setClipRect(QRect(rect.x, rect.y, rect.width, rect.height));
        return reader.read();
    }
    reader.setAutoTransform(true);
    if (sidePx > 0 && size.isValid() && std::max(size.width(), size.height()) > sidePx)
        reader.setScaledSize(size.scaled(sidePx, sidePx, Qt::KeepAspectRatio).expandedTo({1, 1}));
    return reader.read();
}

} // namespace embedscope::ui
