#pragma once

#include "core/data/columns.h"
#include "ui/jobs/job_runner.h"

#include <QImage>
#include <QLabel>

namespace embedscope::ui {

/// Shows the picture of a row of an image column, read and decoded in the background: a file of its
/// own, or only the rectangle of a file that belongs to the row.
class PointPicture : public QLabel
{
    Q_OBJECT

public:
    explicit PointPicture(QWidget* parent = nullptr);

    void setPicture(const ImageValues& values, Index row);
    void clearPicture();

private:
    int sidePx() const;
    void show(const QImage& image);

    QString m_shown; ///< File and rectangle, so that the same picture is not read twice.
    JobRunner m_runner;
};

} // namespace embedscope::ui
