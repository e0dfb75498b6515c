#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/layout.h"

#include <optional>

namespace embedscope {

class Workbench;

struct DivergenceOptions
{
    /// nullopt = the recipe's, or 30. Lowered to (points - 1) / 3 where there are too few points.
    std::optional<double> perplexity;
};

/// How badly a layout shows t-SNE's affinities.
struct Divergence
{
    double kl = 0; ///< In nats; 0 = perfectly.
    double perplexity = 0; ///< As it was used.
    Index points = 0;
};

/// The Kullback-Leibler divergence KL(P || Q) of any layout (van der Maaten and Hinton 2008, eq. 2
/// and 4), whatever made it: P from the 3 * perplexity nearest neighbours in the space that the
/// recipe names (its normalisation, metric and number of principal components), the mean over its
/// perplexities where it has several; Q from the layout under its degrees of freedom, without
/// exaggeration. Supervision does not count.
///
/// layout   of the workbench's dataset, with a place for every usable row.
/// returns  InvalidArgument, Stopped.
/// cost     a neighbour graph, which the workbench keeps, and one evaluation of the repulsion, see
/// makeRepulsion(). Same result for any number of threads.
Result<Divergence> findDivergence(Workbench& workbench, const Layout& layout,
    const DivergenceOptions& options, const Progress& progress);

} // namespace embedscope
