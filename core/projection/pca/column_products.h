#pragma once

#include "core/base/index.h"

namespace embedscope {

/// Inner products of columns over blocks of rows: float32 within a block, summed in double outside.
/// A general matrix product would compute both halves of the symmetric result, or pack the block a
/// second time. Blocks lie packed: rows of paddedWidth() values, aligned to 64 bytes, with zeros
/// behind the last column.

/// Values of a packed row of d columns: the next multiple of 16.
constexpr Index paddedWidth(Index d)
{
    return (d + 15) / 16 * 16;
}

/// Packs rows shifted and scaled: (x - shift) * scale, computed as x * scale - shift * scale, so
/// that two huge values of opposite sign do not overflow.
///
/// rows   count rows of d values, `stride` apart.
/// shift  d values.
/// out    count x paddedWidth(d + (hasOnes ? 1 : 0)); column d holds ones where asked.
/// returns  the largest magnitude among the rows.
float packShifted(const float* rows, Index stride, Index count, Index d, const float* shift,
    float scale, bool hasOnes, float* out);

/// Adds rows [rowBegin, rowEnd) of block^T block, the inner products of its columns, to `sums`.
///
/// block   count x width, packed. count at most a few hundred: that many products are added in
///         float32.
/// sums    width x width; right of the diagonal all entries are summed, left of it only some.
/// rowBegin, rowEnd  multiples of 16.
void addColumnProducts(
    const float* block, Index count, Index width, Index rowBegin, Index rowEnd, double* sums);

} // namespace embedscope
