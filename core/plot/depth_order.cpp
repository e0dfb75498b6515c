#include "core/plot/depth_order.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/plot/depth_order.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

#ifndef EMBEDSCOPE_CORE_PLOT_DEPTH_ORDER_COEFFICIENTS
#define EMBEDSCOPE_CORE_PLOT_DEPTH_ORDER_COEFFICIENTS
namespace embedscope {

/// A SpaceView as the loop over the points needs it.
struct SeeingNumbers
{
    std::array<float, 3> center{};
    std::array<float, 9> rows{};
    float perRadius = 0; ///< 1 / radius; 0 for a cloud without extent.
    float radius = 0;
    float eye = 1;
    float perBulk = 1; ///< radius / bulk.
    float meanNearness = 0;
};

/// What the loop gives for a run of points.
struct SeenRun
{
    static constexpr Index kSize = 1024;
    std::array<float, kSize> x;
    std::array<float, kSize> y;
    std::array<std::int32_t, kSize> depth; ///< 0 = nearest.
    std::array<std::int32_t, kSize> cue;
};

} // namespace embedscope
#endif

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Levels from nearness 1 (level 0) to -1 (the last one). What is not a number lands somewhere in
/// range.
template <class D, class V> hn::Vec<hn::RebindToSigned<D>> LevelOf(D tag, V nearness, int levels)
{
    const hn::RebindToSigned<D> indexTag;
    const auto one = hn::Set(tag, 1.0F);
    const auto half = hn::Set(tag, 0.5F * static_cast<float>(levels));
    const auto clamped = hn::Max(hn::Min(nearness, one), hn::Neg(one));
    const auto level = hn::ConvertTo(indexTag, hn::NegMulAdd(clamped, half, half));
    return hn::Min(hn::Max(level, hn::Zero(indexTag)), hn::Set(indexTag, levels - 1));
}

template <class D, class V>
V Along(D tag, const std::array<float, 9>& rows, std::size_t row, V x, V y, V z)
{
    return hn::MulAdd(hn::Set(tag, rows[row]), x,
        hn::MulAdd(hn::Set(tag, rows[row + 1]), y, hn::Mul(hn::Set(tag, rows[row + 2]), z)));
}

template <class D>
void SeeLanes(D tag, const SeeingNumbers& numbers, const float* x, const float* y, const float* z,
    SeenRun& out, Index to)
{
    // In radii first, so that no product of large numbers leaves the range of floats.
    const auto perRadius = hn::Set(tag, numbers.perRadius);
    const auto px = hn::Mul(hn::Sub(hn::LoadU(tag, x), hn::Set(tag, numbers.center[0])), perRadius);
    const auto py = hn::Mul(hn::Sub(hn::LoadU(tag, y), hn::Set(tag, numbers.center[1])), perRadius);
    const auto pz = hn::Mul(hn::Sub(hn::LoadU(tag, z), hn::Set(tag, numbers.center[2])), perRadius);
    const auto nearness = Along(tag, numbers.rows, 6, px, py, pz);
    const auto factor = hn::Div(
        hn::Set(tag, numbers.eye * numbers.radius), hn::Sub(hn::Set(tag, numbers.eye), nearness));
    hn::StoreU(hn::Mul(Along(tag, numbers.rows, 0, px, py, pz), factor), tag, out.x.data() + to);
    hn::StoreU(hn::Mul(Along(tag, numbers.rows, 3, px, py, pz), factor), tag, out.y.data() + to);
    const hn::RebindToSigned<D> indexTag;
    hn::StoreU(LevelOf(tag, nearness, DepthOrder::kDepths), indexTag, out.depth.data() + to);
    const auto cueNearness = hn::Mul(
        hn::Sub(nearness, hn::Set(tag, numbers.meanNearness)), hn::Set(tag, numbers.perBulk));
    hn::StoreU(LevelOf(tag, cueNearness, kCueLevels), indexTag, out.cue.data() + to);
}

