#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/neighbors/neighbor_table.h"

#include <span>
#include <vector>

namespace embedscope {

/// Who belongs with whom, and how surely: the weighted, symmetric neighbour graph of UMAP (McInnes
/// 2018, section 3.1, its fuzzy simplicial set). Row i holds the same weight for j as row j for i.
struct FuzzyGraph
{
    /// The arrays of entries are longer than the last row by as much: whole vectors may be loaded.
    static constexpr Index kPadding = 16;

    std::vector<Index> starts; ///< n + 1; row i holds entries [starts[i], starts[i + 1]).
    std::vector<PointId> ids; ///< Ascending within a row, padded with 0.
    std::vector<float> weights; ///< In (0, 1], padded with 0.

    Index size() const { return static_cast<Index>(starts.size()) - 1; }
    Index begin(Index row) const { return starts[static_cast<std::size_t>(row)]; }
    Index end(Index row) const { return starts[static_cast<std::size_t>(row) + 1]; }
};

/// A graph of n points without entries.
FuzzyGraph emptyGraph(Index n);

/// How a point's distances become weights: exp(-(distance - nearest) / scale), at most 1.
struct SmoothScale
{
    double nearest = 0; ///< Distances up to here weigh 1.
    double scale = 1;
};

/// The scale by which the weights of one row sum up to `target` (McInnes 2018, algorithm 3), found
/// by Newton's method, which cannot overshoot here.
///
/// distances          to the neighbours, ascending, at least one, finite.
/// localConnectivity  how many of the nearest weigh 1; between whole numbers the distance is
///                    interpolated.
/// countsZero         whether distances of 0 count among those; they do not where 0 stands for a
///                    duplicate.
/// returns            a scale of at least a thousandth of the mean distance; infinite, so that all
///                    weigh 1, where there are too few neighbours for the target or all of them are
///                    equally near.
SmoothScale smoothScale(
    std::span<const float> distances, double target, double localConnectivity, bool countsZero);

/// Distances of a row's first neighbours as UMAP means them: similarities turned round, and where
/// Euclidean distances are of unit vectors and stand for cosines, 1 - cos.
void fuzzyDistances(
    const NeighborTable& neighbors, Index row, bool areUnit, std::span<float> distances);

struct FuzzyOptions
{
    double neighbors = 15; ///< Weights of a row sum up to log2 of this before they are joined.
    double localConnectivity = 1;
    double setMix = 1; ///< 1 = union of both directions, 0 = intersection.
    bool distancesAreUnit = false; ///< Euclidean distances of unit vectors, meant as cosines.
    /// Entries of a smaller weight are left out.
    double smallest = 0;
};

/// The graph over the first k neighbours in the table. O(n k) time and memory. Same result for any
/// number of threads. Stopped.
Result<FuzzyGraph> fuzzyGraph(
    const NeighborTable& neighbors, Index k, const FuzzyOptions& options, const Progress& progress);

/// Leaves out entries below `smallest`. False where it was stopped.
bool pruneGraph(FuzzyGraph& graph, float smallest, const Progress& progress);

float largestWeight(const FuzzyGraph& graph);

} // namespace embedscope
