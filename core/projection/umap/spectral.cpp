#include "core/projection/umap/spectral.h"

#include "core/base/blas.h"
#include "core/base/parallel.h"
#include "core/base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace embedscope {

namespace {

constexpr Index kDenseLimit = 300;
constexpr std::size_t kWidth = 8; ///< Vectors that are iterated together.
constexpr Index kRowsPerBlock = 512;
constexpr Index kRowsBetweenLooks = 1 << 15; ///< In serial loops over rows: a few milliseconds.
constexpr int kMostProducts = 200;
constexpr Index kManyRows = 20000; ///< Above, fewer products: they take long.
constexpr int kMostProductsOfMany = 80;
constexpr int kMostDegree = 16;
constexpr double kMostGrowth = 1e4; ///< Of a filter: more would leave the columns alike in float32.
constexpr double kTolerance = 0.02; ///< On the residual, against the distance of the value from 1.

using Row = std::array<float, kWidth>;
using Block = std::vector<Row>;
using Small = std::array<std::array<double, kWidth>, kWidth>;

class BlockSolver
{
public:
    BlockSolver(const FuzzyGraph& graph, const Progress& progress)
        : m_graph(graph)
        , m_progress(progress)
        , m_scale(static_cast<std::size_t>(graph.size()))
        , m_trivial(m_scale.size())
    {
        double sum = 0;
        for (Index i = 0; i < graph.size(); ++i) {
            double degree = 0;
            for (Index at = graph.begin(i); at < graph.end(i); ++at)
                degree += graph.weights[static_cast<std::size_t>(at)];
            m_scale[static_cast<std::size_t>(i)] = static_cast<float>(1 / std::sqrt(degree));
            m_trivial[static_cast<std::size_t>(i)] = static_cast<float>(std::sqrt(degree));
            sum += degree;
        }
        for (float& value : m_trivial)
            value = static_cast<float>(value / std::sqrt(sum));
    }

    bool isStopped() const { return m_progress.stopRequested(); }

    /// out = alpha D^-1/2 W D^-1/2 in + beta in + gamma out.
    void multiply(const Block& in, Block& out, float alpha, float beta, float gamma) const
    {
        eachBlock([&](Index, Index begin, Index end) {
            for (Index i = begin; i < end; ++i) {
                Row sum{};
                for (Index at = m_graph.begin(i); at < m_graph.end(i); ++at) {
                    const PointId j = m_graph.ids[static_cast<std::size_t>(at)];
                    const float weight = m_graph.weights[static_cast<std::size_t>(at)] * m_scale[j];
                    const Row& other = in[j];
                    for (std::size_t c = 0; c < kWidth; ++c)
                        sum[c] += weight * other[c];
                }
                const auto row = static_cast<std::size_t>(i);
                const float scale = alpha * m_scale[row];
                for (std::size_t c = 0; c < kWidth; ++c)
                    out[row][c] = scale * sum[c] + beta * in[row][c] + gamma * out[row][c];
            }
        });
    }

    /// Takes the trivial eigenvector out of every column.
    void deflate(Block& block) const
    {
        const Small products = summed([&](std::size_t i, Small& sums) {
            for (std::size_t c = 0; c < kWidth; ++c)
                sums[0][c] += static_cast<double>(m_trivial[i]) * block[i][c];
        });
        eachBlock([&](Index, Index begin, Index end) {
            for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
                for (std::size_t c = 0; c < kWidth; ++c)
                    block[i][c] -= static_cast<float>(products[0][c]) * m_trivial[i];
            }
        });
    }

    Small products(const Block& a, const Block& b) const
    {
        return summed([&](std::size_t i, Small& sums) {
            for (std::size_t r = 0; r < kWidth; ++r) {
                for (std::size_t c = 0; c < kWidth; ++c)
                    sums[r][c] += static_cast<double>(a[i][r]) * b[i][c];
            }
        });
    }

    void transform(Block& block, const Small& by) const
    {
        eachBlock([&](Index, Index begin, Index end) {
            for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
                std::array<double, kWidth> sum{};
                for (std::size_t r = 0; r < kWidth; ++r) {
                    for (std::size_t c = 0; c < kWidth; ++c)
                        sum[c] += block[i][r] * by[r][c];
                }
                for (std::size_t c = 0; c < kWidth; ++c)
                    block[i][c] = static_cast<float>(sum[c]);
            }
        });
    }

    /// The residuals |S v - value v|^2 of the columns.
    Small residuals(
        const Block& vectors, const Block& images, const std::array<double, kWidth>& values) const
    {
        return summed([&](std::size_t i, Small& sums) {
            for (std::size_t c = 0; c < kWidth; ++c) {
                const double left = images[i][c] - values[c] * vectors[i][c];
                sums[0][c] += left * left;
            }
        });
    }

