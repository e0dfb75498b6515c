#include "core/base/parallel.h"
#include "core/projection/projection.h"
#include "core/projection/tsne/exact_repulsion.h"
#include "tests/support/test_data.h"

#include <benchmark/benchmark.h>

using namespace embedscope;

namespace {

void run(benchmark::State& state, const ProjectionRequest& request, Index n, Index d)
{
    const auto data = test::blobDataset(n, d, 10);
    for (auto _ : state) {
        auto projection = startProjection(data, request, Progress()).value();
        if (!projection->advance(projection->totalIterations(), Progress()))
            state.SkipWithError("stopped");
        const Layout layout = projection->layout();
        for (const auto& [stage, seconds] : layout.diagnostics.seconds)
            state.counters[stage] = seconds;
        if (layout.diagnostics.klDivergence)
            state.counters["kl"] = *layout.diagnostics.klDivergence;
    }
}

/// The first picture of a table: n, d.
void pca(benchmark::State& state)
{
    run(state, {}, state.range(0), state.range(1));
}

/// The whole of t-SNE: n, threads. Two hundred iterations of the usual thousand.
void tsne(benchmark::State& state)
{
    setThreadCount(static_cast<int>(state.range(1)));
    ProjectionRequest request;
    request.method = "tsne";
    request.parameters = {{"iterations", std::int64_t{200}}};
    run(state, request, state.range(0), 50);
    setThreadCount(0);
}

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

BENCHMARK(pca)
    ->Args({10000, 784})
    ->Args({100000, 100})
    ->Args({1000, 20000})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(tsne)
    ->Args({10000, 1})
    ->Args({10000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Iterations(1);
BENCHMARK(exactRepulsion)
    ->Args({5000, 2})
    ->Args({10000, 1})
    ->Args({10000, 2})
    ->Args({20000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

} // namespace

BENCHMARK_MAIN();
