#pragma once

#include "core/data/columns.h"
#include "ui/jobs/job_runner.h"

#include <QImage>
#include <QLabel>

namespace embedscope::ui {

/// Shows the picture of a row of an image column, read and decoded in the background: only the
/// rectangle of the file that belongs to the row.
class PointPicture : public QLabel
{
    Q_OBJECT

public:
    explicit PointPicture(QWidget* parent = nullptr);

    void setPicture(const ImageValues& values, Index row);
    void clearPicture();

private:
    void show(const QImage& image);

    QString m_shown; ///< File and rectangle, so that the same picture is not read twice.
    JobRunner m_runner;
};

/// Reads the rectangle of a picture file; a null image where that is impossible. Any thread.
QImage readPicture(const std::string& file, const ImageRect& rect);

} // namespace embedscope::ui
