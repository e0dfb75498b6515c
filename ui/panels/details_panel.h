#pragma once

#include "core/base/index.h"
#include "core/data/dataset.h"
#include "ui/jobs/job_runner.h"

#include <QString>
#include <QWidget>

class QLabel;
class QPushButton;

namespace embedscope {
class Dataset;
}

namespace embedscope::ui {

class HintLabel;
class PointPicture;
class VectorChart;
class Workspace;

/// Everything known of the point under the mouse or, without one, of the current point; of several
/// selected ones a summary; of the table where none is meant.
class DetailsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit DetailsPanel(Workspace& workspace, QWidget* parent = nullptr);

    /// Values and chart without scrolling, for a table of a few columns.
    QSize sizeHint() const override;

private:
    void update();
    void showInversion(const InversionCard& card);
    void showPoint(const Dataset& dataset, PointId point);
    void showSeveral();
    void showTable(const Dataset& dataset);
    void showNothing(const QString& sentence);
    void showPicture(const Dataset& dataset, PointId point);
    void copyVector() const;
    void copyValues() const;

    Workspace& m_workspace;
    QLabel* m_title;
    HintLabel* m_subtitle;
    QLabel* m_values;
    PointPicture* m_picture;
    VectorChart* m_chart;
    QPushButton* m_copyVector;
    QPushButton* m_copyValues;
    PointId m_point = kNoPoint; ///< Shown now.
    JobRunner m_runner;
};

} // namespace embedscope::ui
