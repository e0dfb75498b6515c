#include "core/plot/point_cloud.h"

#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kBlockSize = 16384;

double squaredDistance(const PointCloud& cloud, std::size_t slot, const SpacePoint& from)
{
    const double dx = cloud.x[slot] - from.x;
    const double dy = cloud.y[slot] - from.y;
    const double dz = cloud.z[slot] - from.z;
    return dx * dx + dy * dy + dz * dz;
}

struct Farthest
{
    double distance2 = -1;
    std::size_t slot = 0;
};

/// Not inlined: where GCC 12 sees a pair of doubles rounded to floats and taken as doubles again,
/// it leaves the rounding out.
[[gnu::noinline]] Farthest farthestFrom(const PointCloud& cloud, const std::array<float, 3>& center)
{
    const SpacePoint from = {center[0], center[1], center[2]};
    std::vector<Farthest> byBlock(static_cast<std::size_t>(blockCount(cloud.size(), kBlockSize)));
    parallelBlocks(cloud.size(), kBlockSize, [&](Index block, Index begin, Index end) {
        Farthest& most = byBlock[static_cast<std::size_t>(block)];
        for (auto slot = static_cast<std::size_t>(begin); slot < static_cast<std::size_t>(end);
             ++slot) {
            const double distance2 = squaredDistance(cloud, slot, from);
            if (distance2 > most.distance2)
                most = {distance2, slot};
        }
    });
    Farthest most;
    for (const Farthest& one : byBlock) {
        if (one.distance2 > most.distance2)
            most = one;
    }
    return most;
}

SpacePoint meanOf(const PointCloud& cloud)
{
    const Index n = cloud.size();
    std::vector<SpacePoint> sums(static_cast<std::size_t>(blockCount(n, kBlockSize)));
    parallelBlocks(n, kBlockSize, [&](Index block, Index begin, Index end) {
        SpacePoint& sum = sums[static_cast<std::size_t>(block)];
        for (auto slot = static_cast<std::size_t>(begin); slot < static_cast<std::size_t>(end);
             ++slot) {
            sum.x += cloud.x[slot];
            sum.y += cloud.y[slot];
            sum.z += cloud.z[slot];
        }
    });
    SpacePoint sum;
    for (const SpacePoint& part : sums)
        sum = {sum.x + part.x, sum.y + part.y, sum.z + part.z};
    const auto count = static_cast<double>(n);
    return {sum.x / count, sum.y / count, sum.z / count};
}

std::array<float, 3> rounded(const SpacePoint& p)
{
    return {static_cast<float>(p.x), static_cast<float>(p.y), static_cast<float>(p.z)};
}

/// The ball: from the mean, by ever smaller steps towards the farthest point (Badoiu and Clarkson
/// 2003), of whose centres the best is kept.
SpaceExtent extentOf(const PointCloud& cloud)
{
    constexpr int steps = 10;
    SpaceExtent extent;
    extent.mean = rounded(meanOf(cloud));
    extent.center = extent.mean;
    std::array<float, 3> center = extent.mean;
    Farthest farthest = farthestFrom(cloud, center);
    double least2 = farthest.distance2;
    for (int step = 1; step <= steps; ++step) {
        const float share = 1.0F / static_cast<float>(step + 1);
        const std::size_t slot = farthest.slot;
        // Not by their difference, which may leave the range of floats.
        center = {center[0] * (1 - share) + cloud.x[slot] * share,
            center[1] * (1 - share) + cloud.y[slot] * share,
            center[2] * (1 - share) + cloud.z[slot] * share};
        farthest = farthestFrom(cloud, center);
        if (farthest.distance2 < least2) {
            least2 = farthest.distance2;
            extent.center = center;
        }
    }
    extent.radius = std::sqrt(least2);
    // Any first slots are a fair sample of all.
    constexpr Index looked = 4096;
    std::vector<double> sample(static_cast<std::size_t>(std::min(cloud.size(), looked)));
    for (std::size_t slot = 0; slot < sample.size(); ++slot)
        sample[slot] = squaredDistance(cloud, slot, extent.meanPoint());
    const auto most = sample.begin() + static_cast<std::ptrdiff_t>(sample.size() * 19 / 20);
    std::nth_element(sample.begin(), most, sample.end());
    extent.bulk = std::sqrt(*most);
    return extent;
}

} // namespace

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
    const auto n = static_cast<Index>(order.size());
    const bool hasZ = positions.columns() >= 3;
    const auto isPlaced = [&](PointId id) {
        const float* row = positions.row(id);
        return std::isfinite(row[0]) && std::isfinite(row[1]) && (!hasZ || std::isfinite(row[2]));
    };
    std::vector<Index> starts(static_cast<std::size_t>(blockCount(n, kBlockSize)) + 1, 0);
    parallelBlocks(n, kBlockSize, [&](Index block, Index begin, Index end) {
        starts[static_cast<std::size_t>(block) + 1]
            = std::count_if(order.begin() + begin, order.begin() + end, isPlaced);
    });
    std::partial_sum(starts.begin(), starts.end(), starts.begin());

    PointCloud cloud;
    cloud.universe = positions.rows();
    const auto size = static_cast<std::size_t>(starts.back());
    cloud.x.resize(size);
    cloud.y.resize(size);
    cloud.isSpace = hasZ;
    cloud.z.resize(hasZ ? size : 0);
    cloud.ids.resize(size);
    constexpr double inf = std::numeric_limits<double>::infinity();
    std::vector<MapRect> boxes(starts.size() - 1, MapRect{inf, inf, -inf, -inf});
    parallelBlocks(n, kBlockSize, [&](Index block, Index begin, Index end) {
        auto slot = static_cast<std::size_t>(starts[static_cast<std::size_t>(block)]);
        MapRect& box = boxes[static_cast<std::size_t>(block)];
        for (Index i = begin; i < end; ++i) {
            const PointId id = order[static_cast<std::size_t>(i)];
            if (!isPlaced(id))
                continue;
            const float* row = positions.row(id);
            cloud.x[slot] = row[0];
            cloud.y[slot] = row[1];
            if (hasZ)
                cloud.z[slot] = row[2];
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
    if (hasZ && size > 0)
        cloud.extent = extentOf(cloud);
    return cloud;
}

} // namespace embedscope
