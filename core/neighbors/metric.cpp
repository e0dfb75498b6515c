#include "core/neighbors/metric.h"

#include <array>

namespace embedscope {

namespace {

constexpr std::array<std::string_view, 4> kIds{"cosine", "euclidean", "dot", "manhattan"};

} // namespace

std::string_view metricId(Metric metric)
{
    return kIds.at(static_cast<std::size_t>(metric));
}

std::optional<Metric> metricFromId(std::string_view id)
{
    for (std::size_t i = 0; i < kIds.size(); ++i) {
        if (kIds[i] == id)
            return static_cast<Metric>(i);
    }
    return std::nullopt;
}

} // namespace embedscope
