#include "core/analysis/health/moments.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/analysis/health/moments.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void AddMoments(const float* const* rows, const double* scales, Index count, const double* shift,
    Index d, double* sum, double* square, double* direction)
{
    const hn::ScalableTag<double> tag;
    const hn::Rebind<float, decltype(tag)> narrow;
    const auto lanes = static_cast<Index>(hn::Lanes(tag));
    Index j = 0;
    // The sums of a few dimensions stay in registers while the rows go by.
    for (; j + lanes <= d; j += lanes) {
        const auto origin = hn::LoadU(tag, shift + j);
        auto s = hn::LoadU(tag, sum + j);
        auto q = hn::LoadU(tag, square + j);
        auto u = hn::LoadU(tag, direction + j);
        for (Index i = 0; i < count; ++i) {
            const auto x = hn::PromoteTo(tag, hn::LoadU(narrow, rows[i] + j));
            const auto y = hn::Sub(x, origin);
            s = hn::Add(s, y);
            q = hn::MulAdd(y, y, q);
            u = hn::MulAdd(x, hn::Set(tag, scales[i]), u);
        }
        hn::StoreU(s, tag, sum + j);
        hn::StoreU(q, tag, square + j);
        hn::StoreU(u, tag, direction + j);
    }
    for (; j < d; ++j) {
        for (Index i = 0; i < count; ++i) {
            const auto x = static_cast<double>(rows[i][j]);
            const double y = x - shift[j];
            sum[j] += y;
            square[j] += y * y;
            direction[j] += x * scales[i];
        }
    }
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(AddMoments);

void addMoments(const float* const* rows, const double* scales, Index count, const double* shift,
    Index d, double* sum, double* square, double* direction)
{
    HWY_DYNAMIC_DISPATCH(AddMoments)(rows, scales, count, shift, d, sum, square, direction);
}

} // namespace embedscope
#endif // HWY_ONCE
