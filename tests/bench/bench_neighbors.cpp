#include "core/base/random.h"
#include "core/neighbors/exact.h"
#include "core/neighbors/graph.h"
#include "tests/bench/neighbor_yardsticks.h"
#include "tests/support/test_data.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

using namespace embedscope;

namespace {

/// A mixture of groups that differ in size, spread and direction, about as real tables do: n x d.
/// Kept, for the next row of the table.
const Dataset& mixture(Index n, Index d)
{
    static std::map<std::pair<Index, Index>, std::shared_ptr<const Dataset>> kept;
    auto& dataset = kept[{n, d}];
    if (dataset)
        return *dataset;
    for (auto& other : kept) { // One large table at a time.
        if (&other.second != &dataset)
            other.second.reset();
    }
    constexpr Index kGroups = 200;
    constexpr Index kDirections = 10;
    const Matrix centers = test::normalMatrix(kGroups, d, 2);
    const Matrix directions = test::normalMatrix(kGroups * kDirections, d, 3);
    Random random(4);
    Matrix points = Matrix::zeros(n, d);
    for (Index i = 0; i < n; ++i) {
        const auto group = static_cast<Index>(kGroups * random.uniform() * random.uniform());
        const double spread = 0.05 + 0.02 * static_cast<double>(group % 11);
        float* row = points.row(i);
        std::copy_n(centers.row(group), d, row);
        for (Index a = 0; a < kDirections; ++a) {
            const auto along = static_cast<float>(spread * random.normal());
            const float* direction = directions.row(group * kDirections + a);
            for (Index j = 0; j < d; ++j)
                row[j] += along * direction[j];
        }
        for (Index j = 0; j < d; ++j)
            row[j] += static_cast<float>(0.1 * random.normal());
    }
    dataset = test::datasetOf(std::move(points));
    return *dataset;
}

/// Share of 1000 rows' neighbours that are as near as the true k-th.
double recallOf(const std::vector<float>& values, MatrixView points, Index k)
{
    constexpr Index kRows = 1000;
    const std::vector<PointId> rows = Random(99).sample(points.rows(), kRows);
    Matrix queries = Matrix::zeros(kRows, points.columns());
    for (Index i = 0; i < kRows; ++i) {
        std::copy_n(
            points.row(rows[static_cast<std::size_t>(i)]), points.columns(), queries.row(i));
    }
    const auto truth = neighborsAmong(queries, points, k + 1, Metric::Euclidean, Progress());
    Index hits = 0;
    for (Index i = 0; i < kRows; ++i) {
        // The first is the row itself, or one that lies on it.
        const float kth = truth->valuesOf(i)[k] * (1 + 1e-6F);
        const float* own = values.data() + rows[static_cast<std::size_t>(i)] * k;
        hits += std::count_if(own, own + k, [kth](float value) { return value <= kth; });
    }
    return static_cast<double>(hits) / static_cast<double>(kRows * k);
}

/// The graph of all points: n, d, k.
void graphOf(benchmark::State& state, GraphSearch search)
{
    const MatrixView points = mixture(state.range(0), state.range(1)).vectors().floats();
    GraphRequest request;
    request.k = state.range(2);
    request.search = search;
    NeighborTable table;
    for (auto _ : state)
        table = neighborGraph(points, request, Progress()).value();
    state.counters["recall"] = recallOf(table.values, points, request.k);
    state.counters["measured"] = table.recall;
    state.counters["exact"] = table.isExact ? 1 : 0;
}

void yardstickOf(benchmark::State& state, std::vector<float> (*find)(MatrixView, Index))
{
    const MatrixView points = mixture(state.range(0), state.range(1)).vectors().floats();
    std::vector<float> values;
    for (auto _ : state)
        values = find(points, state.range(2));
    if (values.empty())
        state.SkipWithError("was not there when this was built");
    else
        state.counters["recall"] = recallOf(values, points, state.range(2));
}

/// One query for the 100 nearest: n, d.
void queryOf(benchmark::State& state, Metric metric)
{
    const Dataset& data = mixture(state.range(0), state.range(1));
    PointId query = 0;
    for (auto _ : state) {
        auto list = findNeighbors(data, query, 100, metric, Progress());
        benchmark::DoNotOptimize(list);
        query = (query + 7919) % static_cast<PointId>(data.size());
    }
    state.SetBytesProcessed(state.iterations() * state.range(0) * state.range(1)
        * static_cast<std::int64_t>(sizeof(float)));
}

/// The floor of a query: the table is read once and its values are added.
void readOnce(benchmark::State& state)
{
    const MatrixView points = mixture(state.range(0), state.range(1)).vectors().floats();
    for (auto _ : state)
        benchmark::DoNotOptimize(sumOfAll(points));
    state.SetBytesProcessed(state.iterations() * state.range(0) * state.range(1)
        * static_cast<std::int64_t>(sizeof(float)));
}

void graphShapes(benchmark::internal::Benchmark* row)
{
    row->Args({10000, 50, 15})
        ->Args({10000, 50, 90})
        ->Args({100000, 50, 15})
        ->Args({100000, 50, 90})
        ->Unit(benchmark::kMillisecond)
        ->Iterations(1)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
}

void queryShapes(benchmark::internal::Benchmark* row)
{
    row->Args({100000, 100})
        ->Args({1000000, 100})
        ->Args({1000000, 300})
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
}

BENCHMARK_CAPTURE(graphOf, automatic, GraphSearch::Automatic)->Apply(graphShapes);
BENCHMARK_CAPTURE(graphOf, exact, GraphSearch::Exact)->Apply(graphShapes);
BENCHMARK_CAPTURE(graphOf, approximate, GraphSearch::Approximate)->Apply(graphShapes);
BENCHMARK_CAPTURE(yardstickOf, hnswlib, hnswlibValues)->Apply(graphShapes);
BENCHMARK_CAPTURE(yardstickOf, faiss, faissValues)->Apply(graphShapes);
BENCHMARK_CAPTURE(graphOf, million, GraphSearch::Automatic)
    ->Args({1000000, 50, 15})
    ->Args({1000000, 50, 90})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK_CAPTURE(queryOf, cosine, Metric::Cosine)->Apply(queryShapes);
BENCHMARK_CAPTURE(queryOf, euclidean, Metric::Euclidean)->Apply(queryShapes);
BENCHMARK_CAPTURE(queryOf, dot, Metric::Dot)->Apply(queryShapes);
BENCHMARK_CAPTURE(queryOf, manhattan, Metric::Manhattan)->Apply(queryShapes);
BENCHMARK(readOnce)->Apply(queryShapes);

} // namespace

BENCHMARK_MAIN();
