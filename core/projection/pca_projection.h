#pragma once

#include "core/projection/projection.h"

namespace embedscope {

std::span<const ParameterInfo> pcaParameters();

/// PCA as a method: one step, any components as axes. `preprocessPca` is ignored: the leading
/// components of leading components are the same.
Result<std::unique_ptr<Projection>> startPca(const std::shared_ptr<const Dataset>& dataset,
    const ProjectionRequest& request, const ParameterValues& values, const Progress& progress);

} // namespace embedscope
