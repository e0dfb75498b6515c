#include "ui/workspace/neighbor_state.h"

#include "ui/convert.h"
#include "ui/workspace/selection_state.h"

#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr Index kMaxK = 1000;

} // namespace

NeighborState::NeighborState(SelectionState* selection, QObject* parent)
    : QObject(parent)
    , m_selection(selection)
{
    connect(selection, &SelectionState::currentChanged, this, &NeighborState::follow);
}

void NeighborState::setMetric(Metric metric)
{
    if (metric == m_metric)
        return;
    m_metric = metric;
    emit parametersChanged();
    restart();
}

void NeighborState::setK(Index k)
{
    k = std::clamp<Index>(k, 1, kMaxK);
    if (k == m_k)
        return;
    m_k = k;
    emit parametersChanged();
    restart();
}

void NeighborState::goBack()
{
    if (!m_history.canGoBack())
        return;
    m_selection->selectPoint(m_history.back());
    emit historyChanged();
}

void NeighborState::goForward()
{
    if (!m_history.canGoForward())
        return;
    m_selection->selectPoint(m_history.forward());
    emit historyChanged();
}

void NeighborState::reset(std::shared_ptr<const Dataset> dataset)
{
    m_dataset = std::move(dataset);
    m_history.clear();
    emit historyChanged();
    restart();
}

void NeighborState::setDataset(std::shared_ptr<const Dataset> dataset)
{
    m_dataset = std::move(dataset);
}

void NeighborState::follow()
{
    if (m_selection->current() != kNoPoint) {
        m_history.visit(m_selection->current());
        emit historyChanged();
    }
    restart();
}

void NeighborState::restart()
{
    const PointId query = m_selection->current();
    m_list.reset();
    m_error.clear();
    if (!m_dataset || query == kNoPoint || query >= m_dataset->size()) {
        m_runner.discard();
        emit listChanged();
        return;
    }
    m_runner.run<std::shared_ptr<const NeighborList>>(
        [dataset = m_dataset, query, k = m_k, metric = m_metric](
            const JobContext& context) -> Result<std::shared_ptr<const NeighborList>> {
            EMBEDSCOPE_TRY_ASSIGN(
                auto list, findNeighbors(*dataset, query, k, metric, context.progress()));
            return std::make_shared<const NeighborList>(std::move(list));
        },
        [this](Result<std::shared_ptr<const NeighborList>> result) {
            if (result)
                m_list = std::move(result).value();
            else
                m_error = toQString(describe(result.error()));
            emit listChanged();
        });
    emit listChanged();
}

} // namespace embedscope::ui
