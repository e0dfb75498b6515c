#pragma once

#include "core/projection/projection.h"

namespace embedscope {

/// t-SNE (van der Maaten and Hinton 2008) of the whole table: 3 * perplexity nearest neighbours
/// (van der Maaten 2014), step size after Belkina et al. 2019, PCA start after Kobak and Berens
/// 2019, attraction that can be changed while it runs (Böhm et al. 2022). Tables wider than 50 are
/// reduced to 50 principal components unless the request says otherwise, see preparationFor().
///
/// A perplexity that needs more neighbours than there are is lowered to (points - 1) / 3, at least
/// 1; the recipe holds the value used and the diagnostics a note.
Result<std::unique_ptr<Projection>> startTsne(Workbench& workbench,
    const ProjectionRequest& request, const ParameterValues& values, const Progress& progress);

/// New rows in a t-SNE map that stays as it is; see tsne_join.cpp.
Result<Layout> joinTsne(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress);

double estimateTsneSeconds(
    Index n, Index d, const ProjectionRequest& request, const ParameterValues& values);

} // namespace embedscope
