#include "core/base/parallel.h"
#include "core/neighbors/exact.h"
#include "tests/support/test_data.h"

#include <benchmark/benchmark.h>

using namespace embedscope;

namespace {

/// One query against a table of the default shapes: n, d.
template <Metric kMetric> void query(benchmark::State& state)
{
    const auto data = test::datasetOf(test::normalMatrix(state.range(0), state.range(1)));
    for (auto _ : state) {
        auto list = findNeighbors(*data, 0, 100, kMetric, Progress());
        benchmark::DoNotOptimize(list);
    }
    state.SetBytesProcessed(state.iterations() * state.range(0) * state.range(1)
        * static_cast<std::int64_t>(sizeof(float)));
}

/// All neighbours of all points: n, d, k.
void table(benchmark::State& state)
{
    const Matrix points = test::blobs(state.range(0), state.range(1), 10);
    for (auto _ : state) {
        auto found = exactNeighborTable(points, state.range(2), Progress());
        benchmark::DoNotOptimize(found);
    }
}

BENCHMARK_TEMPLATE(query, Metric::Cosine)
    ->Args({100000, 100})
    ->Args({1000000, 100})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_TEMPLATE(query, Metric::Euclidean)
    ->Args({100000, 100})
    ->Args({1000000, 100})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(table)
    ->Args({10000, 50, 15})
    ->Args({10000, 50, 90})
    ->Args({30000, 50, 90})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

} // namespace

BENCHMARK_MAIN();
