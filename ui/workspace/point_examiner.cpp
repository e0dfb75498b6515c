#include "ui/workspace/point_examiner.h"

#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr Index kExamined = 10; ///< Neighbours looked at on either side.
constexpr std::size_t kMostKnown = 256;

} // namespace

PointExaminer::PointExaminer(QObject* parent)
    : QObject(parent)
{
}

void PointExaminer::setSubject(
    std::shared_ptr<const Dataset> dataset, std::shared_ptr<const Layout> layout)
{
    if (!layout)
        dataset.reset();
    if (!dataset)
        layout.reset();
    if (layout == m_layout) {
        m_dataset = std::move(dataset); // Perhaps with other columns: the answers stay.
        return;
    }
    m_dataset = std::move(dataset);
    m_layout = std::move(layout);
    m_known.clear();
    restart();
}

void PointExaminer::ask(PointId point)
{
    if (point == m_asked)
        return;
    m_asked = point;
    restart();
}

void PointExaminer::restart()
{
    m_runner.discard();
    if (!m_dataset || m_asked == kNoPoint || m_asked >= m_dataset->size()) {
        setAnswer(nullptr);
        return;
    }
    const auto known = std::find_if(m_known.begin(), m_known.end(),
        [this](const Answer& answer) { return answer->row == m_asked; });
    if (known != m_known.end()) {
        setAnswer(*known);
        return;
    }
    setAnswer(nullptr);
    m_runner.run<Answer>(
        [dataset = m_dataset, layout = m_layout, point = m_asked](
            const JobContext& context) -> Result<Answer> {
            EMBEDSCOPE_TRY_ASSIGN(
                auto found, examinePoint(*dataset, *layout, point, kExamined, context.progress()));
            return std::make_shared<const PointFaithfulness>(std::move(found));
        },
        [this](Result<Answer> result) {
            if (!result || (*result)->k == 0)
                return; // Of a row without a place on the map there is nothing to show.
            if (m_known.size() >= kMostKnown)
                m_known.erase(m_known.begin());
            m_known.push_back(*result);
            setAnswer(std::move(result).value());
        });
}

void PointExaminer::setAnswer(Answer answer)
{
    if (answer == m_answer)
        return;
    m_answer = std::move(answer);
    emit answerChanged();
}

} // namespace embedscope::ui
