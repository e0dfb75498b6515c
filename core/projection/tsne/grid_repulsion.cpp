#include "core/projection/tsne/grid_repulsion.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace embedscope {

namespace {

constexpr Index kPointsPerBlock = 1024;
/// Finest spacing that is ever needed: there the kernel itself is smooth enough for the grid.
constexpr double kFinestSpacing = 0.3;
/// Cut-off of the near part in spacings.
constexpr double kCutoffInSpacings = 4;
/// Without a near part, cells only sort the points; in spacings.
constexpr double kPlainCellInSpacings = 8;
/// A layout smaller than this many finest spacings gets a finer grid of that many nodes or more.
constexpr double kFewestSteps = 40;
constexpr double kLadder = 1.5; ///< Between the spacings that are tried.
/// Nodes along an axis beyond which the grid would leave memory's comfortable part.
constexpr std::array<double, 2> kMostNodes{2048, 160};
/// Another mesh has to save that much, or the kernel's spectrum would be found anew too often.
constexpr double kWorthChanging = 0.8;
/// Measured costs in nanoseconds of one processor: of a padded node, and of a pair that is looked
/// at.
constexpr double kNodeCost = 6.5;
constexpr double kPairCost = 0.3;

/// A kernel of few degrees of freedom is narrower.
double finestSpacing(double degreesOfFreedom)
{
    return kFinestSpacing * std::min(1.0, std::sqrt(degreesOfFreedom));
}

} // namespace

/// What the points fill.
struct GridRepulsion::Box
{
    std::array<double, 3> low{};
    std::array<double, 3> high{};
    double count = 0;

    double span(int axis) const
    {
        const auto a = static_cast<std::size_t>(axis);
        return high[a] - low[a];
    }
    double widest() const { return std::max({span(0), span(1), span(2)}); }
};

GridRepulsion::GridRepulsion(Index n, int dimensions, double degreesOfFreedom)
    : m_dimensions(dimensions)
    , m_degreesOfFreedom(degreesOfFreedom)
    , m_convolution(dimensions)
    , m_sortedForces(Matrix::zeros(dimensions, n))
{
}

double GridRepulsion::costOf(const Mesh& mesh, const Box& box) const
{
    double nodes = 1;
    for (int a = 0; a < m_dimensions; ++a)
        nodes *= 2 * (box.span(a) / mesh.spacing + GridConvolution::kSupport + 1);
    // Each point looks at the 9 or 27 cells about it.
    const double pairs
        = box.count * m_density * std::pow(3 * mesh.cutoff, static_cast<double>(m_dimensions));
    return kNodeCost * nodes + kPairCost * pairs;
}

GridRepulsion::Mesh GridRepulsion::chooseMesh(const Box& box) const
{
    const double finest = finestSpacing(m_degreesOfFreedom);
    const double widest = box.widest();
    if (widest < kFewestSteps * finest) {
        // On a ladder, so that the spectrum of the kernel serves many iterations.
        const double wanted = std::max(widest, 1e-12) / kFewestSteps;
        const double rungs = std::floor(std::log(finest / wanted) / std::log(kLadder));
        return {finest * std::pow(kLadder, -rungs), 0};
    }
    const double mostNodes = kMostNodes[m_dimensions == 3 ? 1 : 0];
    Mesh best{finest, 0};
    bool isPossible = widest / finest <= mostNodes;
    double least = isPossible ? costOf(best, box) : 0;
    for (double spacing = finest * kLadder; spacing < widest; spacing *= kLadder) {
        const Mesh mesh{spacing, kCutoffInSpacings * spacing};
        if (widest / spacing > mostNodes)
            continue;
        const double cost = costOf(mesh, box);
        if (!isPossible || cost < least) {
            isPossible = true;
            least = cost;
            best = mesh;
        }
    }
    const bool isLastStillFine = m_mesh.spacing >= finest && widest / m_mesh.spacing <= mostNodes;
    if (isLastStillFine && kWorthChanging * costOf(m_mesh, box) < least)
        return m_mesh;
    return best;
}

