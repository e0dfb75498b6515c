#include "core/plot/point_cloud.h"

#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

std::vector<PointId> drawingOrder(Index n)
{
    std::vector<PointId> order(static_cast<std::size_t>(std::max<Index>(0, n)));
    std::iota(order.begin(), order.end(), PointId{0});
    Random random(0x9e3779b97f4a7c15U);
    random.shuffle(order);
    return order;
}

PointCloud makePointCloud(MatrixView positions, std::span<const PointId> order)
{
    constexpr Index blockSize = 16384;
    const auto n = static_cast<Index>(order.size());
    const auto isPlaced = [&](PointId id) {
        const float* row = positions.row(id);
        return std::isfinite(row[0]) && std::isfinite(row[1]);
    };
    std::vector<Index> starts(static_cast<std::size_t>(blockCount(n, blockSize)) + 1, 0);
    parallelBlocks(n, blockSize, [&](Index block, Index begin, Index end) {
        starts[static_cast<std::size_t>(block) + 1]
            = std::count_if(order.begin() + begin, order.begin() + end, isPlaced);
    });
    std::partial_sum(starts.begin(), starts.end(), starts.begin());

    PointCloud cloud;
    cloud.universe = positions.rows();
    const auto size = static_cast<std::size_t>(starts.back());
    cloud.x.resize(size);
    cloud.y.resize(size);
    cloud.ids.resize(size);
    constexpr double inf = std::numeric_limits<double>::infinity();
    std::vector<MapRect> boxes(starts.size() - 1, MapRect{inf, inf, -inf, -inf});
    parallelBlocks(n, blockSize, [&](Index block, Index begin, Index end) {
        auto slot = static_cast<std::size_t>(starts[static_cast<std::size_t>(block)]);
        MapRect& box = boxes[static_cast<std::size_t>(block)];
        for (Index i = begin; i < end; ++i) {
            const PointId id = order[static_cast<std::size_t>(i)];
            if (!isPlaced(id))
                continue;
            const float* row = positions.row(id);
            cloud.x[slot] = row[0];
            cloud.y[slot] = row[1];
            cloud.ids[slot] = id;
            ++slot;
            box.left = std::min<double>(box.left, row[0]);
            box.right = std::max<double>(box.right, row[0]);
            box.bottom = std::min<double>(box.bottom, row[1]);
            box.top = std::max<double>(box.top, row[1]);
        }
    });
    if (size > 0) {
        cloud.bounds = {inf, inf, -inf, -inf};
        for (const MapRect& box : boxes) {
            cloud.bounds.left = std::min(cloud.bounds.left, box.left);
            cloud.bounds.right = std::max(cloud.bounds.right, box.right);
            cloud.bounds.bottom = std::min(cloud.bounds.bottom, box.bottom);
            cloud.bounds.top = std::max(cloud.bounds.top, box.top);
        }
    }
    return cloud;
}

} // namespace embedscope
