#include "core/base/half.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/base/half.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Bits = hn::RebindToUnsigned<Floats>;
using Stored = hn::Rebind<std::uint16_t, Floats>;

/// By way of the bits (F. Giesen, "Half to float done quic", 2012): exponent and mantissa shifted
/// into place and multiplied by 2^112, which also mends subnormals; infinity and NaN get the
/// exponent of their kind.
HWY_INLINE hn::Vec<Floats> Widen(hn::VFromD<Stored> stored)
{
    const Floats floats;
    const Bits bits;
    const auto wide = hn::PromoteTo(bits, stored);
    const auto magnitude = hn::ShiftLeft<13>(hn::And(wide, hn::Set(bits, 0x7fffU)));
    const auto sign = hn::ShiftLeft<16>(hn::And(wide, hn::Set(bits, 0x8000U)));
    const auto scaled = hn::Mul(hn::BitCast(floats, magnitude), hn::Set(floats, 0x1.0p112F));
    const auto isSpecial = hn::Ge(
        hn::BitCast(floats, magnitude), hn::BitCast(floats, hn::Set(bits, 0x7c00U << 13U)));
    const auto special = hn::Or(magnitude, hn::Set(bits, 0x7f800000U));
    const auto value = hn::IfThenElse(isSpecial, hn::BitCast(floats, special), scaled);
    return hn::Or(value, hn::BitCast(floats, sign));
}

/// Rounded by additions that push the digits beyond the 11th out of a float32: of normal values by
/// integers, of subnormal ones by that of 0.5, whose last digit is that of a binary16.
HWY_INLINE hn::VFromD<Stored> Narrow(hn::Vec<Floats> value)
{
    const Floats floats;
    const Bits bits;
    const auto raw = hn::BitCast(bits, value);
    const auto sign = hn::And(raw, hn::Set(bits, 0x80000000U));
    const auto magnitude = hn::Xor(raw, sign);
    const auto odd = hn::And(hn::ShiftRight<13>(magnitude), hn::Set(bits, 1));
    const auto normal = hn::ShiftRight<13>(hn::Sub(
        hn::Add(magnitude, hn::Add(odd, hn::Set(bits, 0xfffU))), hn::Set(bits, 112U << 23U)));
    const auto magnitudeValue = hn::BitCast(floats, magnitude);
    const auto half = hn::Set(floats, 0.5F);
    const auto subnormal
        = hn::Sub(hn::BitCast(bits, hn::Add(magnitudeValue, half)), hn::BitCast(bits, half));
    const auto isSubnormal
        = hn::RebindMask(bits, hn::Lt(magnitudeValue, hn::Set(floats, 0x1.0p-14F)));
    const auto isFinite
        = hn::RebindMask(bits, hn::Lt(magnitudeValue, hn::Set(floats, kHalfOverflow)));
    const auto isNumber = hn::RebindMask(bits, hn::Eq(value, value));
    auto result = hn::IfThenElse(isSubnormal, subnormal, normal);
    result = hn::IfThenElse(isFinite, result, hn::Set(bits, 0x7c00U));
    result = hn::IfThenElse(isNumber, result, hn::Set(bits, 0x7e00U));
    result = hn::Or(result, hn::ShiftRight<16>(sign));
    return hn::DemoteTo(Stored(), hn::BitCast(hn::RebindToSigned<Floats>(), result));
}

// A target may be wider than what is left; the rest goes through a small array.

HWY_NOINLINE void WidenAll(const std::uint16_t* from, Index count, float* to)
{
    const Floats floats;
    const Stored stored;
    const auto lanes = static_cast<Index>(hn::Lanes(floats));
    Index i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(Widen(hn::LoadU(stored, from + i)), floats, to + i);
    if (i == count)
        return;
    HWY_ALIGN std::uint16_t in[hn::MaxLanes(floats)] = {};
    HWY_ALIGN float out[hn::MaxLanes(floats)];
    for (Index j = i; j < count; ++j)
        in[j - i] = from[j];
    hn::Store(Widen(hn::Load(stored, in)), floats, out);
    for (Index j = i; j < count; ++j)
        to[j] = out[j - i];
}

HWY_NOINLINE void NarrowAll(const float* from, Index count, std::uint16_t* to)
{
    const Floats floats;
    const Stored stored;
    const auto lanes = static_cast<Index>(hn::Lanes(floats));
    Index i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(Narrow(hn::LoadU(floats, from + i)), stored, to + i);
    if (i == count)
        return;
    HWY_ALIGN float in[hn::MaxLanes(floats)] = {};
    HWY_ALIGN std::uint16_t out[hn::MaxLanes(floats)];
    for (Index j = i; j < count; ++j)
        in[j - i] = from[j];
    hn::Store(Narrow(hn::Load(floats, in)), stored, out);
    for (Index j = i; j < count; ++j)
        to[j] = out[j - i];
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace embedscope {

HWY_EXPORT(WidenAll);
HWY_EXPORT(NarrowAll);

static_assert(sizeof(Half) == sizeof(std::uint16_t) && alignof(Half) == alignof(std::uint16_t));

void toFloats(const Half* from, Index count, float* to)
{
    HWY_DYNAMIC_DISPATCH(WidenAll)(&from->bits, count, to);
}

void toHalves(const float* from, Index count, Half* to)
{
    HWY_DYNAMIC_DISPATCH(NarrowAll)(from, count, &to->bits);
}

} // namespace embedscope

#endif