std::optional<double> GridRepulsion::find(
    const Coordinates& places, Coordinates& forces, const Progress& progress)
{
    const Index n = places.size();
    Box box;
    box.count = static_cast<double>(n);
    for (int a = 0; a < m_dimensions; ++a) {
        const auto [low, high] = std::minmax_element(places.axis(a), places.axis(a) + n);
        box.low[static_cast<std::size_t>(a)] = static_cast<double>(*low);
        box.high[static_cast<std::size_t>(a)] = static_cast<double>(*high);
    }
    const Mesh mesh = chooseMesh(box);
    const SoftenedKernel kernel(m_degreesOfFreedom, mesh.cutoff);
    const double cell = mesh.cutoff > 0 ? mesh.cutoff : kPlainCellInSpacings * mesh.spacing;
    m_cells.sort(places, box.low, box.high, cell);

    std::array<Index, 3> nodes{1, 1, 1};
    NodeGrid grid;
    grid.inverseSpacing = 1 / mesh.spacing;
    for (int a = 0; a < m_dimensions; ++a) {
        const auto at = static_cast<std::size_t>(a);
        nodes[at]
            = static_cast<Index>(box.span(a) * grid.inverseSpacing) + GridConvolution::kSupport + 2;
        grid.origin[at] = box.low[at] - 2.5 * mesh.spacing;
    }
    const double offset = offsetFor(mesh, kernel);
    m_convolution.prepare(nodes, mesh.spacing, kernel, offset);
    grid.rowStride = m_convolution.rowStride();
    grid.planeStride = m_convolution.planeStride();
    m_convolution.clear();
    spread(grid, progress);
    if (!m_convolution.convolve(progress))
        return std::nullopt;
    const double sum = collect(grid, kernel, forces, progress);
    if (progress.stopRequested())
        return std::nullopt;
    m_mesh = mesh;
    m_density = m_cells.meanCrowd() / std::pow(cell, static_cast<double>(m_dimensions));
    // Every point counted itself with weight 1.
    return std::max(0.0, sum + (offset * box.count - 1) * box.count);
}

/// In a tiny layout all weights are nearly 1, and float32 would lose their differences, which push:
/// so a constant is taken off before.
double GridRepulsion::offsetFor(const Mesh& mesh, const SoftenedKernel& kernel) const
{
    if (mesh.spacing >= finestSpacing(m_degreesOfFreedom))
        return 0;
    const double edge = kLadder * kFewestSteps * mesh.spacing;
    return kernel.whole(m_dimensions * edge * edge);
}

/// In stripes of two rows of cells, at least 8 rows of nodes: every other stripe at a time, since
/// the splines of a point reach 5 rows beyond its own.
void GridRepulsion::spread(const NodeGrid& grid, const Progress& progress)
{
    const int last = m_dimensions - 1;
    const Index cellsInRow = m_cells.cells(0) * (last == 2 ? m_cells.cells(1) : 1);
    const Index rows = m_cells.cells(last);
    const Index stripes = blockCount(rows, 2);
    for (Index odd = 0; odd < 2; ++odd) {
        parallelBlocks(blockCount(stripes - odd, 2), 1, [&](Index pair, Index, Index) {
            const Index row = 2 * (2 * pair + odd);
            const Index begin = m_cells.start(row * cellsInRow);
            const Index end = m_cells.start(std::min(rows, row + 2) * cellsInRow);
            if (!progress.stopRequested())
                spreadCharges(m_cells.points(), begin, end, grid, m_convolution.values());
        });
    }
}

double GridRepulsion::collect(const NodeGrid& grid, const SoftenedKernel& kernel,
    Coordinates& forces, const Progress& progress)
{
    const Index n = forces.size();
    const SortedPoints points = m_cells.points();
    std::array<float*, 3> sorted{};
    for (int a = 0; a < m_dimensions; ++a)
        sorted[static_cast<std::size_t>(a)] = m_sortedForces.row(a);
    std::vector<double> sums(static_cast<std::size_t>(blockCount(n, kPointsPerBlock)));
    parallelBlocks(n, kPointsPerBlock, [&](Index block, Index begin, Index end) {
        if (progress.stopRequested())
            return;
        for (int a = 0; a < m_dimensions; ++a) {
            float* force = sorted[static_cast<std::size_t>(a)];
            std::fill(force + begin, force + end, 0.0F);
        }
        double sum
            = gatherPotential(points, begin, end, grid, m_convolution.values(), -0.5, sorted);
        for (Index i = begin; kernel.cutoff > 0 && i < end;) {
            const Index cell = m_cells.cellAt(i);
            const Index cellEnd = std::min(end, m_cells.start(cell + 1));
            const Index x = cell % m_cells.cells(0);
            const Index y = cell / m_cells.cells(0) % m_cells.cells(1);
            const Index z = cell / m_cells.cells(0) / m_cells.cells(1);
            std::array<PointRange, 9> ranges;
            std::size_t count = 0;
            for (Index cz = std::max<Index>(0, z - 1); cz <= std::min(z + 1, m_cells.cells(2) - 1);
                 ++cz) {
                for (Index cy = std::max<Index>(0, y - 1);
                     cy <= std::min(y + 1, m_cells.cells(1) - 1); ++cy) {
                    const Index row = (cz * m_cells.cells(1) + cy) * m_cells.cells(0);
                    ranges.at(count++) = {m_cells.start(row + std::max<Index>(0, x - 1)),
                        m_cells.start(row + std::min(x + 1, m_cells.cells(0) - 1) + 1)};
                }
            }
            sum += repelNear(points, i, cellEnd, {ranges.data(), count}, kernel, sorted);
            i = cellEnd;
        }
        for (int a = 0; a < m_dimensions; ++a) {
            const float* force = sorted[static_cast<std::size_t>(a)];
            for (Index i = begin; i < end; ++i)
                forces.axis(a)[m_cells.idAt(i)] = force[i];
        }
        sums[static_cast<std::size_t>(block)] = sum;
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

} // namespace embedscope
