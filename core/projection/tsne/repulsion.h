#pragma once

#include "core/base/progress.h"
#include "core/projection/coordinates.h"

#include <optional>
#include <vector>

namespace embedscope {

/// The repulsive half of t-SNE's gradient, exactly: over all pairs, each looked at once. Keeps the
/// memory that an iteration needs for the next.
class ExactRepulsion
{
public:
    ExactRepulsion(Index n, int dimensions);

    /// With w_ij = 1 / (1 + |y_i - y_j|^2): force_i = sum over j of w_ij^2 (y_i - y_j), not yet
    /// divided by the normaliser, in `forces`.
    ///
    /// returns  the normaliser Z, the sum of w_ij over all ordered pairs i != j; nullopt where it
    /// was
    ///          stopped, and then `forces` hold nothing of use.
    /// cost     O(n^2) time, O(64 n) memory at most. Relative error about 1e-6. Same result for any
    ///          number of threads.
    std::optional<double> find(
        const Coordinates& places, Coordinates& forces, const Progress& progress);

private:
    void addUp(Index first, Index tasks, Coordinates& forces) const;

    std::vector<Index> m_bounds; ///< Rows of task t are [m_bounds[t], m_bounds[t + 1]).
    std::vector<Coordinates> m_sums; ///< What a task pushes, for each of the tasks of one pass.
};

} // namespace embedscope
