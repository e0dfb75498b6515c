#pragma once

#include "core/base/index.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// The best candidates of many queries: for each a list of scores (higher is nearer) and ids that
/// fills up, is cut to the best `wanted` or a few more, and fills again. Whatever was not kept had
/// a score <= the list's threshold.
///
/// The threshold depends on the order in which scores come, so whoever fills a list does so in an
/// order of its own, from one thread at a time.
struct CandidatePool
{
    /// Most entries that the widest vectors append before a list is cut.
    static constexpr Index kSlack = 32;

    /// Room for the lists of `queries` queries, all of them empty. Lists never hold more than
    /// `capacity` entries; 0 takes what is quick for that many wanted.
    CandidatePool(Index queries, Index wanted, Index capacity = 0);

    /// Empties all lists.
    void clear();

    float* valuesOf(Index query) { return values.data() + query * capacity; }
    PointId* idsOf(Index query) { return ids.data() + query * capacity; }

    Index wanted;
    Index capacity;
    std::vector<float> thresholds;
    std::vector<std::uint32_t> sizes;
    std::vector<float> values;
    std::vector<PointId> ids;
};

/// Cuts a list that holds more than `most` >= wanted entries to the best: at least `wanted` of
/// them, and at most `most`.
void cutList(CandidatePool& pool, Index query, Index most);

} // namespace embedscope