private:
    void eachBlock(const std::function<void(Index, Index, Index)>& body) const
    {
        parallelBlocks(m_graph.size(), kRowsPerBlock, [&](Index block, Index begin, Index end) {
            if (!isStopped())
                body(block, begin, end);
        });
    }

    template <typename Add> Small summed(const Add& add) const
    {
        const Index n = m_graph.size();
        std::vector<Small> parts(static_cast<std::size_t>(blockCount(n, kRowsPerBlock)));
        eachBlock([&](Index block, Index begin, Index end) {
            Small sums{};
            for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
                add(i, sums);
            parts[static_cast<std::size_t>(block)] = sums;
        });
        Small all{};
        for (const Small& part : parts) {
            for (std::size_t r = 0; r < kWidth; ++r) {
                for (std::size_t c = 0; c < kWidth; ++c)
                    all[r][c] += part[r][c];
            }
        }
        return all;
    }

    const FuzzyGraph& m_graph;
    const Progress& m_progress;
    std::vector<float> m_scale;
    std::vector<float> m_trivial;
};

Eigenpairs eigenpairsOf(const Small& matrix)
{
    std::vector<double> values;
    for (std::size_t r = 0; r < kWidth; ++r) {
        for (std::size_t c = 0; c < kWidth; ++c)
            values.push_back((matrix[r][c] + matrix[c][r]) / 2);
    }
    return largestEigenpairs(values, kWidth, kWidth);
}

/// Rayleigh and Ritz: the combination of the columns that are eigenvectors as nearly as can be, of
/// unit length, largest values first. Empty where the columns are too alike.
struct Ritz
{
    bool isValid = false;
    Small by{};
    std::array<double, kWidth> values{};
};

Ritz ritz(const Small& gram, const Small& images)
{
    Ritz found;
    const Eigenpairs lengths = eigenpairsOf(gram);
    if (lengths.values.empty() || !(lengths.values.back() > 1e-12 * lengths.values.front()))
        return found;
    const auto lengthVector
        = [&](std::size_t c, std::size_t r) { return lengths.vectors[c * kWidth + r]; };
    Small white{};
    for (std::size_t r = 0; r < kWidth; ++r) {
        for (std::size_t c = 0; c < kWidth; ++c)
            white[r][c] = lengthVector(c, r) / std::sqrt(lengths.values[c]);
    }
    Small whitened{};
    for (std::size_t r = 0; r < kWidth; ++r) {
        for (std::size_t c = 0; c < kWidth; ++c) {
            for (std::size_t p = 0; p < kWidth; ++p) {
                for (std::size_t q = 0; q < kWidth; ++q)
                    whitened[r][c] += white[p][r] * images[p][q] * white[q][c];
            }
        }
    }
    const Eigenpairs turned = eigenpairsOf(whitened);
    if (turned.values.empty())
        return found;
    for (std::size_t c = 0; c < kWidth; ++c) {
        found.values[c] = turned.values[c];
        for (std::size_t r = 0; r < kWidth; ++r) {
            for (std::size_t p = 0; p < kWidth; ++p)
                found.by[r][c] += white[r][p] * turned.vectors[c * kWidth + p];
        }
    }
    found.isValid = true;
    return found;
}

/// Applies the Chebyshev polynomial that stays within 1 on [-1, highest] and grows beyond.
/// Returns how many products that took.
int filter(const BlockSolver& solver, Block& block, Block& other, double highest)
{
    const double half = (highest + 1) / 2;
    const double middle = (highest - 1) / 2;
    const double reach = (1 - middle) / half;
    const double rate = std::acosh(std::max(reach, 1 + 1e-9));
    const int degree = std::clamp(static_cast<int>(std::log(kMostGrowth) / rate), 2, kMostDegree);
    const auto alpha = static_cast<float>(1 / half);
    const auto beta = static_cast<float>(-middle / half);
    solver.multiply(block, other, alpha, beta, 0);
    for (int k = 2; k <= degree && !solver.isStopped(); ++k) {
        // block becomes 2 (S - middle) / half other - block, and is then the newer one.
        solver.multiply(other, block, 2 * alpha, 2 * beta, -1);
        std::swap(block, other);
    }
    std::swap(block, other);
    return degree;
}

SpectralVectors denseVectors(const FuzzyGraph& graph, Index count)
{
    const Index n = graph.size();
    std::vector<double> degrees(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i) {
        for (Index at = graph.begin(i); at < graph.end(i); ++at)
            degrees[static_cast<std::size_t>(i)] += graph.weights[static_cast<std::size_t>(at)];
    }
    std::vector<double> dense(static_cast<std::size_t>(n * n));
    for (Index i = 0; i < n; ++i) {
        for (Index at = graph.begin(i); at < graph.end(i); ++at) {
            const PointId j = graph.ids[static_cast<std::size_t>(at)];
            dense[static_cast<std::size_t>(i * n + j)] = graph.weights[static_cast<std::size_t>(at)]
                / std::sqrt(degrees[static_cast<std::size_t>(i)] * degrees[j]);
        }
    }
    const Eigenpairs pairs = largestEigenpairs(dense, n, count + 1);
    SpectralVectors found;
    found.vectors = Matrix::zeros(n, count);
    found.hasConverged = !pairs.values.empty();
    for (Index c = 0; c < count && found.hasConverged; ++c) {
        found.values.push_back(pairs.values[static_cast<std::size_t>(c) + 1]);
        for (Index i = 0; i < n; ++i) {
            found.vectors(i, c)
                = static_cast<float>(pairs.vectors[static_cast<std::size_t>((c + 1) * n + i)]);
        }
    }
    return found;
}

} // namespace

