#pragma once

#include "core/base/result.h"
#include "core/projection/projection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace embedscope::app {

/// What the command line says of a projection, to be laid over the defaults of a method or over a
/// recipe.
struct ProjectionOptions
{
    std::string method; ///< Empty where a recipe names it.
    std::vector<std::string> settings; ///< NAME=VALUE
    std::optional<int> dimensions;
    std::optional<std::uint64_t> seed;
    std::optional<int> preprocessPca;
};

/// Lays the options over the request; settings are checked against the table of its method, so that
/// a wrong one can be known before a large file is read. InvalidArgument, in a sentence that lists
/// what there is.
Status applyOptions(const ProjectionOptions& options, ProjectionRequest& to);

/// "a, b or c"
std::string joined(const std::vector<std::string>& words);
/// The ids of all methods, joined.
std::string methodIds();
/// What a parameter may be: "1 to 100, or auto"; "pca or random".
std::string allowedValues(const ParameterInfo& row);
/// The parameters of every method, for the foot of a help page.
std::string parametersHelp();

} // namespace embedscope::app
