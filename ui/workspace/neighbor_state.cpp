#include "ui/workspace/neighbor_state.h"

#include "core/data/rows_where.h"
#include "ui/convert.h"
#include "ui/workspace/selection_state.h"

#include <algorithm>

namespace embedscope::ui {

namespace {

constexpr Index kMaxK = 1000;

/// The rows that may be neighbours of the query; nullopt: all, also where the column is gone.
std::optional<PointSet> rowsOf(
    const Dataset& dataset, const std::optional<AmongRows>& among, PointId query)
{
    const auto found = among ? findColumn(dataset.columns(), among->column) : std::nullopt;
    if (!found)
        return std::nullopt;
    const Column& column = dataset.columns()[*found];
    if (among->value)
        return rowsWhere(column, *among->value);
    return rowsWhere(column, column.text(query)).complement();
}

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

void NeighborState::setAmong(std::optional<AmongRows> among)
{
    if (among == m_among)
        return;
    m_among = std::move(among);
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
    if (m_among) {
        m_among.reset();
        emit parametersChanged();
    }
    restart();
}

void NeighborState::setDataset(std::shared_ptr<const Dataset> dataset)
{
    m_dataset = std::move(dataset);
}

void NeighborState::extend(std::shared_ptr<const Dataset> dataset)
{
    m_dataset = std::move(dataset);
    restart();
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
        [dataset = m_dataset, query, k = m_k, metric = m_metric, among = m_among](
            const JobContext& context) -> Result<std::shared_ptr<const NeighborList>> {
            const std::optional<PointSet> rows = rowsOf(*dataset, among, query);
            EMBEDSCOPE_TRY_ASSIGN(auto list,
                findNeighbors(
                    *dataset, query, k, metric, rows ? &*rows : nullptr, context.progress()));
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
