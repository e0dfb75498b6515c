#pragma once

#include "core/base/plain_vector.h"
#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/neighbors/neighbor_table.h"

#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// How strongly pairs of points belong together in the full space: the joint probabilities P of
/// t-SNE, sparse and symmetric. Without exaggeration.
struct Affinities
{
    /// Entries of a row are padded to a multiple of this with the row itself at probability 0.
    static constexpr Index kPadding = 16;

    std::vector<Index> starts; ///< n + 1; row i holds entries [starts[i], starts[i + 1]).
    PlainVector<PointId> ids; ///< Ascending within a row, until renumbered.
    PlainVector<float> values; ///< p_ij; all together 1 (0 where there are no pairs).
    /// Sum of p_ij log p_ij, the part of the KL divergence that never changes.
    double sumPLogP = 0;

    Index size() const { return static_cast<Index>(starts.size()) - 1; }
};

struct AffinityOptions
{
    /// One or several: then the mean of the probabilities that each gives (Kobak and Berens 2019,
    /// "multi-scale"). Each from 1 to below the number of neighbours.
    std::vector<double> perplexities{30};
    /// A group for each point, or -1 for none; empty where the method knows of no groups.
    std::span<const std::int32_t> groups;
    /// How much weaker the affinity of points of two different groups is made, 0 to 1.
    double groupWeight = 0;
};

/// Joint probabilities p_ij = (p_j|i + p_i|j) / 2n over the first k neighbours in the table.
/// O(n k) time and memory. Same result for any number of threads. Stopped.
Result<Affinities> findAffinities(const NeighborTable& neighbors, Index k,
    const AffinityOptions& options, const Progress& progress);

} // namespace embedscope
