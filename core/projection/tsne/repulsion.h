#pragma once

#include "core/base/progress.h"
#include "core/projection/coordinates.h"

#include <memory>
#include <optional>

namespace embedscope {

/// The repulsive half of t-SNE's gradient: every point pushes every other. With the kernel
/// w_ij = (1 + |y_i - y_j|^2 / a)^-a of a degrees of freedom (Kobak et al. 2019, "Heavy-tailed
/// kernels reveal a finer cluster structure", eq. 4; a = 1 is t-SNE's own) it finds
///
///     force_i = sum over j of w_ij (1 + |y_i - y_j|^2 / a)^-1 (y_i - y_j),
///
/// not yet divided by the normaliser Z, the sum of w_ij over all ordered pairs i != j.
class Repulsion
{
public:
    virtual ~Repulsion() = default;

    /// places, forces   of the n points and dimensions that it was made for.
    /// returns          Z; nullopt where it was stopped, and then `forces` hold nothing of use.
    ///                  Same result for any number of threads.
    virtual std::optional<double> find(
        const Coordinates& places, Coordinates& forces, const Progress& progress)
        = 0;
};

/// How it is found.
enum class RepulsionEngine
{
    Automatic, ///< Exact for few points, else on a grid.
    Exact,
    Grid,
};

/// True where Automatic is the exact engine.
bool isRepulsionExact(Index n, int dimensions, RepulsionEngine engine);

/// An engine for n points that keeps the memory an iteration needs for the next.
std::unique_ptr<Repulsion> makeRepulsion(
    Index n, int dimensions, double degreesOfFreedom, RepulsionEngine engine);

} // namespace embedscope
