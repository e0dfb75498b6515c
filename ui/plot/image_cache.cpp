#include "ui/plot/image_cache.h"

#include "ui/plot/read_picture.h"

#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr std::size_t kFilesKept = 256;
constexpr qint64 kBytesKept = 512LL * 1024 * 1024;
constexpr int kOwnSidePx = 256; ///< Of the picture of one point, on a screen of double density.

} // namespace

ImageCache::ImageCache(QObject* parent)
    : QObject(parent)
{
}

QImage ImageCache::image(const ImageValues& values, Index row)
{
    const auto r = static_cast<std::size_t>(row);
    if (row < 0 || r >= values.fileOf.size() || values.fileOf[r] < 0)
        return {};
    const std::string& path = values.files[static_cast<std::size_t>(values.fileOf[r])];
    const ImageRect& rect = values.rects[r];
    const bool isWhole = isWholePicture(rect);
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
        [&](const Entry& entry) { return entry.path == path && entry.isWhole == isWhole; });
    if (found != m_entries.end()) {
        m_entries.splice(m_entries.begin(), m_entries, found);
        const QImage& whole = m_entries.front().image;
        const QRect part = QRect(rect.x, rect.y, rect.width, rect.height) & whole.rect();
        return isWhole ? whole : part.isEmpty() ? QImage() : whole.copy(part);
    }
    if (m_loading == path)
        return {};
    m_loading = path;
    m_runner.run<QImage>(
        [path, isWhole](const JobContext&) -> Result<QImage> {
            // All of a sprite, for other rows need its other parts.
            return readPicture(path, {}, isWhole ? kOwnSidePx : 0);
        },
        [this, path, isWhole](Result<QImage> result) {
            m_loading.clear();
            m_entries.push_front({path, isWhole, result ? std::move(result).value() : QImage()});
            qint64 bytes = 0;
            for (auto entry = m_entries.begin(); entry != m_entries.end();) {
                bytes += entry->image.sizeInBytes();
                const bool isTooMuch = bytes > kBytesKept && entry != m_entries.begin();
                entry = isTooMuch ? m_entries.erase(entry) : std::next(entry);
            }
            while (m_entries.size() > kFilesKept)
                m_entries.pop_back();
            emit ready();
        });
    return {};
}

} // namespace embedscope::ui
