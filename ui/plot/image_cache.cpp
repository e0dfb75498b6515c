#include "ui/plot/image_cache.h"

#include <QFile>
#include <QImageReader>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr std::size_t kFilesKept = 16;
constexpr qint64 kBytesKept = 512LL * 1024 * 1024;
constexpr int kDecodeLimitMb = 512;

QImage decode(const QString& path)
{
    QImageReader reader(path);
    reader.setAutoTransform(true);
    reader.setAllocationLimit(kDecodeLimitMb);
    return reader.read();
}

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
    const QString path = QFile::decodeName(
        QByteArray::fromStdString(values.files[static_cast<std::size_t>(values.fileOf[r])]));
    const auto found = std::find_if(
        m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.path == path; });
    if (found != m_entries.end()) {
        m_entries.splice(m_entries.begin(), m_entries, found);
        const QImage& whole = m_entries.front().image;
        const ImageRect& rect = values.rects[r];
        const QRect part = QRect(rect.x, rect.y, rect.width, rect.height) & whole.rect();
        // A rectangle without extent means the whole file.
        return rect.width <= 0 || rect.height <= 0 ? whole
            : part.isEmpty()                       ? QImage()
                                                   : whole.copy(part);
    }
    if (m_loading == path)
        return {};
    m_loading = path;
    m_runner.run<QImage>([path](const JobContext&) -> Result<QImage> { return decode(path); },
        [this, path](Result<QImage> result) {
            m_loading.clear();
            m_entries.push_front({path, result ? std::move(result).value() : QImage()});
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
