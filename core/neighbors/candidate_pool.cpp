#include "core/neighbors/candidate_pool.h"

#include "core/neighbors/scan_kernels.h"

#include <algorithm>
#include <limits>

namespace embedscope {

CandidatePool::CandidatePool(Index queries, Index wantedEntries, Index mostEntries)
    : wanted(wantedEntries)
    , capacity(mostEntries > 0 ? mostEntries : 2 * wantedEntries + 2 * kSlack)
    , thresholds(static_cast<std::size_t>(queries))
    , sizes(static_cast<std::size_t>(queries))
    , values(static_cast<std::size_t>(queries * capacity))
    , ids(static_cast<std::size_t>(queries * capacity))
{
    clear();
}

void CandidatePool::clear()
{
    std::fill(thresholds.begin(), thresholds.end(), -std::numeric_limits<float>::infinity());
    std::fill(sizes.begin(), sizes.end(), 0U);
}

} // namespace embedscope
