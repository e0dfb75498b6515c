#pragma once

#include <array>

namespace embedscope {

/// t-SNE's kernel w(s) = (1 + s/a)^-a of the squared distance s, split in two for a particle-mesh
/// method: a far part that is smooth enough for a grid, and a near part that is zero from the
/// cut-off on and is summed pair by pair.
///
/// Inside the cut-off c the far part is the Taylor polynomial of w around s = c^2, of degree
/// kTerms - 1 in s; outside it is w itself. (Such softening is that of Skeel, Tezcan and Hardy
/// 2002, "Multiple grid methods for classical molecular dynamics", section 2.) With q = (c^2 - s) /
/// (c^2 + a), w(s) = w(c^2) (1 - q)^-a, whose series in q has the coefficients a (a + 1) … (a + k -
/// 1) / k!.
struct SoftenedKernel
{
    static constexpr int kTerms = 6;

    double degreesOfFreedom = 1;
    double cutoff = 0; ///< 0: there is no near part.
    std::array<double, kTerms> terms{}; ///< Of the far part inside the cut-off, by powers of q.

    SoftenedKernel() = default;
    SoftenedKernel(double dof, double cutoffDistance);

    /// w(s).
    double whole(double square) const;
    /// The far part of w(s).
    double far(double square) const;
};

} // namespace embedscope
