#pragma once

#include "core/data/columns.h"
#include "ui/jobs/job_runner.h"

#include <QImage>
#include <QObject>
#include <list>
#include <string>

namespace embedscope::ui {

/// Pictures of image columns. Files are decoded in the background, one at a time, and the last are
/// kept: a sprite holds the pictures of all points, and a picture that is a point's own is kept no
/// larger than a map shows it. Thread: main thread only.
class ImageCache : public QObject
{
    Q_OBJECT

public:
    explicit ImageCache(QObject* parent = nullptr);

    /// The point's picture, cut out of its file; a null image where there is none, where it cannot
    /// be read, or while its file is being decoded: then ready() follows.
    QImage image(const ImageValues& values, Index row);

signals:
    void ready();

private:
    struct Entry
    {
        std::string path;
        bool isWhole; ///< Scaled down as the picture of one point.
        QImage image; ///< Null where the file could not be decoded.
    };

    JobRunner m_runner;
    std::string m_loading;
    std::list<Entry> m_entries; ///< Last used first.
};

} // namespace embedscope::ui
