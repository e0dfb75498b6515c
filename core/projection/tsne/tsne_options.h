#pragma once

#include "core/base/result.h"
#include "core/projection/graph_options.h"
#include "core/projection/parameters.h"
#include "core/projection/tsne/repulsion.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace embedscope {

/// t-SNE's parameters; the rows of tsneParameters() explain each.
struct TsneOptions : GraphOptions
{
    double perplexity = 30;
    std::string morePerplexities; ///< "100, 500"
    std::int64_t iterations = 1000;
    bool untilSettled = false;
    double exaggeration = 1;
    std::string exaggerationChanges; ///< "400:4, 600:1.5"
    double earlyExaggeration = 12;
    std::optional<double> earlyIterations; ///< nullopt = 250, or 0 where it starts from a t-SNE.
    std::optional<double> learningRate; ///< nullopt = number of points / 12.
    double momentum = 0.8;
    double degreesOfFreedom = 1;
    std::string init = "pca"; ///< pca, sample or random.
    std::string repulsion = "auto"; ///< auto, exact or grid.
    std::string supervise; ///< A column of categories; empty = none.
    double superviseWeight = 0.5;
};

std::span<const ParameterInfo> tsneParameters();
TsneOptions tsneOptions(const ParameterValues& values);
/// For a recipe.
ParameterValues recorded(const TsneOptions& options);

/// From that iteration on, that exaggeration.
struct ExaggerationChange
{
    int iteration = 0;
    double exaggeration = 1;
    bool operator==(const ExaggerationChange&) const = default;
};

/// "400:4, 600:1.5", ascending by iteration. InvalidArgument says what is wrong with the text.
Result<std::vector<ExaggerationChange>> parseChanges(const std::string& text);
std::string toText(const std::vector<ExaggerationChange>& changes);

/// "100, 500" as numbers of at least 1. InvalidArgument.
Result<std::vector<double>> parsePerplexities(const std::string& text);

RepulsionEngine engineOf(const TsneOptions& options);

} // namespace embedscope
