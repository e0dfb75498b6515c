#include "core/projection/pca/narrow_scores.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/pca/narrow_scores.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::CappedTag<float, 16>;

#if HWY_TARGET <= HWY_AVX3 || HWY_TARGET > HWY_SSSE3
constexpr Index kTileRows = 8; // With 32 registers.
#else
constexpr Index kTileRows = 4;
#endif
/// Directions that are not worth a vector of their own are taken one by one, four rows at a time.
constexpr Index kRestRows = 4;

constexpr Index kFloatsPerLine = 16;

/// kRows rows along kVectors vectors of directions.
template <Index kRows, int kVectors>
void SideTile(const float* HWY_RESTRICT rows, Index d, const float* HWY_RESTRICT side, Index wide,
    float* HWY_RESTRICT out, Index count)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    hn::Vec<Floats> sums[kRows][kVectors];
    const float* row[kRows];
    for (Index r = 0; r < kRows; ++r) {
        row[r] = rows + r * d;
        for (int v = 0; v < kVectors; ++v)
            sums[r][v] = hn::Zero(tag);
    }
    for (Index j = 0; j < d; ++j, side += wide) {
        // Several streams a few bytes a step are more than the processor foresees by itself.
        if (j % kFloatsPerLine == 0) {
            for (Index r = 0; r < kRows; ++r)
                __builtin_prefetch(row[r] + j + kRows * d);
        }
        hn::Vec<Floats> axes[kVectors];
        for (int v = 0; v < kVectors; ++v)
            axes[v] = hn::LoadU(tag, side + v * lanes);
        for (Index r = 0; r < kRows; ++r) {
            const auto value = hn::Set(tag, row[r][j]);
            for (int v = 0; v < kVectors; ++v)
                sums[r][v] = hn::MulAdd(value, axes[v], sums[r][v]);
        }
    }
    for (Index r = 0; r < kRows; ++r) {
        for (int v = 0; v < kVectors; ++v)
            hn::StoreU(sums[r][v], tag, out + r * count + v * lanes);
    }
}

template <Index kRows>
void SideTileOf(Index vectors, const float* rows, Index d, const float* side, Index wide,
    float* out, Index count)
{
    if (vectors == 3)
        SideTile<kRows, 3>(rows, d, side, wide, out, count);
    else if (vectors == 2)
        SideTile<kRows, 2>(rows, d, side, wide, out, count);
    else
        SideTile<kRows, 1>(rows, d, side, wide, out, count);
}

/// kRows rows along one direction.
template <Index kRows>
void RestTile(const float* HWY_RESTRICT rows, Index d, const float* HWY_RESTRICT axis,
    float* HWY_RESTRICT out, Index count)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    hn::Vec<Floats> sums[kRows];
    for (Index r = 0; r < kRows; ++r)
        sums[r] = hn::Zero(tag);
    Index j = 0;
    for (; j + lanes <= d; j += lanes) {
        const auto part = hn::LoadU(tag, axis + j);
        for (Index r = 0; r < kRows; ++r) {
            __builtin_prefetch(rows + (r + kRows) * d + j);
            sums[r] = hn::MulAdd(part, hn::LoadU(tag, rows + r * d + j), sums[r]);
        }
    }
    for (Index r = 0; r < kRows; ++r) {
        float sum = hn::GetLane(hn::SumOfLanes(tag, sums[r]));
        for (Index rest = j; rest < d; ++rest)
            sum += axis[rest] * rows[r * d + rest];
        out[r * count] = sum;
    }
}

void MultiplyRows(const float* rows, Index n, Index d, const float* side, Index wide,
    const float* rest, Index count, float* out)
{
    const Index lanes = static_cast<Index>(hn::Lanes(Floats()));
    for (Index column = 0; column < wide;) {
        const Index left = (wide - column) / lanes;
        const Index vectors = left == 4 ? 2 : std::min<Index>(left, 3);
        Index i = 0;
        for (; i + kTileRows <= n; i += kTileRows) {
            SideTileOf<kTileRows>(
                vectors, rows + i * d, d, side + column, wide, out + i * count + column, count);
        }
        for (; i < n; ++i) {
            SideTileOf<1>(
                vectors, rows + i * d, d, side + column, wide, out + i * count + column, count);
        }
        column += vectors * lanes;
    }
    for (Index column = wide; column < count; ++column) {
        const float* axis = rest + (column - wide) * d;
        Index i = 0;
        for (; i + kRestRows <= n; i += kRestRows)
            RestTile<kRestRows>(rows + i * d, d, axis, out + i * count + column, count);
        for (; i < n; ++i)
            RestTile<1>(rows + i * d, d, axis, out + i * count + column, count);
    }
}

Index VectorLanes()
{
    return static_cast<Index>(hn::Lanes(Floats()));
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(MultiplyRows);
HWY_EXPORT(VectorLanes);

NarrowAxes::NarrowAxes(const float* axes, Index count, Index d)
    : m_count(count)
    , m_d(d)
{
    const Index lanes = HWY_DYNAMIC_DISPATCH(VectorLanes)();
    m_wide = count / lanes * lanes;
    m_side.resize(static_cast<std::size_t>(d * m_wide));
    for (Index c = 0; c < m_wide; ++c) {
        for (Index j = 0; j < d; ++j)
            m_side[static_cast<std::size_t>(j * m_wide + c)] = axes[c * d + j];
    }
    m_rest.assign(axes + m_wide * d, axes + count * d);
}

void NarrowAxes::multiply(const float* rows, Index n, float* out) const
{
    HWY_DYNAMIC_DISPATCH(MultiplyRows)
    (rows, n, m_d, m_side.data(), m_wide, m_rest.data(), m_count, out);
}

} // namespace embedscope
#endif // HWY_ONCE
