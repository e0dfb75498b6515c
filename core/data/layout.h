#pragma once

#include "core/base/index.h"
#include "core/data/matrix.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace embedscope {

/// A parameter's value, as it stands in a form, on the command line and in a recipe.
using ParameterValue = std::variant<bool, std::int64_t, double, std::string>;
/// Values by parameter id, in the order of the method's table.
using ParameterValues = std::vector<std::pair<std::string, ParameterValue>>;

const ParameterValue* findValue(const ParameterValues& values, std::string_view id);
std::string toText(const ParameterValue& value);

/// Everything needed to explain a picture and to make it again.
struct Recipe
{
    std::string method; ///< Id: a row of core/projection/methods.cpp, or "given".
    int dimensions = 2; ///< Of the layout: 2 or 3.
    std::uint64_t seed = 0;
    std::string normalization = "none"; ///< none, center or unit.
    std::string metric
        = "euclidean"; ///< In which neighbours were found, where the method uses any.
    int preprocessPca = 0; ///< Principal components kept before the method; 0 = none.
    /// Share of the true neighbours that the neighbour graph holds: 1 for an exact graph, measured
    /// on a sample for an approximate one; nullopt for methods without a graph.
    std::optional<double> graphRecall;
    ParameterValues parameters; ///< Every one, resolved: no "auto" left.
    /// Which rows of a file were projected, where not all: "a random sample of …, seed 1"; else
    /// empty.
    std::string rows;
    std::string precision; ///< How the vectors were kept: "float16"; empty for float32.
    std::string source; ///< For given coordinates: the file or columns they came from.
};

/// What came out of a run besides the places.
struct Diagnostics
{
    int iterations = -1; ///< Done so far; -1 for methods that do not iterate.
    bool isFinished = true; ///< False where the run was stopped before its end.
    std::optional<double> klDivergence; ///< Of the present layout, without exaggeration.
    std::vector<double> explainedVariance; ///< Share of the whole for each principal component.
    /// KL divergence by iteration, for the chart.
    std::vector<std::pair<int, double>> lossHistory;
    /// Seconds by stage: "preprocess", "neighbors", "affinities", "optimize".
    std::vector<std::pair<std::string, double>> seconds;
    /// What was done otherwise than asked, a plain sentence each: a perplexity lowered to fit.
    std::vector<std::string> notes;
};

/// Places for the n points of a dataset, and how they were found. Immutable behind
/// shared_ptr<const Layout>.
struct Layout
{
    Matrix positions; ///< n x 2 or n x 3 in file order; NaN for rows left out, finite otherwise.
    std::vector<PointId> omitted; ///< Rows left out, ascending.
    Recipe recipe;
    Diagnostics diagnostics;

    Index size() const { return positions.rows(); }
    int dimensions() const { return static_cast<int>(positions.columns()); }
};

} // namespace embedscope
