#pragma once

#include "core/base/progress.h"
#include "core/neighbors/candidate_pool.h"
#include "core/neighbors/exact_values.h"
#include "core/neighbors/search_space.h"

#include <vector>

namespace embedscope {

/// Makes the neighbours of one query of its candidates: their values are taken anew, in double, and
/// where a bound on the rounding of the scores cannot rule out that a point that was not kept
/// belongs to the nearest (ties by the dozen, mostly), all rows are searched. So the result is
/// exact. One for each thread.
class RowSearch
{
public:
    /// points   the rows that `space` was made of; both must outlive this object.
    RowSearch(MatrixView points, const SearchSpace& space, Index k);

    /// query    d values.
    /// self     a row that is left out, or kNoPoint.
    /// list     the query's list in the pool, filled with all points.
    /// ids, values   room for k, nearest first. Not written where a stop was asked for in a search
    ///               of all rows.
    void run(const float* query, PointId self, CandidatePool& pool, Index list, PointId* ids,
        float* values, const Progress& progress);

private:
    void searchAll(PointId self, const Progress& progress);

    MatrixView m_points;
    const SearchSpace& m_space;
    Index m_k;
    ExactValues m_exact;
    std::vector<float> m_values;
    std::vector<std::uint64_t> m_keys;
};

} // namespace embedscope
