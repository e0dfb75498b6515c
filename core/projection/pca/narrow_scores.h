#pragma once

#include "core/base/index.h"

#include <vector>

namespace embedscope {

/// Directions laid out for products with rows of a table: what a general matrix product would find
/// out and pack anew for every block.
class NarrowAxes
{
public:
    /// axes  count x d.
    NarrowAxes(const float* axes, Index count, Index d);

    Index count() const { return m_count; }

    /// Scores of rows along all directions, in float32: one order of sums for a row, wherever it
    /// stands.
    ///
    /// rows  n x d, without gaps.
    /// out   n x count.
    void multiply(const float* rows, Index n, float* out) const;

private:
    Index m_count;
    Index m_d;
    Index m_wide; ///< Directions that are laid out side by side, in whole vectors.
    std::vector<float> m_side; ///< d x m_wide: a row a dimension.
    std::vector<float> m_rest; ///< The others, d values each.
};

} // namespace embedscope
