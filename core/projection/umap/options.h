#pragma once

#include "core/projection/bindings.h"
#include "core/projection/graph_options.h"

#include <cstdint>
#include <optional>
#include <string>

namespace embedscope {

/// UMAP's parameters; the rows of umapRows() explain each.
struct UmapOptions : GraphOptions
{
    double neighbors = 15; ///< The point itself among them.
    double minDist = 0.1;
    double spread = 1;
    double localConnectivity = 1;
    double setMix = 1;
    std::int64_t epochs = 500;
    double learningRate = 1;
    double negativeSamples = 5;
    double repulsion = 1;
    std::string init = "auto"; ///< auto, spectral, pca or random.
    std::string supervise; ///< Name of a column; empty for none.
    double superviseWeight = 0.5;
};

constexpr std::size_t kUmapRows = 15;
const std::array<ParameterRow<UmapOptions>, kUmapRows>& umapRows();

} // namespace embedscope
