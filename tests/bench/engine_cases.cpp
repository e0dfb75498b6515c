#include "tests/bench/engine_cases.h"

#include "core/neighbors/exact.h"
#include "core/neighbors/graph.h"
#include "core/projection/pca/pca.h"
#include "core/projection/projection.h"
#include "core/projection/workbench.h"
#include "tests/bench/engine_tables.h"
#include "tests/support/test_data.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <numeric>

namespace embedscope::bench {

namespace {

class Clock
{
public:
    double seconds() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

auto method(std::string_view id)
{
    return [id](const std::shared_ptr<const Dataset>& table) { return runMethod(table, id); };
}

auto components(Index count)
{
    return [count](
               const std::shared_ptr<const Dataset>& table) { return runComponents(table, count); };
}

auto graph(Index k)
{
    return [k](const std::shared_ptr<const Dataset>& table) { return runGraph(table, k); };
}

auto reduced(Index n)
{
    return [n] { return mixtureComponents(n, 50); };
}

auto whole(Index n, Index d)
{
    return [n, d] { return mixtureTable(n, d); };
}

} // namespace

std::span<const Case> cases()
{
    static const std::array rows{
        Case{"tsne-10k", "t-SNE 10k x 50, 1000 iterations", "<= 6 s", false, "tsne", reduced(10000),
            method("tsne")},
        Case{"tsne-100k", "t-SNE 100k x 50", "<= 40 s", false, "tsne", reduced(100000),
            method("tsne")},
        Case{"tsne-1m", "t-SNE 1M x 50", "<= 600 s, 4 GB", true, "tsne", reduced(1000000),
            method("tsne")},
        Case{"umap-10k", "UMAP 10k x 50", "<= 2 s", false, "umap", reduced(10000), method("umap")},
        Case{"umap-100k", "UMAP 100k x 50", "<= 12 s", false, "umap", reduced(100000),
            method("umap")},
        Case{"umap-1m", "UMAP 1M x 50", "-", true, "umap", reduced(1000000), method("umap")},
        Case{"pca-10k", "PCA 50 of 10k x 784", "numpy", false, "", whole(10000, 784),
            components(50)},
        Case{"pca-100k", "PCA 50 of 100k x 100", "numpy", false, "", whole(100000, 100),
            components(50)},
        Case{"pca-wide", "PCA 50 of 1k x 40k", "-", false, "", whole(1000, 40000), components(50)},
        Case{"pca-1m", "PCA 50 of 1M x 100", "<= 0.2 s", true, "", whole(1000000, 100),
            components(50)},
        Case{"graph-10k", "graph k = 90 of 10k x 50", "-", false, "", reduced(10000), graph(90)},
        Case{"graph-100k", "graph k = 90 of 100k x 50", "<= 6 s, .99", false, "", reduced(100000),
            graph(90)},
        Case{"graph-1m", "graph k = 15 of 1M x 50", "<= 40 s, .99", true, "", reduced(1000000),
            graph(15)},
        Case{"query-1m", "query k = 100 of 1M x 300", "<= 0.028 s", true, "",
            [] { return test::datasetOf(test::normalMatrix(1000000, 300)); },
            [](const std::shared_ptr<const Dataset>& table) { return runQuery(table, 100); }},
    };
    return rows;
}

Outcome runMethod(const std::shared_ptr<const Dataset>& table, std::string_view id, int dimensions)
{
    ProjectionRequest request;
    request.method = id;
    request.dimensions = dimensions;
    resetPeakBytes();
    const Clock clock;
    auto run = startProjection(table, request, Progress()).value();
    while (!run->isDone()) {
        if (!run->advance(run->totalIterations(), Progress()))
            break;
    }
    auto layout = std::make_shared<const Layout>(run->layout());
    Outcome outcome;
    outcome.seconds = clock.seconds();
    outcome.peakBytes = peakBytes();
    outcome.stages = layout->diagnostics.seconds;
    outcome.kl = layout->diagnostics.klDivergence;
    outcome.recall = layout->recipe.graphRecall;
    outcome.layout = std::move(layout);
    return outcome;
}

Outcome runComponents(const std::shared_ptr<const Dataset>& table, Index count)
{
    const MatrixView points = table->vectors().floats();
    count = std::min({count, points.rows(), points.columns()});
    std::vector<Index> which(static_cast<std::size_t>(count));
    std::iota(which.begin(), which.end(), Index{0});
    resetPeakBytes();
    const Clock clock;
    const auto found = principalComponents(points, count, Progress()).value();
    const double untilScores = clock.seconds();
    const Matrix scores = componentScores(found, points, which, Progress()).value();
    Outcome outcome;
    outcome.seconds = clock.seconds();
    outcome.peakBytes = peakBytes();
    outcome.stages = {{"components", untilScores}, {"scores", outcome.seconds - untilScores}};
    return outcome;
}

Outcome runGraph(const std::shared_ptr<const Dataset>& table, Index k)
{
    GraphRequest request;
    request.k = std::min(k, table->size() - 1);
    resetPeakBytes();
    const Clock clock;
    const auto found = neighborGraph(table->vectors().floats(), request, Progress()).value();
    Outcome outcome;
    outcome.seconds = clock.seconds();
    outcome.peakBytes = peakBytes();
    outcome.stages = {{found.isExact ? "exact" : "approximate", outcome.seconds}};
    outcome.recall = found.recall;
    return outcome;
}

Outcome runQuery(const std::shared_ptr<const Dataset>& table, Index k)
{
    constexpr std::size_t kQueries = 20;
    std::vector<double> seconds;
    resetPeakBytes();
    for (std::size_t q = 0; q < kQueries; ++q) {
        const Clock clock;
        const auto row
            = static_cast<PointId>(q * static_cast<std::size_t>(table->size()) / kQueries);
        const auto list = findNeighbors(*table, row, k, Metric::Cosine, Progress()).value();
        seconds.push_back(clock.seconds());
    }
    std::sort(seconds.begin(), seconds.end());
    Outcome outcome;
    outcome.seconds = seconds[kQueries / 2];
    outcome.peakBytes = peakBytes();
    outcome.stages = {{"best", seconds.front()}};
    return outcome;
}

} // namespace embedscope::bench
