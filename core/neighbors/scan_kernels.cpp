#include "core/neighbors/scan_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

// Arrays of vectors need types of a known size, which the scalable vectors of Arm and RISC-V are
// not; their fixed-size fallbacks serve.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/neighbors/scan_kernels.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
using Ids = hn::RebindToUnsigned<Floats>;
using V = hn::Vec<Floats>;

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_SSSE3
constexpr int kQueries = 4; // 16 registers: 8 sums, 2 points, a query.
#else
constexpr int kQueries = 8;
#endif

/// Longer rows are summed in pieces of this many values, which keeps the rounding small.
constexpr Index kPiece = 256;

struct Tile
{
    V sum[kQueries][2];
};

/// sum += the terms of coordinates [0, count) of kQueries queries against two vectors of points.
template <ScoreKind kKind>
HWY_INLINE void AddTerms(const float* queries, const float* points, Index count, Tile& tile)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    for (Index j = 0; j < count; ++j, queries += kPanel, points += kPanel) {
        const auto a = hn::LoadU(tag, points);
        const auto b = hn::LoadU(tag, points + lanes);
        for (int r = 0; r < kQueries; ++r) {
            const auto q = hn::Set(tag, queries[r]);
            if constexpr (kKind == ScoreKind::Product) {
                tile.sum[r][0] = hn::MulAdd(q, a, tile.sum[r][0]);
                tile.sum[r][1] = hn::MulAdd(q, b, tile.sum[r][1]);
            } else {
                tile.sum[r][0] = hn::Sub(tile.sum[r][0], hn::Abs(hn::Sub(q, a)));
                tile.sum[r][1] = hn::Sub(tile.sum[r][1], hn::Abs(hn::Sub(q, b)));
            }
        }
    }
}

HWY_INLINE void Clear(Tile& tile)
{
    for (auto& row : tile.sum)
        row[0] = row[1] = hn::Zero(Floats());
}

template <ScoreKind kKind>
HWY_INLINE void Score(const float* queries, const float* points, Index d, Tile& tile)
{
    Clear(tile);
    AddTerms<kKind>(queries, points, std::min(d, kPiece), tile);
    for (Index from = kPiece; from < d; from += kPiece) {
        Tile piece;
        Clear(piece);
        AddTerms<kKind>(
            queries + from * kPanel, points + from * kPanel, std::min(d - from, kPiece), piece);
        for (int r = 0; r < kQueries; ++r) {
            tile.sum[r][0] = hn::Add(tile.sum[r][0], piece.sum[r][0]);
            tile.sum[r][1] = hn::Add(tile.sum[r][1], piece.sum[r][1]);
        }
    }
}

Index CountAbove(const float* values, Index count, float limit)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto threshold = hn::Set(tag, limit);
    std::size_t above = 0;
    Index i = 0;
    for (; i + lanes <= count; i += lanes)
        above += hn::CountTrue(tag, hn::Gt(hn::LoadU(tag, values + i), threshold));
    for (; i < count; ++i)
        above += values[i] > limit ? 1 : 0;
    return static_cast<Index>(above);
}

/// Keeps the entries above the limit, and the first `ties` of those that equal `tie`.
Index KeepAbove(float* values, PointId* ids, Index count, float limit, float tie, Index ties)
{
    Index kept = 0;
    for (Index i = 0; i < count; ++i) {
        const float value = values[i];
        bool keeps = value > limit;
        if (!keeps && ties > 0 && value == tie) {
            keeps = true;
            --ties;
        }
        values[kept] = value;
        ids[kept] = ids[i];
        kept += keeps ? 1 : 0;
    }
    return kept;
}

/// Bisects for a threshold that at least `wanted` and at most `most` entries are above.
HWY_NOINLINE void Cut(CandidatePool& pool, Index query, Index most)
{
    const auto at = static_cast<std::size_t>(query);
    const auto size = static_cast<Index>(pool.sizes[at]);
    if (size <= most)
        return;
    float* values = pool.valuesOf(query);
    float low = values[0];
    float high = values[0];
    for (Index i = 1; i < size; ++i) {
        low = std::min(low, values[i]);
        high = std::max(high, values[i]);
    }
    // At least `wanted` entries are above low, fewer are above high.
    low = std::nextafter(low, -std::numeric_limits<float>::infinity());
    Index above = size;
    Index aboveHigh = 0;
    while (above > most) {
        const float middle = low + 0.5F * (high - low);
        if (!(middle > low && middle < high))
            break;
        const Index count = CountAbove(values, size, middle);
        if (count >= pool.wanted) {
            low = middle;
            above = count;
        } else {
            high = middle;
            aboveHigh = count;
        }
    }
    // Where the bounds have met, the entries between them are all equal to high.
    const bool hasMet = above > most;
    const Index kept = KeepAbove(values, pool.idsOf(query), size, hasMet ? high : low, high,
        hasMet ? pool.wanted - aboveHigh : 0);
    pool.sizes[at] = static_cast<std::uint32_t>(kept);
    pool.thresholds[at] = hasMet ? high : low;
}

