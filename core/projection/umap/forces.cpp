#include "core/projection/umap/forces.h"

#include <algorithm>
#include <array>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/umap/forces.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

#ifndef EMBEDSCOPE_UMAP_FORCES
#define EMBEDSCOPE_UMAP_FORCES
namespace embedscope {

/// Samples that the points of a block have in common: places and ids.
struct SamplePool
{
    static constexpr Index kSize = 1024; ///< A power of two.

    alignas(64) std::array<std::array<float, kSize>, 3> axes;
    alignas(64) std::array<PointId, kSize> ids;
};

} // namespace embedscope
#endif

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, FuzzyGraph::kPadding>;
using IdTag = hn::RebindToUnsigned<Tag>;
using Vec = hn::Vec<Tag>;

constexpr float kFarthestStep = 4; ///< Along an axis, for one other point and a rate of 1.
constexpr float kFarthest = 1e5F; ///< No place is farther from 0.
constexpr float kSmallestSquare = 1e-12F;
constexpr float kSoftening = 1e-3F; ///< Keeps the push of a point that is very near finite.

/// log2 of positive values; absolute error about 1e-6.
HWY_INLINE Vec Log2(Vec v)
{
    const Tag tag;
    const hn::RebindToSigned<Tag> signedTag;
    // v = 2^e m with m in [sqrt(1/2), sqrt(2)).
    const auto bits = hn::BitCast(signedTag, v);
    const auto e = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(signedTag, 0x3f3504f3)));
    const Vec m = hn::BitCast(tag, hn::Sub(bits, hn::ShiftLeft<23>(e)));
    const Vec u = hn::Sub(m, hn::Set(tag, 1.0F));
    // log2(1 + u) / u, fitted at Chebyshev nodes.
    Vec p = hn::Set(tag, 0.17212874906604989F);
    p = hn::MulAdd(p, u, hn::Set(tag, -0.26950629979183294F));
    p = hn::MulAdd(p, u, hn::Set(tag, 0.2956336040610193F));
    p = hn::MulAdd(p, u, hn::Set(tag, -0.3593506505773711F));
    p = hn::MulAdd(p, u, hn::Set(tag, 0.48062914658960054F));
    p = hn::MulAdd(p, u, hn::Set(tag, -0.7213640398880361F));
    p = hn::MulAdd(p, u, hn::Set(tag, 1.4426964322231843F));
    return hn::MulAdd(p, u, hn::ConvertTo(tag, e));
}

/// 2^v, v held within what float32 can say; relative error about 2e-7.
HWY_INLINE Vec Exp2(Vec v)
{
    const Tag tag;
    const hn::RebindToSigned<Tag> signedTag;
    const Vec held = hn::Min(hn::Max(v, hn::Set(tag, -126.0F)), hn::Set(tag, 126.0F));
    const auto whole = hn::NearestInt(held);
    const Vec f = hn::Sub(held, hn::ConvertTo(tag, whole));
    Vec p = hn::Set(tag, 0.0013400432165497102F);
    p = hn::MulAdd(p, f, hn::Set(tag, 0.009676037097880024F));
    p = hn::MulAdd(p, f, hn::Set(tag, 0.055503272142090554F));
    p = hn::MulAdd(p, f, hn::Set(tag, 0.24022107355830186F));
    p = hn::MulAdd(p, f, hn::Set(tag, 0.6931472067106197F));
    p = hn::MulAdd(p, f, hn::Set(tag, 1.0F));
    const auto power = hn::ShiftLeft<23>(hn::Add(whole, hn::Set(signedTag, 127)));
    return hn::Mul(p, hn::BitCast(tag, power));
}

/// s^b / s without the 1 / s, and 1 + a s^b: what both factors need.
HWY_INLINE Vec Power(Vec square, float b)
{
    const Tag tag;
    return Exp2(hn::Mul(hn::Set(tag, b), Log2(square)));
}

