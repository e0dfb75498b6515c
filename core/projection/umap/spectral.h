#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/matrix.h"
#include "core/projection/umap/fuzzy_graph.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// The smoothest functions on a connected graph.
struct SpectralVectors
{
    Matrix vectors; ///< n x count, columns of unit length.
    std::vector<double> values; ///< count: of the normalised adjacency, descending, below 1.
    bool hasConverged = true; ///< False where the budget ended before the residuals were small.
};

/// The eigenvectors of the normalised adjacency D^-1/2 W D^-1/2 after the trivial first one: those
/// of the normalised Laplacian with the smallest eigenvalues (Belkin and Niyogi 2003). By a dense
/// solver for small graphs, above by subspace iteration with a Chebyshev filter (Zhou and Saad
/// 2007).
///
/// graph    connected, of more than `count` points.
/// count    1 to 3.
/// cost     O(entries) for each of at most some 200 products with a block of 8 vectors; 100 bytes a
///          point. Same result for any number of threads. Stopped.
Result<SpectralVectors> spectralVectors(
    const FuzzyGraph& graph, Index count, std::uint64_t seed, const Progress& progress);

/// The connected component of each point, numbered by their first points. O(entries). Stopped.
Result<std::vector<std::int32_t>> connectedComponents(
    const FuzzyGraph& graph, const Progress& progress);

/// The rows of `members`, ascending and closed under neighbourhood, renumbered from 0.
FuzzyGraph subgraph(const FuzzyGraph& graph, const std::vector<PointId>& members);

} // namespace embedscope