HWY_INLINE void CutIfFull(CandidatePool& pool, Index query)
{
    const auto size = static_cast<Index>(pool.sizes[static_cast<std::size_t>(query)]);
    if (HWY_UNLIKELY(size > pool.capacity - CandidatePool::kSlack))
        Cut(pool, query, pool.wanted + pool.wanted / 8);
}

/// Appends the lanes of the mask to a query's list.
HWY_INLINE void Append(
    CandidatePool& pool, Index query, V score, hn::Mask<Floats> mask, hn::Vec<Ids> ids)
{
    std::uint32_t& size = pool.sizes[static_cast<std::size_t>(query)];
    hn::StoreU(hn::Compress(score, mask), Floats(), pool.valuesOf(query) + size);
    hn::StoreU(hn::Compress(ids, hn::RebindMask(Ids(), mask)), Ids(), pool.idsOf(query) + size);
    size += static_cast<std::uint32_t>(hn::CountTrue(Floats(), mask));
    CutIfFull(pool, query);
}

/// Appends one query to the lists of the points whose lane is set.
HWY_NOINLINE void AppendToPoints(
    CandidatePool& pool, PointId query, const float* scores, std::uint32_t bits, Index firstPoint)
{
    for (; bits != 0; bits &= bits - 1) {
        const auto lane = static_cast<Index>(hwy::Num0BitsBelowLS1Bit_Nonzero32(bits));
        const Index point = firstPoint + lane;
        std::uint32_t& size = pool.sizes[static_cast<std::size_t>(point)];
        pool.valuesOf(point)[size] = scores[lane];
        pool.idsOf(point)[size] = query;
        ++size;
        CutIfFull(pool, point);
    }
}

template <ScoreKind kKind, bool kBothWays>
void Scan(const PanelScan& scan, const float* queryBiases, CandidatePool& pool)
{
    const Floats tag;
    const Ids idTag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    HWY_ALIGN float scores[16];
    float limits[kPanel]; // The thresholds of the queries, which change where a list is cut.
    for (Index q = 0; q < kPanel; ++q)
        limits[q] = pool.thresholds[scan.lists[q]];
    const auto append = [&](Index q, V score, hn::Mask<Floats> mask, Index first) HWY_ATTR {
        Append(pool, scan.lists[q], score, mask, hn::Iota(idTag, static_cast<PointId>(first)));
        limits[q] = pool.thresholds[scan.lists[q]];
    };
    for (Index panel = 0; panel < scan.panels; ++panel) {
        const float* points = scan.points + panel * kPanel * scan.d;
        for (Index q = 0; q < kPanel; q += kQueries) {
            for (Index p = 0; p < kPanel; p += 2 * lanes) {
                Tile tile;
                Score<kKind>(scan.queries + q, points + p, scan.d, tile);
                const Index place = panel * kPanel + p;
                const Index first = scan.firstPoint + place;
                const auto bias0 = hn::LoadU(tag, scan.biases + place);
                const auto bias1 = hn::LoadU(tag, scan.biases + place + lanes);
                for (int r = 0; r < kQueries; ++r) {
                    const auto score0 = hn::Add(tile.sum[r][0], bias0);
                    const auto score1 = hn::Add(tile.sum[r][1], bias1);
                    const auto limit = hn::Set(tag, limits[q + r]);
                    if (HWY_UNLIKELY(!hn::AllFalse(tag, hn::Gt(hn::Max(score0, score1), limit)))) {
                        const auto mask0 = hn::Gt(score0, limit);
                        if (!hn::AllFalse(tag, mask0))
                            append(q + r, score0, mask0, first);
                        const auto mask1 = hn::Gt(score1, hn::Set(tag, limits[q + r]));
                        if (!hn::AllFalse(tag, mask1))
                            append(q + r, score1, mask1, first + lanes);
                    }
                    if constexpr (kBothWays) {
                        const auto ownBias = hn::Set(tag, queryBiases[q + r]);
                        for (int v = 0; v < 2; ++v) {
                            const Index own = first + v * lanes;
                            const auto back = hn::Add(tile.sum[r][v], ownBias);
                            const auto passes
                                = hn::Gt(back, hn::LoadU(tag, pool.thresholds.data() + own));
                            if (HWY_UNLIKELY(!hn::AllFalse(tag, passes))) {
                                hn::Store(back, tag, scores);
                                std::uint8_t bytes[8] = {};
                                hn::StoreMaskBits(tag, passes, bytes);
                                AppendToPoints(pool, scan.lists[q + r], scores,
                                    bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8U, own);
                            }
                        }
                    }
                }
            }
        }
    }
}