Result<SpectralVectors> spectralVectors(
    const FuzzyGraph& graph, Index count, std::uint64_t seed, const Progress& progress)
{
    const Index n = graph.size();
    if (n <= kDenseLimit)
        return denseVectors(graph, count);
    progress.report("Unfolding the neighbour graph", 0);
    const BlockSolver solver(graph, progress);
    Block block(static_cast<std::size_t>(n));
    Random random(seed);
    for (Row& row : block) {
        for (float& value : row)
            value = static_cast<float>(random.uniform() - 0.5);
    }
    Block images(block.size());
    SpectralVectors found;
    found.hasConverged = false;
    const int budget = n > kManyRows ? kMostProductsOfMany : kMostProducts;
    double highest = 0.5;
    for (int used = 0; used < budget && !found.hasConverged;) {
        used += filter(solver, block, images, highest) + 1;
        solver.deflate(block);
        solver.multiply(block, images, 1, 0, 0);
        const Ritz combined = ritz(solver.products(block, block), solver.products(block, images));
        if (solver.isStopped())
            return stoppedError();
        if (!combined.isValid)
            break;
        solver.transform(block, combined.by);
        solver.transform(images, combined.by);
        const Small left = solver.residuals(block, images, combined.values);
        found.values.assign(combined.values.begin(), combined.values.begin() + count);
        found.hasConverged = true;
        for (std::size_t c = 0; c < static_cast<std::size_t>(count); ++c) {
            const double distance = std::max(1 - combined.values[c], 1e-5);
            found.hasConverged &= std::sqrt(left[0][c]) <= kTolerance * distance;
        }
        highest = std::clamp(combined.values.back(), 0.1, 1 - 1e-5);
        progress.report(
            "Unfolding the neighbour graph", std::min(1.0, static_cast<double>(used) / budget));
    }
    if (solver.isStopped())
        return stoppedError();
    found.vectors = Matrix::zeros(n, count);
    for (Index i = 0; i < n; ++i) {
        for (Index c = 0; c < count; ++c) {
            found.vectors(i, c) = block[static_cast<std::size_t>(i)][static_cast<std::size_t>(c)];
        }
    }
    return found;
}

Result<std::vector<std::int32_t>> connectedComponents(
    const FuzzyGraph& graph, const Progress& progress)
{
    const Index n = graph.size();
    std::vector<std::int32_t> component(static_cast<std::size_t>(n), -1);
    std::vector<PointId> stack;
    std::int32_t count = 0;
    Index seen = 0;
    for (Index first = 0; first < n; ++first) {
        if (component[static_cast<std::size_t>(first)] >= 0)
            continue;
        component[static_cast<std::size_t>(first)] = count;
        stack.push_back(static_cast<PointId>(first));
        while (!stack.empty()) {
            const PointId i = stack.back();
            stack.pop_back();
            if (seen++ % kRowsBetweenLooks == 0 && progress.stopRequested())
                return stoppedError();
            for (Index at = graph.begin(i); at < graph.end(i); ++at) {
                const PointId j = graph.ids[static_cast<std::size_t>(at)];
                if (component[j] < 0) {
                    component[j] = count;
                    stack.push_back(j);
                }
            }
        }
        ++count;
    }
    return component;
}

FuzzyGraph subgraph(const FuzzyGraph& graph, const std::vector<PointId>& members)
{
    std::vector<PointId> newId(static_cast<std::size_t>(graph.size()));
    for (std::size_t i = 0; i < members.size(); ++i)
        newId[members[i]] = static_cast<PointId>(i);
    FuzzyGraph part;
    part.starts.push_back(0);
    for (const PointId i : members) {
        for (Index at = graph.begin(i); at < graph.end(i); ++at) {
            part.ids.push_back(newId[graph.ids[static_cast<std::size_t>(at)]]);
            part.weights.push_back(graph.weights[static_cast<std::size_t>(at)]);
        }
        part.starts.push_back(static_cast<Index>(part.ids.size()));
    }
    part.ids.resize(part.ids.size() + FuzzyGraph::kPadding);
    part.weights.resize(part.weights.size() + FuzzyGraph::kPadding);
    return part;
}

} // namespace embedscope
