#pragma once

#include "core/base/progress.h"
#include "core/projection/coordinates.h"
#include "core/projection/tsne/affinities.h"

namespace embedscope {

/// The attractive half of t-SNE's gradient: force_i = sum over j of p_ij w_ij (y_i - y_j), with
/// w_ij = 1 / (1 + |y_i - y_j|^2), in `forces`. O(entries of P). False where it was stopped.
bool findAttraction(const Affinities& affinities, const Coordinates& places, Coordinates& forces,
    const Progress& progress);

/// The KL divergence of P from Q (van der Maaten and Hinton 2008, eq. 2) for Q's normaliser Z, the
/// sum of w_ij over all ordered pairs. In double. O(entries of P).
double klDivergence(const Affinities& affinities, const Coordinates& places, double normalizer);

} // namespace embedscope
