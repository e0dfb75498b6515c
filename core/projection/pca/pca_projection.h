#pragma once

#include "core/projection/projection.h"

namespace embedscope {

std::span<const ParameterInfo> pcaParameters();

/// PCA as a method: one step, any components as axes. `preprocessPca` is ignored: the leading
/// components of leading components are the same.
Result<std::unique_ptr<Projection>> startPca(Workbench& workbench, const ProjectionRequest& request,
    const ParameterValues& values, const Progress& progress);

/// New rows along the components of the layout's table.
Result<Layout> joinPca(
    Workbench& workbench, const Layout& layout, const Dataset& added, const Progress& progress);

double estimatePcaSeconds(
    Index n, Index d, const ProjectionRequest& request, const ParameterValues& values);

} // namespace embedscope
