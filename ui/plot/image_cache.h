#pragma once

#include "core/data/columns.h"
#include "ui/jobs/job_runner.h"

#include <QImage>
#include <QObject>
#include <QString>
#include <list>
#include <memory>

namespace embedscope::ui {

/// Pictures of image columns. Files are decoded in the background, one at a time, and the last few
/// are kept: a sprite holds the pictures of all points. Thread: main thread only.
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
        QString path;
        QImage image; ///< Null where the file could not be decoded.
    };

    JobRunner m_runner;
    QString m_loading;
    std::list<Entry> m_entries; ///< Last used first.
};

} // namespace embedscope::ui
