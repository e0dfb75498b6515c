#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/neighbors/neighbor_table.h"

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
    std::vector<PointId> ids; ///< Ascending within a row.
    std::vector<float> values; ///< p_ij; all together 1 (0 where there are no pairs).
    double sumPLogP
        = 0; ///< Sum of p_ij log p_ij, the part of the KL divergence that never changes.

    Index size() const { return static_cast<Index>(starts.size()) - 1; }
};

/// Conditional probabilities p_j|i of one row (van der Maaten and Hinton 2008, eq. 1): a Gaussian
/// whose width is such that the perplexity is as asked, found by Newton's method inside a
/// bisection.
///
/// distances      to the neighbours, at least one, finite.
/// perplexity     1 <= perplexity < number of neighbours.
/// probabilities  as many; they sum to 1.
/// returns        the perplexity reached: within 1e-6 of the asked, relatively, but for rows whose
///                nearest neighbours are so many ties that no width reaches it.
double conditionalProbabilities(
    std::span<const float> distances, double perplexity, std::span<double> probabilities);

/// Joint probabilities p_ij = (p_j|i + p_i|j) / 2n over the first k neighbours in the table.
/// O(n k) time and memory. Same result for any number of threads. Stopped.
Result<Affinities> findAffinities(
    const NeighborTable& neighbors, Index k, double perplexity, const Progress& progress);

} // namespace embedscope