HWY_INLINE Vec PullFactor(Vec square, const Curve& curve)
{
    const Tag tag;
    const auto a = static_cast<float>(curve.a);
    const auto b = static_cast<float>(curve.b);
    const Vec s = hn::Max(square, hn::Set(tag, kSmallestSquare));
    const Vec power = Power(s, b);
    const Vec below = hn::Mul(s, hn::MulAdd(hn::Set(tag, a), power, hn::Set(tag, 1.0F)));
    return hn::Div(hn::Mul(hn::Set(tag, 2 * a * b), power), below);
}

HWY_INLINE Vec PushFactor(Vec square, const Curve& curve)
{
    const Tag tag;
    const auto a = static_cast<float>(curve.a);
    const auto b = static_cast<float>(curve.b);
    const Vec power = Power(hn::Max(square, hn::Set(tag, kSmallestSquare)), b);
    const Vec soft = hn::Add(square, hn::Set(tag, kSoftening));
    const Vec below = hn::Mul(soft, hn::MulAdd(hn::Set(tag, a), power, hn::Set(tag, 1.0F)));
    return hn::Div(hn::Set(tag, 2 * b), below);
}

HWY_INLINE Vec Held(Vec step)
{
    const Tag tag;
    return hn::Min(hn::Max(step, hn::Set(tag, -kFarthestStep)), hn::Set(tag, kFarthestStep));
}

/// The places of as many points as a vector has lanes.
template <int kDims>
HWY_INLINE void GatherPlaces(const std::uint64_t* words, const PointId* ids, Vec* out)
{
    const Tag tag;
#if HWY_TARGET == HWY_SCALAR
    for (int word = 0; word < kDims - 1; ++word) {
        const auto pair = std::bit_cast<std::array<float, 2>>(words[ids[0] * (kDims - 1U) + word]);
        out[2 * word] = hn::Set(tag, pair[0]);
        if (word == 0)
            out[1] = hn::Set(tag, pair[1]);
    }
#else
    const IdTag idTag;
    const hn::Repartition<std::uint64_t, Tag> wordTag;
    const hn::RebindToSigned<decltype(wordTag)> indexTag;
    const hn::Half<IdTag> halfTag;
    const auto all = hn::LoadU(idTag, ids);
    auto low = hn::BitCast(indexTag, hn::PromoteTo(wordTag, hn::LowerHalf(halfTag, all)));
    auto high = hn::BitCast(indexTag, hn::PromoteTo(wordTag, hn::UpperHalf(halfTag, all)));
    if constexpr (kDims == 3) {
        low = hn::Add(low, low);
        high = hn::Add(high, high);
    }
    const Vec first = hn::BitCast(tag, hn::GatherIndex(wordTag, words, low));
    const Vec second = hn::BitCast(tag, hn::GatherIndex(wordTag, words, high));
    out[0] = hn::ConcatEven(tag, second, first);
    out[1] = hn::ConcatOdd(tag, second, first);
    if constexpr (kDims == 3) {
        const Vec third = hn::BitCast(tag, hn::GatherIndex(wordTag, words + 1, low));
        const Vec fourth = hn::BitCast(tag, hn::GatherIndex(wordTag, words + 1, high));
        out[2] = hn::ConcatEven(tag, fourth, third);
    }
#endif
}

/// Adds the moves towards the neighbours of row i to `place`. Returns the sum of their rates.
template <int kDims>
HWY_INLINE float Attract(
    const FuzzyGraph& graph, const Places& from, const EpochPlan& plan, Index i, float* place)
{
    const Tag tag;
    const auto lanes = static_cast<Index>(hn::Lanes(tag));
    const Vec toRate = hn::Set(tag, plan.weightToRate);
    Vec own[kDims];
    Vec move[kDims];
    for (int axis = 0; axis < kDims; ++axis) {
        own[axis] = hn::Set(tag, place[axis]);
        move[axis] = hn::Zero(tag);
    }
    Vec rates = hn::Zero(tag);
    const Index end = graph.end(i);
    for (Index at = graph.begin(i); at < end; at += lanes) {
        const auto isEntry = hn::FirstN(tag, static_cast<std::size_t>(end - at));
        const Vec rate = hn::Mul(
            toRate, hn::IfThenElseZero(isEntry, hn::LoadU(tag, graph.weights.data() + at)));
        Vec other[kDims];
        GatherPlaces<kDims>(from.words(), graph.ids.data() + at, other);
        Vec step[kDims];
        Vec square = hn::Zero(tag);
        for (int axis = 0; axis < kDims; ++axis) {
            step[axis] = hn::Sub(other[axis], own[axis]);
            square = hn::MulAdd(step[axis], step[axis], square);
        }
        const Vec factor = PullFactor(square, plan.curve);
        for (int axis = 0; axis < kDims; ++axis)
            move[axis] = hn::MulAdd(rate, Held(hn::Mul(factor, step[axis])), move[axis]);
        rates = hn::Add(rates, rate);
    }
    // Each pair is met from both its ends, and moves both.
    for (int axis = 0; axis < kDims; ++axis)
        place[axis] += 2 * plan.rate * hn::GetLane(hn::SumOfLanes(tag, move[axis]));
    return hn::GetLane(hn::SumOfLanes(tag, rates));
}

