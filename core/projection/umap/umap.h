#pragma once

#include "core/projection/projection.h"

namespace embedscope {

std::span<const ParameterInfo> umapParameters();

/// UMAP (McInnes, Healy and Melville 2018): a neighbour graph whose edges are weighed so that every
/// point has about the same number of neighbours, laid out by pulling neighbours together and
/// pushing random others apart. Tables wider than 100 are reduced to 100 principal components
/// unless the request says otherwise, which changes who is near whom very little.
///
/// More neighbours than there are points are lowered, and noted in the diagnostics. Under cosine,
/// rows are brought to unit length, whatever normalisation was asked for, and the recipe says so.
Result<std::unique_ptr<Projection>> startUmap(Workbench& workbench,
    const ProjectionRequest& request, const ParameterValues& values, const Progress& progress);

/// New rows begin at the weighted mean of their nearest neighbours among the old ones and are then
/// moved by the same forces, with the old points fixed and without seeing each other.
Result<Layout> joinUmap(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress);

double estimateUmapSeconds(
    Index n, Index d, const ProjectionRequest& request, const ParameterValues& values);

} // namespace embedscope
