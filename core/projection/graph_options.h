#pragma once

#include "core/neighbors/graph.h"
#include "core/projection/parameters.h"
#include "core/projection/preprocess.h"

#include <array>
#include <optional>
#include <string>

namespace embedscope {

/// The parameters that methods on a neighbour graph share; a method's own options derive from it.
struct GraphOptions
{
    std::string metric = "euclidean"; ///< Id of a Metric.
    std::string search = "auto"; ///< auto, exact, approximate.
    /// How many neighbours the graph holds, of which the method uses the nearest; nullopt = as many
    /// as it uses. An approximate graph of more neighbours is another one: with this in the recipe,
    /// a run that could use an earlier graph can be made again without it.
    std::optional<double> graphNeighbors;
};

inline constexpr std::array kMetricChoices{
    Choice{"euclidean", "Euclidean distance"},
    Choice{"cosine", "Cosine"},
    Choice{"manhattan", "Manhattan distance"},
    Choice{"dot", "Dot product"},
};
inline constexpr std::array kSearchChoices{
    Choice{"auto", "Automatic"},
    Choice{"exact", "Exact"},
    Choice{"approximate", "Approximate"},
};

/// Texts of the rows, the same in every method.
inline constexpr std::string_view kMetricHelp
    = "How near two points are in the full space. Cosine compares directions alone, as word and "
      "sentence embeddings are made for; dot product suits recommenders; Manhattan distance is "
      "less swayed by single large differences.";
inline constexpr std::string_view kSearchHelp
    = "How neighbours are looked for. Exact compares every pair, which takes time with the square "
      "of the number of points; approximate finds nearly all of them, measures how many, and says "
      "so in the recipe; automatic is exact while that is quick.";
inline constexpr std::string_view kGraphNeighborsHelp
    = "How many neighbours of each point are looked for; the nearest of them are used. Automatic "
      "takes what is needed, or a graph that is known already. More than needed only pays if a "
      "later run will use them.";

/// How rows are made ready: under cosine to unit length, so that Euclidean distances order them as
/// cosines do; under Manhattan and dot product without the method's own reduction, which keeps
/// neither.
Preparation preparationFor(const Dataset& dataset, const ProjectionRequest& request,
    const GraphOptions& options, int widest);

/// The graph of k neighbours for rows prepared in that way. 1 <= k < n.
GraphRequest graphRequest(const GraphOptions& options, Index k, Index n);

} // namespace embedscope
