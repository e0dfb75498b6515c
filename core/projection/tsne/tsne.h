#pragma once

#include "core/projection/projection.h"

#include <cstdint>
#include <optional>
#include <string>

namespace embedscope {

/// t-SNE's parameters; the rows of tsneParameters() explain each.
struct TsneOptions
{
    double perplexity = 30;
    std::int64_t iterations = 1000;
    double exaggeration = 12;
    std::int64_t exaggerationIterations = 250;
    std::optional<double> learningRate; ///< nullopt = number of points / 12.
    std::string init = "pca"; ///< pca or random.
};

std::span<const ParameterInfo> tsneParameters();

/// t-SNE (van der Maaten and Hinton 2008): Euclidean distances, exact 3 * perplexity nearest
/// neighbours (van der Maaten 2014), step size after Belkina et al. 2019, PCA start after Kobak and
/// Berens 2019. The gradient is exact, O(n^2) an iteration; reductions before it, see
/// preparePoints(): tables wider than 50 are reduced to 50 principal components unless the request
/// says otherwise.
///
/// A perplexity that needs more neighbours than there are is lowered to (points - 1) / 3, at least
/// 1; the recipe holds the value used and the diagnostics a note.
Result<std::unique_ptr<Projection>> startTsne(Workbench& workbench,
    const ProjectionRequest& request, const ParameterValues& values, const Progress& progress);

Result<Layout> joinTsne(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress);

double estimateTsneSeconds(
    Index n, Index d, const ProjectionRequest& request, const ParameterValues& values);

} // namespace embedscope
