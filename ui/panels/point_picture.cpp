#include "ui/panels/point_picture.h"

#include "ui/plot/read_picture.h"

#include <QFile>
#include <QPixmap>
#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr int kSidePx = 112;

} // namespace

PointPicture::PointPicture(QWidget* parent)
    : QLabel(parent)
{
    setAlignment(Qt::AlignCenter);
    setAccessibleName(tr("Picture of the point"));
    setVisible(false);
}

void PointPicture::setPicture(const ImageValues& values, Index row)
{
    const auto at = static_cast<std::size_t>(row);
    if (values.fileOf[at] < 0) {
        clearPicture();
        return;
    }
    const std::string& file = values.files[static_cast<std::size_t>(values.fileOf[at])];
    const ImageRect rect = values.rects[at];
    const QString key = QStringLiteral("%1|%2|%3|%4|%5")
                            .arg(QFile::decodeName(file.c_str()))
                            .arg(rect.x)
                            .arg(rect.y)
                            .arg(rect.width)
                            .arg(rect.height);
    if (key == m_shown)
        return;
    m_shown = key;
    m_runner.run<QImage>(
        [file, rect, side = sidePx()](
            const JobContext&) -> Result<QImage> { return readPicture(file, rect, side); },
        [this](Result<QImage> result) {
            if (result)
                show(*result);
        });
}

void PointPicture::clearPicture()
{
    m_runner.discard();
    m_shown.clear();
    setVisible(false);
    QLabel::clear();
}

int PointPicture::sidePx() const
{
    return static_cast<int>(kSidePx * devicePixelRatioF());
}

void PointPicture::show(const QImage& image)
{
    if (image.isNull()) {
        setText(tr("The picture could not be read."));
    } else {
        // Few large pixels stay sharp; a photograph is smoothed.
        const int side = sidePx();
        const bool isSmall = std::max(image.width(), image.height()) * 2 <= side;
        QPixmap pixmap = QPixmap::fromImage(image.scaled(side, side, Qt::KeepAspectRatio,
            isSmall ? Qt::FastTransformation : Qt::SmoothTransformation));
        pixmap.setDevicePixelRatio(devicePixelRatioF());
        setPixmap(pixmap);
    }
    setVisible(true);
}

} // namespace embedscope::ui