/// count <= SeenRun::kSize.
void SeeRun(const SeeingNumbers& numbers, const float* x, const float* y, const float* z,
    Index count, SeenRun& out)
{
    const hn::CappedTag<float, 16> tag;
    const auto lanes = static_cast<Index>(hn::Lanes(tag));
    Index i = 0;
    for (; i + lanes <= count; i += lanes)
        SeeLanes(tag, numbers, x + i, y + i, z + i, out, i);
    if (i == count)
        return;
    std::array<float, 16> tailX{};
    std::array<float, 16> tailY{};
    std::array<float, 16> tailZ{};
    std::copy(x + i, x + count, tailX.begin());
    std::copy(y + i, y + count, tailY.begin());
    std::copy(z + i, z + count, tailZ.begin());
    // Fits: kSize is a multiple of the lanes.
    SeeLanes(tag, numbers, tailX.data(), tailY.data(), tailZ.data(), out, i);
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(SeeRun);

namespace {

constexpr Index kMostChunks = 8; ///< Each with a histogram of all depths.
constexpr Index kSmallestChunk = 32768;
constexpr Index kBlock = 65536;

SeeingNumbers numbersOf(const SpaceView& view)
{
    SeeingNumbers numbers;
    const SpaceExtent& extent = view.extent();
    numbers.center = extent.center;
    for (std::size_t i = 0; i < 9; ++i)
        numbers.rows[i] = static_cast<float>(view.turn().rows()[i]);
    constexpr double tiny = 1e-30; // Near where floats lose their precision.
    constexpr double huge = 5e37; // Times the eye's distance still a float.
    numbers.radius = static_cast<float>(std::min(extent.radius, huge));
    numbers.perRadius = extent.radius > tiny ? static_cast<float>(1 / extent.radius) : 0;
    numbers.eye = static_cast<float>(SpaceView::kEyeDistance);
    numbers.perBulk
        = extent.bulk > 0 ? static_cast<float>(std::min(1e6, extent.radius / extent.bulk)) : 1;
    numbers.meanNearness = static_cast<float>(view.place(extent.meanPoint()).nearness);
    return numbers;
}

/// Calls body(run, first slot, count) for the slots [begin, end).
template <typename Body>
void seeRuns(
    const PointCloud& cloud, const SeeingNumbers& numbers, Index begin, Index end, const Body& body)
{
    SeenRun run; // NOLINT: filled as far as it is read
    for (Index i = begin; i < end; i += SeenRun::kSize) {
        const Index count = std::min(SeenRun::kSize, end - i);
        HWY_DYNAMIC_DISPATCH(SeeRun)
        (numbers, cloud.x.data() + i, cloud.y.data() + i, cloud.z.data() + i, count, run);
        body(run, static_cast<std::size_t>(i), static_cast<std::size_t>(count));
    }
}

MapRect boundsOf(const PointCloud& cloud)
{
    if (cloud.x.empty())
        return {};
    const auto [left, right] = std::minmax_element(cloud.x.begin(), cloud.x.end());
    const auto [bottom, top] = std::minmax_element(cloud.y.begin(), cloud.y.end());
    return {*left, *bottom, *right, *top};
}

} // namespace

std::span<const SeenPoint> DepthOrder::sort(const PointCloud& cloud,
    std::span<const std::uint16_t> codes, std::span<const std::uint8_t> layers,
    const SpaceView& view, Index count, const Progress& progress)
{
    const SeeingNumbers numbers = numbersOf(view);
    const Index chunkSize = std::max(kSmallestChunk, (count + kMostChunks - 1) / kMostChunks);
    const auto chunks = static_cast<std::size_t>(blockCount(count, chunkSize));
    m_points.resize(static_cast<std::size_t>(count));
    m_starts.assign(chunks * kDepths, 0);
    const auto startsOf
        = [&](Index chunk) { return m_starts.data() + static_cast<std::size_t>(chunk) * kDepths; };
    parallelBlocks(count, chunkSize, [&](Index chunk, Index begin, Index end) {
        std::uint32_t* counts = startsOf(chunk);
        if (progress.stopRequested())
            return;
        seeRuns(cloud, numbers, begin, end, [&](const SeenRun& run, std::size_t, std::size_t size) {
            for (std::size_t i = 0; i < size; ++i)
                ++counts[run.depth[i]];
        });
    });
    if (progress.stopRequested())
        return {};
    std::uint32_t sum = 0;
    for (std::size_t depth = 0; depth < kDepths; ++depth) {
        for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
            std::uint32_t& start = m_starts[chunk * kDepths + depth];
            const std::uint32_t points = start;
            start = sum;
            sum += points;
        }
    }
    // What was counted is seen a second time: cheaper than to keep it.
    parallelBlocks(count, chunkSize, [&](Index chunk, Index begin, Index end) {
        std::uint32_t* next = startsOf(chunk);
        if (progress.stopRequested())
            return;
        seeRuns(cloud, numbers, begin, end,
            [&](const SeenRun& run, std::size_t first, std::size_t size) {
                for (std::size_t i = 0; i < size; ++i) {
                    const std::size_t slot = first + i;
                    m_points[next[run.depth[i]]++] = {run.x[i], run.y[i], cloud.ids[slot],
                        codes.empty() ? std::uint16_t{0} : codes[slot],
                        layers.empty() ? std::uint8_t{1} : layers[slot],
                        static_cast<std::uint8_t>(run.cue[i])};
                }
            });
    });
    if (progress.stopRequested())
        return {};
    return m_points;
}

PointCloud seenCloud(const PointCloud& cloud, const SpaceView& view)
{
    const SeeingNumbers numbers = numbersOf(view);
    PointCloud seen;
    seen.universe = cloud.universe;
    seen.ids = cloud.ids;
    seen.x.resize(cloud.x.size());
    seen.y.resize(cloud.y.size());
    parallelBlocks(cloud.size(), kBlock, [&](Index, Index begin, Index end) {
        seeRuns(cloud, numbers, begin, end,
            [&](const SeenRun& run, std::size_t first, std::size_t size) {
                std::copy_n(run.x.begin(), size, seen.x.data() + first);
                std::copy_n(run.y.begin(), size, seen.y.data() + first);
            });
    });
    seen.bounds = view.bounds();
    return seen;
}

SeenCloud unpack(std::span<const SeenPoint> points, Index universe)
{
    auto cloud = std::make_shared<PointCloud>();
    auto layers = std::make_shared<std::vector<std::uint8_t>>(points.size());
    auto cues = std::make_shared<std::vector<std::uint8_t>>(points.size());
    cloud->universe = universe;
    cloud->x.resize(points.size());
    cloud->y.resize(points.size());
    cloud->ids.resize(points.size());
    parallelBlocks(static_cast<Index>(points.size()), kBlock, [&](Index, Index begin, Index end) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
            const SeenPoint& point = points[i];
            cloud->x[i] = point.x;
            cloud->y[i] = point.y;
            cloud->ids[i] = point.id;
            (*layers)[i] = point.layer;
            (*cues)[i] = point.cue;
        }
    });
    cloud->bounds = boundsOf(*cloud);
    return {std::move(cloud), std::move(layers), std::move(cues)};
}

} // namespace embedscope
#endif // HWY_ONCE
