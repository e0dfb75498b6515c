#pragma once

#include "core/projection/tsne/cell_sort.h"
#include "core/projection/tsne/grid_convolution.h"
#include "core/projection/tsne/repulsion.h"

#include <array>

namespace embedscope {

/// Repulsion by a particle-mesh method with a near correction (Hockney and Eastwood 1988, "Computer
/// simulation using particles", chapter 8; Essmann et al. 1995). The far, smooth part of the kernel
/// goes over a grid: unit charges are spread by B-splines of order 6, convolved by FFT, and the
/// potential and its slope are interpolated at the points; one transform forth and one back, since
/// the force is minus half the slope of the sum of w. The near part is summed pair by pair in
/// cells.
///
/// The spacing of the grid and the cut-off are chosen anew in each iteration, so that grid and
/// pairs together cost least: a small dense layout goes over a fine grid alone, a wide one over a
/// coarse grid. Unlike interpolation with one box a unit (Linderman et al. 2019), the cost hardly
/// grows with the span of the layout.
///
/// cost     O(n + g log g) time for a grid of g nodes, O(n + g) memory.
/// error    about 1e-3 of the forces as a whole, 1e-5 of Z.
class GridRepulsion : public Repulsion
{
public:
    GridRepulsion(Index n, int dimensions, double degreesOfFreedom);

    std::optional<double> find(
        const Coordinates& places, Coordinates& forces, const Progress& progress) override;

private:
    struct Box;
    struct Mesh
    {
        double spacing = 0;
        double cutoff = 0; ///< 0: the grid alone.
        bool operator==(const Mesh&) const = default;
    };

    Mesh chooseMesh(const Box& box) const;
    double costOf(const Mesh& mesh, const Box& box) const;
    double offsetFor(const Mesh& mesh, const SoftenedKernel& kernel) const;
    void spread(const NodeGrid& grid, const Progress& progress);
    double collect(const NodeGrid& grid, const SoftenedKernel& kernel, Coordinates& forces,
        const Progress& progress);

    int m_dimensions;
    double m_degreesOfFreedom;
    CellSort m_cells;
    GridConvolution m_convolution;
    Matrix m_sortedForces; ///< A row a dimension.
    Mesh m_mesh; ///< Of the last whole iteration.
    double m_density
        = 0; ///< Points that a point has about it per unit of area or volume; likewise.
};

} // namespace embedscope
