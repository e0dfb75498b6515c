#pragma once

#include "core/base/progress.h"
#include "core/projection/coordinates.h"

#include <optional>

namespace embedscope {

/// The repulsive half of t-SNE's gradient, exactly: over all pairs, with w_ij = 1 / (1 + |y_i -
/// y_j|^2), force_i = sum over j of w_ij^2 (y_i - y_j), not yet divided by the normaliser, in
/// `forces`.
///
/// returns  the normaliser Z, the sum of w_ij over all ordered pairs i != j; nullopt where it was
///          stopped, and then `forces` hold nothing of use.
/// cost     O(n^2): about 1.5 ms at 5,000 points and 25 ms at 20,000 on two cores with AVX-512.
///          Relative error about 1e-6. Same result for any number of threads.
std::optional<double> findRepulsion(
    const Coordinates& places, Coordinates& forces, const Progress& progress);

} // namespace embedscope
