#pragma once

#include "core/projection/tsne/repulsion.h"

#include <vector>

namespace embedscope {

/// Repulsion over all pairs, each looked at once. Keeps the memory that an iteration needs for the
/// next.
///
/// cost     O(n^2) time, O(64 n) memory at most. Relative error about 1e-6.
class ExactRepulsion : public Repulsion
{
public:
    ExactRepulsion(Index n, int dimensions, double degreesOfFreedom);

    std::optional<double> find(
        const Coordinates& places, Coordinates& forces, const Progress& progress) override;

private:
    void addUp(Index first, Index tasks, Coordinates& forces) const;

    double m_degreesOfFreedom;
    std::vector<Index> m_bounds; ///< Rows of task t are [m_bounds[t], m_bounds[t + 1]).
    std::vector<Coordinates> m_sums; ///< What a task pushes, for each of the tasks of one pass.
};

} // namespace embedscope
