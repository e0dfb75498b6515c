#include "tests/bench/engine_judge.h"

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/neighbors/exact.h"
#include "core/neighbors/graph.h"
#include "tests/support/test_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>

namespace embedscope::bench {

namespace {

constexpr Index kMostForAll = 120000; ///< Rows up to which all neighbours are found.
constexpr double kPerplexity = 30;
constexpr Index kNeighbors = 90;
constexpr Index kTrust = 12;

std::shared_ptr<const Dataset> copyOf(MatrixView values)
{
    Matrix copy = Matrix::zeros(values.rows(), values.columns());
    std::copy_n(values.data(), copy.size(), copy.data());
    return test::datasetOf(std::move(copy));
}

std::vector<PointId> nearest(const Dataset& table, PointId row, Index k)
{
    const auto list = findNeighbors(table, row, k, Metric::Euclidean, Progress()).value();
    std::vector<PointId> ids;
    for (const Neighbor& neighbor : list.neighbors)
        ids.push_back(neighbor.id);
    return ids;
}

/// Conditional probabilities of one row's neighbours at the perplexity asked for, by bisection of
/// the precision (van der Maaten and Hinton 2008, eq. 1 and section 2).
std::vector<double> conditional(const float* distances, Index k, double perplexity)
{
    std::vector<double> squares(static_cast<std::size_t>(k));
    for (Index j = 0; j < k; ++j)
        squares[static_cast<std::size_t>(j)] = static_cast<double>(distances[j]) * distances[j]
            - static_cast<double>(distances[0]) * distances[0];
    std::vector<double> p(squares.size());
    double low = 0;
    double high = HUGE_VAL;
    double precision = 1;
    for (int step = 0; step < 200; ++step) {
        double sum = 0;
        double mean = 0;
        for (std::size_t j = 0; j < p.size(); ++j) {
            p[j] = std::exp(-precision * squares[j]);
            sum += p[j];
            mean += p[j] * squares[j];
        }
        const double gap = std::log(sum) + precision * mean / sum - std::log(perplexity);
        for (double& value : p)
            value /= sum;
        if (std::abs(gap) < 1e-6)
            break;
        (gap > 0 ? low : high) = precision;
        precision = std::isinf(high) ? precision * 2 : (low + high) / 2;
    }
    return p;
}

/// The sum over all pairs of 1 / (1 + distance^2), both ways round.
double normalizer(MatrixView layout)
{
    const Index n = layout.rows();
    const Index dims = layout.columns();
    std::vector<std::vector<double>> axes(static_cast<std::size_t>(dims));
    for (Index a = 0; a < dims; ++a) {
        for (Index i = 0; i < n; ++i)
            axes[static_cast<std::size_t>(a)].push_back(static_cast<double>(layout(i, a)));
    }
    constexpr Index kRows = 16;
    constexpr Index kChunk = 512;
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, kRows)));
    parallelBlocks(n, kRows, [&](Index block, Index begin, Index end) {
        std::array<double, kChunk> parts{};
        std::array<double, kChunk> squares{};
        for (Index i = begin; i < end; ++i) {
            for (Index from = i + 1; from < n; from += kChunk) {
                const auto count = static_cast<std::size_t>(std::min(kChunk, n - from));
                squares.fill(1);
                for (const auto& axis : axes) {
                    const double own = axis[static_cast<std::size_t>(i)];
                    const double* other = axis.data() + from;
                    for (std::size_t j = 0; j < count; ++j)
                        squares[j] += (other[j] - own) * (other[j] - own);
                }
                for (std::size_t j = 0; j < count; ++j)
                    parts[j] += 1 / squares[j];
            }
        }
        sums[static_cast<std::size_t>(block)] = std::accumulate(parts.begin(), parts.end(), 0.0);
    });
    return 2 * std::accumulate(sums.begin(), sums.end(), 0.0);
}

double klDivergence(const NeighborTable& near, MatrixView layout)
{
    const Index n = layout.rows();
    const Index k = near.k;
    const double perplexity = std::min(kPerplexity, static_cast<double>(k) / 3);
    std::vector<double> p(static_cast<std::size_t>(n * k));
    parallelBlocks(n, 256, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            const auto row = conditional(near.valuesOf(i), k, perplexity);
            std::copy(row.begin(), row.end(), p.begin() + i * k);
        }
    });
    const auto shareOf = [&](Index i, PointId j) {
        const PointId* ids = near.idsOf(i);
        const PointId* found = std::find(ids, ids + k, j);
        return found != ids + k ? p[static_cast<std::size_t>(i * k + (found - ids))] : 0.0;
    };
    // Over i's own list: p_ij = (p_j|i + p_i|j) / 2n. Pairs that stand in one list alone count
    // twice, once for each order; those in both come up from both sides.
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, 256)));
    parallelBlocks(n, 256, [&](Index block, Index begin, Index end) {
        double sum = 0;
        for (Index i = begin; i < end; ++i) {
            for (Index at = 0; at < k; ++at) {
                const PointId j = near.idsOf(i)[at];
                const double back = shareOf(j, static_cast<PointId>(i));
                const double both = (p[static_cast<std::size_t>(i * k + at)] + back)
                    / (2 * static_cast<double>(n));
                if (both <= 0)
                    continue;
                double square = 1;
                for (Index a = 0; a < layout.columns(); ++a) {
                    const double step = static_cast<double>(layout(i, a)) - layout(j, a);
                    square += step * step;
                }
                const PointId* ids = near.idsOf(j);
                const bool isMutual = std::find(ids, ids + k, static_cast<PointId>(i)) != ids + k;
                sum += (isMutual ? 1 : 2) * both * (std::log(both) + std::log(square));
            }
        }
        sums[static_cast<std::size_t>(block)] = sum;
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0) + std::log(normalizer(layout));
}

