// What the map costs, in two and three dimensions: one whole picture, the first one while it moves,
// picking, a lasso. Prints and never fails.

#include "core/base/random.h"
#include "core/plot/depth_cue.h"
#include "core/plot/depth_order.h"
#include "core/plot/lasso.h"
#include "core/plot/palette.h"
#include "core/plot/pick_grid.h"
#include "core/plot/rasterizer.h"

#include <benchmark/benchmark.h>
#include <cmath>
#include <map>
#include <memory>

using namespace embedscope;

namespace {

constexpr int kWidth = 1280;
constexpr int kHeight = 800;

/// n points in 50 clouds of different sizes, as maps of embeddings look.
struct Scene
{
    std::shared_ptr<const PointCloud> cloud;
    std::vector<std::uint16_t> codes;
    LayerOf layers;
    RasterView view;
};

const Scene& sceneOf(Index n)
{
    static std::map<Index, Scene> scenes;
    Scene& scene = scenes[n];
    if (scene.cloud)
        return scene;
    Random random(7);
    std::vector<double> centers;
    for (int i = 0; i < 150; ++i)
        centers.push_back(random.uniform());
    Matrix places = Matrix::zeros(n, 2);
    for (Index i = 0; i < n; ++i) {
        const auto group = static_cast<std::size_t>(random.below(50));
        const double spread = 0.02 + 0.1 * centers[3 * group + 2];
        places(i, 0) = static_cast<float>(1.6 * centers[3 * group] + spread * random.normal());
        places(i, 1) = static_cast<float>(centers[3 * group + 1] + spread * random.normal());
        scene.codes.push_back(static_cast<std::uint16_t>(group % 48));
    }
    scene.cloud = std::make_shared<const PointCloud>(makePointCloud(places, drawingOrder(n)));
    scene.layers.assign(static_cast<std::size_t>(n), 1);
    Camera camera(kWidth, kHeight);
    camera.fit(scene.cloud->bounds, 10);
    scene.view = {camera.visible().left, camera.visible().top, camera.scale()};
    return scene;
}

RasterStyle styleFor(Index n)
{
    RasterStyle style;
    style.radiusPx = static_cast<float>(suggestedPointRadius(n));
    style.opacity = 0.8F;
    style.palette = categoryPalette(Theme::Light);
    return style;
}

void wholePicture(benchmark::State& state)
{
    const Index n = state.range(0);
    const Scene& scene = sceneOf(n);
    Rasterizer raster(kWidth, kHeight);
    for (auto _ : state) {
        raster.clear();
        raster.draw(*scene.cloud, scene.codes, scene.layers, 1, scene.view, styleFor(n), 0, n);
        benchmark::DoNotOptimize(raster.pixels().data());
    }
    state.SetItemsProcessed(state.iterations() * n);
}

void firstSlice(benchmark::State& state)
{
    const Index n = state.range(0);
    const Scene& scene = sceneOf(n);
    Rasterizer raster(kWidth, kHeight);
    for (auto _ : state) {
        raster.clear();
        raster.draw(*scene.cloud, scene.codes, scene.layers, 1, scene.view, styleFor(n), 0,
            std::min<Index>(n, 160'000));
        benchmark::DoNotOptimize(raster.pixels().data());
    }
}

void makeCloud(benchmark::State& state)
{
    const Index n = state.range(0);
    const auto order = drawingOrder(n);
    const Matrix places = Matrix::zeros(n, 2);
    for (auto _ : state)
        benchmark::DoNotOptimize(makePointCloud(places, order).ids.data());
}

void buildPickGrid(benchmark::State& state)
{
    const Scene& scene = sceneOf(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(PickGrid::build(scene.cloud).ok());
}

void pick(benchmark::State& state)
{
    const Scene& scene = sceneOf(state.range(0));
    const auto grid = PickGrid::build(scene.cloud).value();
    Random random(3);
    for (auto _ : state) {
        PickGrid::Query query;
        query.x = scene.view.left + random.uniform() * kWidth / scene.view.scale;
        query.y = scene.view.top - random.uniform() * kHeight / scene.view.scale;
        query.radius = 8 / scene.view.scale;
        query.discRadius = 1 / scene.view.scale;
        query.layers = scene.layers;
        benchmark::DoNotOptimize(grid->pick(query));
    }
}

void lasso(benchmark::State& state)
{
    const Scene& scene = sceneOf(state.range(0));
    std::vector<MapPoint> polygon;
    for (int i = 0; i < 200; ++i) {
        const double angle = 6.283185307 * i / 200;
        polygon.push_back({0.8 + 0.4 * std::cos(angle), 0.5 + 0.4 * std::sin(angle)});
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(pointsInPolygon(*scene.cloud, polygon, scene.layers).count());
}

/// The same number of points in 50 clouds of three dimensions, and the side it is seen from.
struct Space
{
    PointCloud cloud;
    std::vector<std::uint16_t> codes;
    LayerOf layers;
    std::vector<Rgba> colors;
    RasterView view;

    SpaceView seenFrom(double azimuth) const
    {
        return {Turn::fromAngles(azimuth, Turn::kStandardElevation), cloud.extent};
    }
    RasterStyle style(Index n) const
    {
        RasterStyle style = styleFor(n);
        style.palette = colors;
        return style;
    }
};

const Space& spaceOf(Index n)
{
    static std::map<Index, Space> spaces;
    Space& space = spaces[n];
    if (space.cloud.isSpace)
        return space;
    Random random(7);
    std::vector<double> centers;
    for (int i = 0; i < 200; ++i)
        centers.push_back(random.uniform());
    Matrix places = Matrix::zeros(n, 3);
    for (Index i = 0; i < n; ++i) {
        const auto group = static_cast<std::size_t>(random.below(50));
        const double spread = 0.02 + 0.1 * centers[4 * group + 3];
        for (Index j = 0; j < 3; ++j)
            places(i, j) = static_cast<float>(
                centers[4 * group + static_cast<std::size_t>(j)] + spread * random.normal());
        space.codes.push_back(static_cast<std::uint16_t>(group % 48));
    }
    space.cloud = makePointCloud(places, drawingOrder(n));
    space.layers.assign(static_cast<std::size_t>(n), 1);
    space.colors = foggedPalette(categoryPalette(Theme::Light), backgroundColor(Theme::Light), 0.6);
    Camera camera(kWidth, kHeight);
    camera.fit(space.seenFrom(0).bounds(), 10);
    space.view = {camera.visible().left, camera.visible().top, camera.scale()};
    return space;
}

/// A picture of the first `count` points, each time from another side.
void spacePicture(benchmark::State& state, Index n, Index count)
{
    const Space& space = spaceOf(n);
    Rasterizer raster(kWidth, kHeight);
    DepthOrder order;
    double azimuth = 0;
    for (auto _ : state) {
        azimuth += 3;
        raster.clear();
        const auto points
            = order.sort(space.cloud, space.codes, space.layers, space.seenFrom(azimuth), count);
        raster.drawSeen(points, 1, space.view, space.style(n), 0, count);
        benchmark::DoNotOptimize(raster.pixels().data());
    }
    state.SetItemsProcessed(state.iterations() * count);
}

void wholeSpacePicture(benchmark::State& state)
{
    spacePicture(state, state.range(0), state.range(0));
}

void firstSpacePicture(benchmark::State& state)
{
    spacePicture(state, state.range(0), std::min<Index>(state.range(0), 120'000));
}

void orderByDepth(benchmark::State& state)
{
    const Space& space = spaceOf(state.range(0));
    DepthOrder order;
    double azimuth = 0;
    for (auto _ : state) {
        azimuth += 3;
        benchmark::DoNotOptimize(order
                                     .sort(space.cloud, space.codes, space.layers,
                                         space.seenFrom(azimuth), space.cloud.size())
                                     .data());
    }
}

void seeForTheLasso(benchmark::State& state)
{
    const Space& space = spaceOf(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(seenCloud(space.cloud, space.seenFrom(30)).x.data());
}

void buildSpacePickGrid(benchmark::State& state)
{
    const Space& space = spaceOf(state.range(0));
    DepthOrder order;
    const auto points = order.sort(
        space.cloud, space.codes, space.layers, space.seenFrom(30), space.cloud.size());
    for (auto _ : state)
        benchmark::DoNotOptimize(PickGrid::build(unpack(points, space.cloud.universe).cloud).ok());
}

void sizes(benchmark::internal::Benchmark* bench)
{
    for (const int n : {10'000, 100'000, 1'000'000, 5'000'000})
        bench->Arg(n);
    bench->Unit(benchmark::kMillisecond)->UseRealTime();
}

} // namespace

BENCHMARK(wholePicture)->Apply(sizes);
BENCHMARK(firstSlice)->Apply(sizes);
BENCHMARK(wholeSpacePicture)->Apply(sizes);
BENCHMARK(firstSpacePicture)->Apply(sizes);
BENCHMARK(orderByDepth)->Apply(sizes);
BENCHMARK(seeForTheLasso)->Apply(sizes);
BENCHMARK(buildSpacePickGrid)->Apply(sizes);
BENCHMARK(makeCloud)->Apply(sizes);
BENCHMARK(buildPickGrid)->Apply(sizes);
BENCHMARK(pick)->Apply(sizes)->Unit(benchmark::kMicrosecond);
BENCHMARK(lasso)->Apply(sizes);

BENCHMARK_MAIN();
