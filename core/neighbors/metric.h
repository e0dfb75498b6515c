#pragma once

#include <optional>
#include <string_view>

namespace embedscope {

/// How near two vectors are, in the full space.
enum class Metric
{
    Cosine, ///< Similarity, higher is nearer.
    Euclidean, ///< Distance, lower is nearer.
    Dot, ///< Similarity, higher is nearer.
    Manhattan, ///< Sum of absolute differences, lower is nearer.
};

/// True where higher values are nearer.
constexpr bool isSimilarity(Metric metric)
{
    return metric == Metric::Cosine || metric == Metric::Dot;
}

/// "cosine", "euclidean", "dot", "manhattan".
std::string_view metricId(Metric metric);
std::optional<Metric> metricFromId(std::string_view id);

} // namespace embedscope