double squaredDistance(MatrixView points, PointId i, PointId j)
{
    double square = 0;
    for (Index a = 0; a < points.columns(); ++a) {
        const double step = static_cast<double>(points(i, a)) - points(j, a);
        square += step * step;
    }
    return square;
}

double trustworthiness(MatrixView table, MatrixView layout, const std::vector<PointId>& some)
{
    const auto n = static_cast<Index>(some.size());
    if (n < 2 * kTrust)
        return 1;
    std::vector<double> penalties(some.size());
    parallelBlocks(n, 8, [&](Index, Index begin, Index end) {
        for (Index i = begin; i < end; ++i) {
            const auto order = [&](MatrixView points) {
                std::vector<std::pair<double, Index>> all;
                for (Index j = 0; j < n; ++j) {
                    if (j != i)
                        all.emplace_back(squaredDistance(points, some[static_cast<std::size_t>(i)],
                                             some[static_cast<std::size_t>(j)]),
                            j);
                }
                std::sort(all.begin(), all.end());
                return all;
            };
            const auto inTable = order(table);
            const auto inLayout = order(layout);
            std::vector<Index> rank(some.size());
            for (Index r = 0; r < n - 1; ++r)
                rank[static_cast<std::size_t>(inTable[static_cast<std::size_t>(r)].second)] = r + 1;
            for (Index r = 0; r < kTrust; ++r) {
                const Index j = inLayout[static_cast<std::size_t>(r)].second;
                penalties[static_cast<std::size_t>(i)] += static_cast<double>(
                    std::max<Index>(0, rank[static_cast<std::size_t>(j)] - kTrust));
            }
        }
    });
    const double sum = std::accumulate(penalties.begin(), penalties.end(), 0.0);
    return 1 - 2 * sum / static_cast<double>(n * kTrust * (2 * n - 3 * kTrust - 1));
}

} // namespace

Verdict judge(MatrixView table, MatrixView layout, const std::vector<std::string>& labels)
{
    const Index n = table.rows();
    Verdict verdict;
    verdict.n = n;
    Random random(0);
    const bool findsAll = n <= kMostForAll;
    const std::vector<PointId> asked = random.sample(n, findsAll ? 10000 : 2000);
    const auto tableData = copyOf(table);
    const auto layoutData = copyOf(layout);
    NeighborTable near;
    if (findsAll) {
        GraphRequest request;
        request.k = std::min(kNeighbors, n - 1);
        request.search = GraphSearch::Exact;
        near = neighborGraph(table, request, Progress()).value();
        verdict.kl = klDivergence(near, layout);
    }
    const Index k = std::min<Index>(10, n - 1);
    Index hits = 0;
    Index same = 0;
    for (const PointId i : asked) {
        const std::vector<PointId> there = nearest(*layoutData, i, k);
        const std::vector<PointId> true10 = findsAll
            ? std::vector<PointId>(near.idsOf(i), near.idsOf(i) + k)
            : nearest(*tableData, i, k);
        for (const PointId id : true10)
            hits += std::count(there.begin(), there.end(), id);
        if (!labels.empty())
            same += labels[there.front()] == labels[i] ? 1 : 0;
    }
    const auto count = static_cast<double>(asked.size());
    verdict.recall10 = static_cast<double>(hits) / count / static_cast<double>(k);
    if (!labels.empty())
        verdict.accuracy1 = static_cast<double>(same) / count;
    verdict.trust12 = trustworthiness(table, layout, random.sample(n, 3000));
    return verdict;
}

std::string toJson(const Verdict& verdict)
{
    const auto rounded = [](double value) { return std::round(value * 1e4) / 1e4; };
    nlohmann::ordered_json json{{"n", verdict.n}, {"recall10", rounded(verdict.recall10)},
        {"trust12", rounded(verdict.trust12)}};
    if (verdict.accuracy1)
        json["accuracy1"] = rounded(*verdict.accuracy1);
    if (verdict.kl)
        json["kl"] = rounded(*verdict.kl);
    return json.dump();
}

} // namespace embedscope::bench