/// Adds the moves away from `groups` times kPadding samples to `place`, from the pool's group
/// `first` on.
template <int kDims>
HWY_INLINE void Repel(const SamplePool& pool, const EpochPlan& plan, PointId self, Index first,
    Index groups, float weight, float* place)
{
    const Tag tag;
    const IdTag idTag;
    const auto lanes = static_cast<Index>(hn::Lanes(tag));
    const auto selves = hn::Set(idTag, self);
    Vec own[kDims];
    Vec move[kDims];
    for (int axis = 0; axis < kDims; ++axis) {
        own[axis] = hn::Set(tag, place[axis]);
        move[axis] = hn::Zero(tag);
    }
    for (Index group = 0; group < groups; ++group) {
        const Index begin = (first + group) * FuzzyGraph::kPadding % SamplePool::kSize;
        for (Index at = begin; at < begin + FuzzyGraph::kPadding; at += lanes) {
            Vec step[kDims];
            Vec square = hn::Zero(tag);
            for (int axis = 0; axis < kDims; ++axis) {
                step[axis] = hn::Sub(own[axis],
                    hn::Load(tag, pool.axes[static_cast<std::size_t>(axis)].data() + at));
                square = hn::MulAdd(step[axis], step[axis], square);
            }
            const auto isSelf
                = hn::RebindMask(tag, hn::Eq(hn::Load(idTag, pool.ids.data() + at), selves));
            const Vec factor = hn::IfThenZeroElse(isSelf, PushFactor(square, plan.curve));
            for (int axis = 0; axis < kDims; ++axis) {
                const Vec push = hn::Mul(hn::Set(tag, plan.repulsion), hn::Mul(factor, step[axis]));
                move[axis] = hn::Add(move[axis], Held(push));
            }
        }
    }
    for (int axis = 0; axis < kDims; ++axis)
        place[axis] += plan.rate * weight * hn::GetLane(hn::SumOfLanes(tag, move[axis]));
}

template <int kDims>
HWY_INLINE void MoveBlock(const FuzzyGraph& graph, const Places& from, const Places& start,
    Places& to, const EpochPlan& plan, const SamplePool& pool, const Index* firstGroups,
    Index begin, Index end)
{
    constexpr auto kGroup = static_cast<float>(FuzzyGraph::kPadding);
    for (Index i = begin; i < end; ++i) {
        std::array<float, 3> place = start.get(i);
        const float samples = plan.negatives * Attract<kDims>(graph, from, plan, i, place.data());
        if (samples > 0) {
            const float groups = std::ceil(samples / kGroup);
            Repel<kDims>(pool, plan, plan.canBeSelf ? static_cast<PointId>(i) : kNoPoint,
                firstGroups[i - begin], static_cast<Index>(groups), samples / (groups * kGroup),
                place.data());
        }
        for (int axis = 0; axis < kDims; ++axis) {
            const auto a = static_cast<std::size_t>(axis);
            place[a] = std::clamp(place[a], -kFarthest, kFarthest);
        }
        to.set(i, place);
    }
}

void MoveBlock2(const FuzzyGraph& graph, const Places& from, const Places& start, Places& to,
    const EpochPlan& plan, const SamplePool& pool, const Index* firstGroups, Index begin, Index end)
{
    MoveBlock<2>(graph, from, start, to, plan, pool, firstGroups, begin, end);
}

