#pragma once

#include "core/base/progress.h"
#include "core/projection/coordinates.h"
#include "core/projection/tsne/affinities.h"

namespace embedscope {

/// The attractive half of t-SNE's gradient: force_i = sum over j of p_ij v_ij (y_i - y_j), with
/// v_ij = 1 / (1 + |y_i - y_j|^2 / a) for a kernel of a degrees of freedom. Keeps the memory that
/// an iteration needs for the next.
class Attraction
{
public:
    Attraction(Index n, double degreesOfFreedom);

    /// O(entries of P). False where it was stopped, and then `forces` hold nothing of use.
    bool find(const Affinities& affinities, const Coordinates& places, Coordinates& forces,
        const Progress& progress);

    /// The KL divergence of P from Q (van der Maaten and Hinton 2008, eq. 2; Kobak et al. 2019) for
    /// Q's normaliser Z, the sum of w_ij over all ordered pairs. O(entries of P).
    double klDivergence(const Affinities& affinities, const Coordinates& places, double normalizer);

private:
    void pairUp(const Coordinates& places);

    double m_degreesOfFreedom;
    Matrix m_pairs; ///< x and y side by side, so that one gather fetches both.
};

} // namespace embedscope
