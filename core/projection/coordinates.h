#pragma once

#include "core/data/matrix.h"

#include <algorithm>

namespace embedscope {

/// Places of n points while a method moves them: one array a dimension, as vector instructions like
/// it, padded to whole vectors. Padding lies so far away that it neither attracts nor repels.
class Coordinates
{
public:
    static constexpr Index kPadding = 16; ///< Floats in the widest vector.
    static constexpr float kFarAway = 1e15F; ///< Its square still fits float32.

    Coordinates() = default;
    /// All points at the origin.
    Coordinates(Index n, int dimensions)
        : m_values(Matrix::zeros(dimensions, (n + kPadding - 1) / kPadding * kPadding))
        , m_size(n)
    {
        for (int a = 0; a < dimensions; ++a)
            std::fill(axis(a) + n, axis(a) + paddedSize(), kFarAway);
    }

    Index size() const { return m_size; }
    Index paddedSize() const { return m_values.columns(); }
    int dimensions() const { return static_cast<int>(m_values.rows()); }
    float* axis(int a) { return m_values.row(a); }
    const float* axis(int a) const { return m_values.row(a); }

private:
    Matrix m_values;
    Index m_size = 0;
};

} // namespace embedscope