void MoveBlock3(const FuzzyGraph& graph, const Places& from, const Places& start, Places& to,
    const EpochPlan& plan, const SamplePool& pool, const Index* firstGroups, Index begin, Index end)
{
    MoveBlock<3>(graph, from, start, to, plan, pool, firstGroups, begin, end);
}

/// count: a multiple of kPadding.
void Factors(const Curve& curve, const float* squares, Index count, float* pulls, float* pushes)
{
    const Tag tag;
    for (Index i = 0; i < count; i += static_cast<Index>(hn::Lanes(tag))) {
        const Vec square = hn::LoadU(tag, squares + i);
        hn::StoreU(PullFactor(square, curve), tag, pulls + i);
        hn::StoreU(PushFactor(square, curve), tag, pushes + i);
    }
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(MoveBlock2);
HWY_EXPORT(MoveBlock3);
HWY_EXPORT(Factors);

namespace {

/// A generator that is cheap to start anywhere: each state is a number of its own, mixed (Steele,
/// Lea and Flood 2014, SplitMix).
class Mixer
{
public:
    explicit Mixer(std::uint64_t state)
        : m_state(state)
    {
    }

    std::uint64_t next()
    {
        m_state += 0x9e3779b97f4a7c15U;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

private:
    std::uint64_t m_state;
};

/// Of [0, bound), bound < 2^32, from 32 random bits.
std::uint64_t scaled(std::uint64_t bits, std::uint64_t bound)
{
    return (bits & 0xffffffffU) * bound >> 32U;
}

void draw(SamplePool& pool, const Places& from, Mixer& random)
{
    const auto n = static_cast<std::uint64_t>(from.size());
    for (std::size_t j = 0; j < SamplePool::kSize; j += 2) {
        const std::uint64_t bits = random.next();
        pool.ids[j] = static_cast<PointId>(scaled(bits, n));
        pool.ids[j + 1] = static_cast<PointId>(scaled(bits >> 32U, n));
    }
    for (std::size_t j = 0; j < SamplePool::kSize; ++j) {
        const auto place = from.get(pool.ids[j]);
        for (std::size_t axis = 0; axis < 3; ++axis)
            pool.axes[axis][j] = place[axis];
    }
}

} // namespace

void movePoints(const FuzzyGraph& graph, const Places& from, const Places& start, Places& to,
    const EpochPlan& plan, Index begin, Index end)
{
    // Epochs and blocks far apart: neither sees a part of the other's sequence.
    Mixer random(Mixer(plan.seed ^ static_cast<std::uint64_t>(begin) * 0xd6e8feb86659fd93U).next());
    SamplePool pool;
    draw(pool, from, random);
    std::array<Index, kPointsPerBlock> firstGroups;
    for (Index i = 0; i < end - begin; ++i) {
        firstGroups[static_cast<std::size_t>(i)]
            = static_cast<Index>(scaled(random.next(), SamplePool::kSize / FuzzyGraph::kPadding));
    }
    if (from.dimensions() == 2)
        HWY_DYNAMIC_DISPATCH(MoveBlock2)
    (graph, from, start, to, plan, pool, firstGroups.data(), begin, end);
    else HWY_DYNAMIC_DISPATCH(MoveBlock3)(
        graph, from, start, to, plan, pool, firstGroups.data(), begin, end);
}

void findFactors(const Curve& curve, const float* squares, Index count, float* pulls, float* pushes)
{
    constexpr Index kGroup = FuzzyGraph::kPadding;
    for (Index i = 0; i < count; i += kGroup) {
        std::array<float, kGroup> in{};
        std::array<float, kGroup> outPulls;
        std::array<float, kGroup> outPushes;
        const Index here = std::min(kGroup, count - i);
        std::copy_n(squares + i, here, in.begin());
        HWY_DYNAMIC_DISPATCH(Factors)(curve, in.data(), kGroup, outPulls.data(), outPushes.data());
        std::copy_n(outPulls.begin(), here, pulls + i);
        std::copy_n(outPushes.begin(), here, pushes + i);
    }
}

} // namespace embedscope
#endif // HWY_ONCE
