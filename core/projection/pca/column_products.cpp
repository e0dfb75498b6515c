#include "core/projection/pca/column_products.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/pca/column_products.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;
using Doubles = hn::Repartition<double, Floats>;
using HalfFloats = hn::Half<Floats>;

// Accumulators, operands and a broadcast must fit the registers: 32 of them with AVX-512, NEON and
// the like, 16 before.
#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET > HWY_SSSE3
constexpr Index kTileRows = 8;
#else
constexpr Index kTileRows = 4;
#endif
constexpr Index kMostVectors = 3;

float PackShifted(const float* rows, Index stride, Index count, Index d, const float* shift,
    float scale, bool hasOnes, float* out)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const Index width = paddedWidth(d + (hasOnes ? 1 : 0));
    const auto factor = hn::Set(tag, scale);
    auto largest = hn::Zero(tag);
    float rest = 0;
    for (Index i = 0; i < count; ++i, rows += stride, out += width) {
        Index j = 0;
        for (; j + lanes <= d; j += lanes) {
            const auto value = hn::LoadU(tag, rows + j);
            largest = hn::Max(largest, hn::Abs(value));
            hn::Store(hn::Sub(hn::Mul(value, factor), hn::Mul(hn::LoadU(tag, shift + j), factor)),
                tag, out + j);
        }
        for (; j < d; ++j) {
            rest = std::max(rest, std::abs(rows[j]));
            out[j] = rows[j] * scale - shift[j] * scale;
        }
        if (hasOnes)
            out[j++] = 1;
        std::fill(out + j, out + width, 0.0F);
    }
    return std::max(rest, hn::GetLane(hn::MaxOfLanes(tag, largest)));
}

/// A tile of kTileRows x kVectors vectors: sum over the rows of the block of left[r] * right[...].
template <int kVectors>
void MultiplyTile(const float* HWY_RESTRICT left, const float* HWY_RESTRICT right, Index width,
    Index count, float* HWY_RESTRICT tile)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    hn::Vec<Floats> sums[kTileRows][kVectors];
    for (Index r = 0; r < kTileRows; ++r) {
        for (int v = 0; v < kVectors; ++v)
            sums[r][v] = hn::Zero(tag);
    }
    for (Index k = 0; k < count; ++k, left += width, right += width) {
        hn::Vec<Floats> values[kVectors];
        for (int v = 0; v < kVectors; ++v)
            values[v] = hn::Load(tag, right + v * lanes);
        for (Index r = 0; r < kTileRows; ++r) {
            const auto factor = hn::Set(tag, left[r]);
            for (int v = 0; v < kVectors; ++v)
                sums[r][v] = hn::MulAdd(factor, values[v], sums[r][v]);
        }
    }
    for (Index r = 0; r < kTileRows; ++r) {
        for (int v = 0; v < kVectors; ++v)
            hn::Store(sums[r][v], tag, tile + (r * kVectors + v) * lanes);
    }
}

/// How many of `left` vectors the next tile takes: 4 are better cut 2 + 2 than 3 + 1.
HWY_INLINE Index NextVectors(Index left)
{
    return left == 4 ? 2 : std::min(left, kMostVectors);
}

void AddColumnProducts(
    const float* block, Index count, Index width, Index rowBegin, Index rowEnd, double* sums)
{
    const Floats tag;
    const Doubles wide;
    const HalfFloats half;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const Index wideLanes = static_cast<Index>(hn::Lanes(wide));
    HWY_ALIGN float tile[kTileRows * kMostVectors * 16];
    for (Index row = rowBegin; row < rowEnd; row += kTileRows) {
        for (Index column = row / lanes * lanes; column < width;) {
            const Index vectors = NextVectors((width - column) / lanes);
            if (vectors == 3)
                MultiplyTile<3>(block + row, block + column, width, count, tile);
            else if (vectors == 2)
                MultiplyTile<2>(block + row, block + column, width, count, tile);
            else
                MultiplyTile<1>(block + row, block + column, width, count, tile);
            for (Index r = 0; r < kTileRows; ++r) {
                const float* from = tile + r * vectors * lanes;
                double* to = sums + (row + r) * width + column;
                for (Index v = 0; v < vectors * lanes; v += wideLanes) {
                    const auto more = hn::PromoteTo(wide, hn::Load(half, from + v));
                    hn::StoreU(hn::Add(hn::LoadU(wide, to + v), more), wide, to + v);
                }
            }
            column += vectors * lanes;
        }
    }
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(PackShifted);
HWY_EXPORT(AddColumnProducts);

float packShifted(const float* rows, Index stride, Index count, Index d, const float* shift,
    float scale, bool hasOnes, float* out)
{
    return HWY_DYNAMIC_DISPATCH(PackShifted)(rows, stride, count, d, shift, scale, hasOnes, out);
}

void addColumnProducts(
    const float* block, Index count, Index width, Index rowBegin, Index rowEnd, double* sums)
{
    HWY_DYNAMIC_DISPATCH(AddColumnProducts)(block, count, width, rowBegin, rowEnd, sums);
}

} // namespace embedscope
#endif // HWY_ONCE
