#pragma once

#include "core/projection/umap/curve.h"
#include "core/projection/umap/fuzzy_graph.h"
#include "core/projection/umap/places.h"

#include <cstdint>

namespace embedscope {

/// What one epoch of UMAP's descent does, the same for all points.
struct EpochPlan
{
    Curve curve;
    float rate = 1; ///< The learning rate, as it is in this epoch.
    float repulsion = 1;
    float negatives = 5; ///< Samples of other points for each neighbour.
    float weightToRate = 1; ///< 1 / the largest weight: weights times this are rates up to 1.
    std::uint64_t seed = 0; ///< Of this epoch's samples.
    bool canBeSelf
        = true; ///< Whether point i of `to` is point i of `from`, which it does not flee.
};

/// Points of one block; the samples of a block are drawn together.
inline constexpr Index kPointsPerBlock = 256;

/// Moves the points [begin, end) of one block by one epoch: towards their neighbours in the graph,
/// then away from samples of all points (McInnes 2018, section 3.2 and algorithm 5). All others are
/// taken where they were at the beginning of the epoch, so that blocks may be done in any order.
///
/// graph     row i for point i of `to`; ids are those of `from`.
/// from      where all points stand.
/// to        gets the new places. Point i of it begins where point i of `start` is.
void movePoints(const FuzzyGraph& graph, const Places& from, const Places& start, Places& to,
    const EpochPlan& plan, Index begin, Index end);

/// The derivatives that the moves are made of, each for `count` squared distances: what a
/// difference of places is multiplied by. Relative error about 2e-6.
///
/// pulls   2 a b s^(b - 1) / (1 + a s^b)
/// pushes  2 b / ((0.001 + s) (1 + a s^b))
void findFactors(
    const Curve& curve, const float* squares, Index count, float* pulls, float* pushes);

} // namespace embedscope
