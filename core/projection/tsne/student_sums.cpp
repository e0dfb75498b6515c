#include "core/projection/tsne/student_sums.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/tsne/student_sums.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

double StudentSum(const float* place, const float* axes, Index stride, Index dims, Index count)
{
    const hn::ScalableTag<float> tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto one = hn::Set(tag, 1.0F);
    auto sum = hn::Zero(tag);
    Index i = 0;
    for (; i + lanes <= count; i += lanes) {
        auto square = one;
        for (Index a = 0; a < dims; ++a) {
            const auto step
                = hn::Sub(hn::LoadU(tag, axes + a * stride + i), hn::Set(tag, place[a]));
            square = hn::MulAdd(step, step, square);
        }
        sum = hn::Add(sum, hn::Div(one, square));
    }
    double total = static_cast<double>(hn::GetLane(hn::SumOfLanes(tag, sum)));
    for (; i < count; ++i) {
        float square = 1;
        for (Index a = 0; a < dims; ++a) {
            const float step = axes[a * stride + i] - place[a];
            square += step * step;
        }
        total += static_cast<double>(1 / square);
    }
    return total;
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(StudentSum);

double studentSum(const float* place, const float* axes, Index stride, Index dims, Index count)
{
    return HWY_DYNAMIC_DISPATCH(StudentSum)(place, axes, stride, dims, count);
}

} // namespace embedscope
#endif // HWY_ONCE
