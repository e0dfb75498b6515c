#pragma once

#include "core/base/progress.h"
#include "core/data/matrix.h"
#include "core/projection/tsne/softened_kernel.h"

#include <array>
#include <memory>

namespace embedscope {

/// Convolves charges on the nodes of a regular grid in two or three dimensions with a kernel of the
/// distance, without wrapping round: the grid is padded to twice its size. FFTs of one dimension by
/// FFTW, planned by estimate so that the same sizes give the same bytes; rows and columns that hold
/// only padding are left out, and the transforms of the last axis forth and back are one pass.
class GridConvolution
{
public:
    /// B-splines of order 6 reach this many nodes.
    static constexpr Index kSupport = 6;

    explicit GridConvolution(int dimensions);
    ~GridConvolution();

    /// Lays out a grid of at least `nodes` nodes along each axis and finds the spectrum of the
    /// kernel's far part, minus `offset`, with what interpolation by B-splines of order 6 from and
    /// to the nodes asks for (the factors b(k)^2 of Essmann et al. 1995, "A smooth particle mesh
    /// Ewald method", eq. 4.4, but for a kernel that is sampled in space). Does nothing where all
    /// is as it was.
    void prepare(
        std::array<Index, 3> nodes, double spacing, const SoftenedKernel& kernel, double offset);

    /// Nodes along an axis; 1 along axes beyond the dimensions.
    Index nodes(int axis) const { return m_nodes[static_cast<std::size_t>(axis)]; }
    /// The values at the nodes, x fastest; rows have rowStride() floats, of which kSupport + 2
    /// beyond the nodes may be read and written without harm.
    float* values() { return m_values.data(); }
    const float* values() const { return m_values.data(); }
    Index rowStride() const { return m_rowStride; }
    Index planeStride() const { return m_rowStride * m_nodes[1]; }

    void clear();
    /// Values become the kernel's sum over them. False where it was stopped.
    bool convolve(const Progress& progress);

private:
    struct Plans;

    void findSpectrumOfKernel();
    void transformRows(bool forward, const Progress& progress);
    void transformMiddle(bool forward, const Progress& progress);
    void transformLast(const Progress& progress);

    int m_dimensions;
    std::array<Index, 3> m_nodes{};
    std::array<Index, 3> m_padded{}; ///< 2 m_nodes; 1 along axes beyond the dimensions.
    double m_spacing = 0;
    double m_offset = 0;
    SoftenedKernel m_kernel;
    Index m_rowStride = 0;
    Index m_columnStride = 0; ///< Complex numbers from one row of the spectrum to the next.
    Matrix m_values;
    Matrix m_spectrum; ///< Complex, as pairs.
    Matrix m_multiplier; ///< Real: the spectrum is even along each axis, so a half of each is kept.
    std::unique_ptr<Plans> m_plans;
};

} // namespace embedscope