void AppendAbove(const float* scores, Index count, PointId first, CandidatePool& pool, Index list)
{
    const Floats tag;
    const Ids idTag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const float& threshold = pool.thresholds[static_cast<std::size_t>(list)];
    Index i = 0;
    for (; i + lanes <= count; i += lanes) {
        const auto score = hn::LoadU(tag, scores + i);
        const auto mask = hn::Gt(score, hn::Set(tag, threshold));
        if (HWY_UNLIKELY(!hn::AllFalse(tag, mask)))
            Append(pool, list, score, mask, hn::Iota(idTag, first + static_cast<PointId>(i)));
    }
    for (; i < count; ++i) {
        if (scores[i] > threshold) {
            std::uint32_t& size = pool.sizes[static_cast<std::size_t>(list)];
            pool.valuesOf(list)[size] = scores[i];
            pool.idsOf(list)[size] = first + static_cast<PointId>(i);
            ++size;
            CutIfFull(pool, list);
        }
    }
}

template <ScoreKind kKind> void WriteScores(const PanelScan& scan, float* scores)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    for (Index panel = 0; panel < scan.panels; ++panel, scores += kPanel * kPanel) {
        const float* points = scan.points + panel * kPanel * scan.d;
        for (Index q = 0; q < kPanel; q += kQueries) {
            for (Index p = 0; p < kPanel; p += 2 * lanes) {
                Tile tile;
                Score<kKind>(scan.queries + q, points + p, scan.d, tile);
                for (int v = 0; v < 2; ++v) {
                    const Index place = p + v * lanes;
                    const auto bias = hn::LoadU(tag, scan.biases + panel * kPanel + place);
                    for (int r = 0; r < kQueries; ++r) {
                        hn::StoreU(
                            hn::Add(tile.sum[r][v], bias), tag, scores + (q + r) * kPanel + place);
                    }
                }
            }
        }
    }
}

void ScoreProducts(const PanelScan& scan, float* scores)
{
    WriteScores<ScoreKind::Product>(scan, scores);
}

void ScoreAbsolutes(const PanelScan& scan, float* scores)
{
    WriteScores<ScoreKind::MinusAbsolute>(scan, scores);
}

void ScanProducts(const PanelScan& scan, CandidatePool& pool)
{
    Scan<ScoreKind::Product, false>(scan, nullptr, pool);
}

void ScanAbsolutes(const PanelScan& scan, CandidatePool& pool)
{
    Scan<ScoreKind::MinusAbsolute, false>(scan, nullptr, pool);
}

void ScanProductsBothWays(const PanelScan& scan, const float* queryBiases, CandidatePool& pool)
{
    Scan<ScoreKind::Product, true>(scan, queryBiases, pool);
}

void ScanAbsolutesBothWays(const PanelScan& scan, const float* queryBiases, CandidatePool& pool)
{
    Scan<ScoreKind::MinusAbsolute, true>(scan, queryBiases, pool);
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(Cut);
HWY_EXPORT(AppendAbove);
HWY_EXPORT(ScoreProducts);
HWY_EXPORT(ScoreAbsolutes);
HWY_EXPORT(ScanProducts);
HWY_EXPORT(ScanAbsolutes);
HWY_EXPORT(ScanProductsBothWays);
HWY_EXPORT(ScanAbsolutesBothWays);

void scanPanels(const PanelScan& scan, CandidatePool& pool)
{
    if (scan.kind == ScoreKind::Product)
        HWY_DYNAMIC_DISPATCH(ScanProducts)(scan, pool);
    else
        HWY_DYNAMIC_DISPATCH(ScanAbsolutes)(scan, pool);
}

void scanPanelsBothWays(const PanelScan& scan, const float* queryBiases, CandidatePool& pool)
{
    if (scan.kind == ScoreKind::Product)
        HWY_DYNAMIC_DISPATCH(ScanProductsBothWays)(scan, queryBiases, pool);
    else
        HWY_DYNAMIC_DISPATCH(ScanAbsolutesBothWays)(scan, queryBiases, pool);
}

void appendAbove(const float* scores, Index count, PointId first, CandidatePool& pool, Index list)
{
    HWY_DYNAMIC_DISPATCH(AppendAbove)(scores, count, first, pool, list);
}

void scorePanels(const PanelScan& scan, float* scores)
{
    if (scan.kind == ScoreKind::Product)
        HWY_DYNAMIC_DISPATCH(ScoreProducts)(scan, scores);
    else
        HWY_DYNAMIC_DISPATCH(ScoreAbsolutes)(scan, scores);
}

void cutList(CandidatePool& pool, Index query, Index most)
{
    HWY_DYNAMIC_DISPATCH(Cut)(pool, query, most);
}

} // namespace embedscope
#endif // HWY_ONCE
