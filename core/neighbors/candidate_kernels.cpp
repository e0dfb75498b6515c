#include "core/neighbors/candidate_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/neighbors/candidate_kernels.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Few entries pass, so the loop is made for those that do not; compressing stores are avoided,
// being very slow on some processors.
Index SelectBelow(const float* products, const float* squares, Index count, float threshold,
    PointId first, float* values, PointId* ids)
{
    const hn::ScalableTag<float> tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto minusTwo = hn::Set(tag, -2.0F);
    const auto limit = hn::Set(tag, threshold);
    HWY_ALIGN float block[HWY_MAX_BYTES / sizeof(float)];
    Index written = 0;
    Index j = 0;
    for (; j + lanes <= count; j += lanes) {
        const auto value
            = hn::MulAdd(minusTwo, hn::LoadU(tag, products + j), hn::LoadU(tag, squares + j));
        if (hn::AllFalse(tag, hn::Lt(value, limit)))
            continue;
        hn::Store(value, tag, block);
        for (Index lane = 0; lane < lanes; ++lane) {
            values[written] = block[lane];
            ids[written] = first + static_cast<PointId>(j + lane);
            written += block[lane] < threshold ? 1 : 0;
        }
    }
    for (; j < count; ++j) {
        const float value = squares[j] - 2 * products[j];
        if (value < threshold) {
            values[written] = value;
            ids[written++] = first + static_cast<PointId>(j);
        }
    }
    return written;
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(SelectBelow);

Index selectBelow(const float* products, const float* squares, Index count, float threshold,
    PointId first, float* values, PointId* ids)
{
    return HWY_DYNAMIC_DISPATCH(SelectBelow)(
        products, squares, count, threshold, first, values, ids);
}

} // namespace embedscope
#endif // HWY_ONCE
