#include "core/projection/workbench.h"

#include <algorithm>
#include <utility>

namespace embedscope {

namespace {

/// A graph of a million points and 90 neighbours takes 720 MB.
constexpr std::size_t kMostGraphs = 2;

/// True where a graph found for one request serves the other, cut to its number of neighbours.
bool serves(const GraphRequest& kept, const NeighborTable& table, const GraphRequest& asked)
{
    if (kept.metric != asked.metric || table.k < asked.k)
        return false;
    // An approximate search that had to look at every pair was asked for all the same.
    if (table.isExact)
        return asked.search != GraphSearch::Approximate || kept.search == GraphSearch::Approximate;
    return asked.search != GraphSearch::Exact && kept.seed == asked.seed;
}

} // namespace

Workbench::Workbench(std::shared_ptr<const Dataset> dataset)
    : m_dataset(std::move(dataset))
{
}

std::shared_ptr<const Dataset> Workbench::dataset() const
{
    const std::lock_guard lock(m_mutex);
    return m_dataset;
}

void Workbench::setDataset(std::shared_ptr<const Dataset> dataset)
{
    const std::lock_guard lock(m_mutex);
    m_dataset = std::move(dataset);
}

Result<std::shared_ptr<const PreparedPoints>> Workbench::points(
    const Preparation& preparation, const Progress& progress)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_points && m_points->preparation == preparation)
            return m_points;
    }
    EMBEDSCOPE_TRY_ASSIGN(PreparedPoints prepared, preparePoints(dataset(), preparation, progress));
    auto points = std::make_shared<const PreparedPoints>(std::move(prepared));
    const std::lock_guard lock(m_mutex);
    m_points = points;
    return points;
}

Result<std::shared_ptr<const NeighborTable>> Workbench::graph(
    const PreparedPoints& points, const GraphRequest& request, const Progress& progress)
{
    if (auto kept = keptGraph(points.preparation, request))
        return kept;
    EMBEDSCOPE_TRY_ASSIGN(const FloatRows rows, floatRows(points.points, progress.part(0, 0.01)));
    EMBEDSCOPE_TRY_ASSIGN(
        NeighborTable found, neighborGraph(rows.view, request, progress.part(0.01, 1)));
    auto table = std::make_shared<const NeighborTable>(std::move(found));
    const std::lock_guard lock(m_mutex);
    if (m_graphs.size() == kMostGraphs)
        m_graphs.erase(m_graphs.begin());
    m_graphs.push_back({points.preparation, request, table});
    return table;
}

bool Workbench::holdsGraph(const Preparation& preparation, const GraphRequest& request) const
{
    return keptGraph(preparation, request) != nullptr;
}

std::shared_ptr<const NeighborTable> Workbench::keptGraph(
    const Preparation& preparation, const GraphRequest& request) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_graphs.rbegin(), m_graphs.rend(), [&](const KeptGraph& kept) {
        return kept.preparation == preparation && serves(kept.request, *kept.table, request);
    });
    return found != m_graphs.rend() ? found->table : nullptr;
}

} // namespace embedscope
