#pragma once

#include "core/analysis/faithfulness.h"
#include "ui/jobs/job_runner.h"

#include <QObject>
#include <memory>
#include <vector>

namespace embedscope::ui {

/// Finds, in the background, which neighbours of a point a layout tore away and which it put beside
/// it falsely. Answers for one point at a time, the newest asked; remembers the last ones, so that
/// going back and forth costs nothing.
class PointExaminer : public QObject
{
    Q_OBJECT

public:
    explicit PointExaminer(QObject* parent = nullptr);

    /// What is asked about; null where there is nothing to ask, as while points move. An asked
    /// point is asked again.
    void setSubject(std::shared_ptr<const Dataset> dataset, std::shared_ptr<const Layout> layout);
    /// kNoPoint: none.
    void ask(PointId point);
    PointId asked() const { return m_asked; }
    /// Of the asked point; null where there is none, none yet, or it cannot be answered.
    const std::shared_ptr<const PointFaithfulness>& answer() const { return m_answer; }

signals:
    void answerChanged();

private:
    using Answer = std::shared_ptr<const PointFaithfulness>;

    void restart();
    void setAnswer(Answer answer);

    JobRunner m_runner;
    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const Layout> m_layout;
    PointId m_asked = kNoPoint;
    Answer m_answer;
    std::vector<Answer> m_known; ///< Of this subject, newest last.
};

} // namespace embedscope::ui
