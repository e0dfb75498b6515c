#pragma once

#include "core/neighbors/graph.h"
#include "core/projection/preprocess.h"

#include <memory>
#include <mutex>
#include <vector>

namespace embedscope {

/// What runs on one dataset have in common and need not find twice: the rows made ready, and the
/// neighbour graph. Another method, another seed or a lower perplexity starts at once.
/// Thread: all functions from any thread; two that need the same thing at once both find it.
class Workbench
{
public:
    explicit Workbench(std::shared_ptr<const Dataset> dataset);

    std::shared_ptr<const Dataset> dataset() const;
    /// The same table with other columns.
    void setDataset(std::shared_ptr<const Dataset> dataset);

    /// The usable rows made ready; see preparePoints() for faults.
    Result<std::shared_ptr<const PreparedPoints>> points(
        const Preparation& preparation, const Progress& progress);

    /// The neighbours of prepared rows: a graph of at least request.k neighbours, of which callers
    /// use the first request.k. 1 <= request.k < points.points.rows().
    Result<std::shared_ptr<const NeighborTable>> graph(
        const PreparedPoints& points, const GraphRequest& request, const Progress& progress);
    /// True where graph() would answer at once.
    bool holdsGraph(const Preparation& preparation, const GraphRequest& request) const;

private:
    struct KeptGraph
    {
        Preparation preparation;
        GraphRequest request;
        std::shared_ptr<const NeighborTable> table;
    };

    std::shared_ptr<const NeighborTable> keptGraph(
        const Preparation& preparation, const GraphRequest& request) const;

    mutable std::mutex m_mutex;
    std::shared_ptr<const Dataset> m_dataset;
    std::shared_ptr<const PreparedPoints> m_points; ///< The newest; others are made again.
    std::vector<KeptGraph> m_graphs; ///< Newest last, at most kMostGraphs.
};

} // namespace embedscope
