#pragma once

#include "core/analysis/quality.h"
#include "ui/jobs/job_runner.h"
#include "ui/workspace/point_examiner.h"

#include <QObject>
#include <QString>
#include <QTimer>
#include <memory>
#include <vector>

namespace embedscope::ui {

class LayoutList;
class ProjectionState;
class SelectionState;

/// How far the layout shown can be trusted: its figures, measured in the background as soon as its
/// points rest, the columns that say it of each point, and which neighbours of the current and of
/// the hovered point it tore away. Figures are kept for each layout as long as it lives.
class QualityState : public QObject
{
    Q_OBJECT

public:
    enum class Phase
    {
        Idle, ///< There is no layout.
        Waiting, ///< Points move, or have only just come to rest.
        Measuring,
        Measured,
        Skipped, ///< So large that it is measured only when asked for.
        Stopped, ///< By the user.
        Failed
    };

    /// The columns of the layout, by their number in columns().
    enum MapColumn : std::size_t
    {
        TrustColumn,
        KeptColumn
    };

    QualityState(SelectionState* selection, ProjectionState* projection, LayoutList* layouts,
        QObject* parent = nullptr);

    Phase phase() const { return m_phase; }
    const QString& stage() const { return m_stage; }
    double fraction() const { return m_fraction; }
    const QString& error() const { return m_error; }
    /// Of the layout shown; null unless it is measured.
    const std::shared_ptr<const LayoutQuality>& quality() const { return m_quality; }
    /// Trustworthiness and share of neighbours kept of each point, in the order of MapColumn;
    /// missing where a row was not examined. Null unless the layout shown is measured.
    const std::shared_ptr<const Columns>& columns() const { return m_columns; }

    /// Measures the layout shown whatever its size; does nothing where that is done.
    void measure();
    /// Ends the measuring; nothing is kept of it.
    void stop();

    /// Whether the map is to mark torn and false neighbours.
    bool isOverlayShown() const { return m_isOverlayShown; }
    void setOverlayShown(bool isShown);
    /// Of the current point; null where there is none or points move.
    const std::shared_ptr<const PointFaithfulness>& ofCurrent() const { return m_current.answer(); }
    /// What the map is to mark: of the hovered point, else of the current one. Null: nothing.
    std::shared_ptr<const PointFaithfulness> marked() const;

    void reset(std::shared_ptr<const Dataset> dataset);
    /// The same table with other columns.
    void setDataset(std::shared_ptr<const Dataset> dataset);
    /// Another layout is shown, or none.
    void setLayout(std::shared_ptr<const Layout> layout);

signals:
    void phaseChanged(); ///< With it the figures.
    void progressed();
    void columnsChanged();
    void overlayChanged(); ///< Shown or not, and what it marks.
    void currentExamined();

private:
    /// What was found of a layout.
    struct Findings
    {
        std::weak_ptr<const Layout> layout;
        std::shared_ptr<const LayoutQuality> quality;
        std::shared_ptr<const Columns> columns;
    };

    /// Whether a run moves the points of the layout shown; one may run for another map.
    bool arePointsMoving() const;
    void followRun();
    void settle();
    void start();
    void show(const Findings& findings);
    void setPhase(Phase phase);

    JobRunner m_runner;
    PointExaminer m_current;
    PointExaminer m_hovered;
    SelectionState* m_selection;
    ProjectionState* m_projection;
    LayoutList* m_layouts;
    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const Layout> m_layout;
    std::vector<Findings> m_findings;
    std::shared_ptr<const LayoutQuality> m_quality;
    std::shared_ptr<const Columns> m_columns;
    QTimer m_rest; ///< Runs out when the points have not moved for a moment.
    Phase m_phase = Phase::Idle;
    QString m_stage;
    QString m_error;
    double m_fraction = 0;
    bool m_isOverlayShown = false;
};

} // namespace embedscope::ui
