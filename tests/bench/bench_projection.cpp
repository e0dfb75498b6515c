#include "core/base/parallel.h"
#include "core/projection/tsne/exact_repulsion.h"
#include "tests/support/test_data.h"

#include <benchmark/benchmark.h>

using namespace embedscope;

namespace {

/// The exact repulsion of one iteration: n, threads.
void exactRepulsion(benchmark::State& state)
{
    setThreadCount(static_cast<int>(state.range(1)));
    const Index n = state.range(0);
    const Matrix points = test::blobs(n, 2, 10);
    Coordinates places(n, 2);
    Coordinates forces(n, 2);
    for (Index i = 0; i < n; ++i) {
        places.axis(0)[i] = points(i, 0);
        places.axis(1)[i] = points(i, 1);
    }
    ExactRepulsion repulsion(n, 2, 1);
    for (auto _ : state)
        benchmark::DoNotOptimize(repulsion.find(places, forces, Progress()));
    state.counters["pairs/s"] = benchmark::Counter(
        static_cast<double>(n * n), benchmark::Counter::kIsIterationInvariantRate);
    setThreadCount(0);
}

BENCHMARK(exactRepulsion)
    ->Args({5000, 2})
    ->Args({10000, 1})
    ->Args({10000, 2})
    ->Args({20000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

} // namespace

BENCHMARK_MAIN();
