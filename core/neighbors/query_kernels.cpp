#include "core/neighbors/query_kernels.h"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/neighbors/query_kernels.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
using V = hn::Vec<Floats>;

/// sum and square += the terms of one vector of values.
template <Metric kMetric> HWY_INLINE void AddTerms(V x, V q, V& sum, V& square)
{
    if constexpr (kMetric == Metric::Euclidean) {
        const auto step = hn::Sub(x, q);
        sum = hn::NegMulAdd(step, step, sum);
    } else if constexpr (kMetric == Metric::Manhattan) {
        sum = hn::Sub(sum, hn::Abs(hn::Sub(x, q)));
    } else {
        sum = hn::MulAdd(x, q, sum);
        square = hn::MulAdd(x, x, square);
    }
}

template <Metric kMetric>
void Score(
    const float* rows, Index count, Index d, const float* query, float* scores, float* squares)
{
    const Floats tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const Index whole = d / lanes * lanes;
    constexpr bool kHasSquares = kMetric == Metric::Cosine || kMetric == Metric::Dot;
    // What is left of a row is read as a whole vector that ends with the row, the values that were
    // read before taken out.
    HWY_ALIGN float rest[16] = {};
    for (Index lane = 0; lane < lanes; ++lane)
        rest[lane] = d - lanes + lane >= whole ? 1.0F : 0.0F;
    const auto isRest = hn::Load(tag, rest);
    for (Index i = 0; i < count; ++i, rows += d) {
        auto sum0 = hn::Zero(tag);
        auto sum1 = hn::Zero(tag);
        auto square0 = hn::Zero(tag);
        auto square1 = hn::Zero(tag);
        Index j = 0;
        for (; j + 2 * lanes <= d; j += 2 * lanes) {
            AddTerms<kMetric>(hn::LoadU(tag, rows + j), hn::LoadU(tag, query + j), sum0, square0);
            AddTerms<kMetric>(
                hn::LoadU(tag, rows + j + lanes), hn::LoadU(tag, query + j + lanes), sum1, square1);
        }
        if (j < whole) {
            AddTerms<kMetric>(hn::LoadU(tag, rows + j), hn::LoadU(tag, query + j), sum0, square0);
            j += lanes;
        }
        if (j < d && d >= lanes) {
            AddTerms<kMetric>(hn::Mul(hn::LoadU(tag, rows + d - lanes), isRest),
                hn::Mul(hn::LoadU(tag, query + d - lanes), isRest), sum1, square1);
            j = d;
        }
        float sum = hn::GetLane(hn::SumOfLanes(tag, hn::Add(sum0, sum1)));
        float square = 0;
        if constexpr (kHasSquares)
            square = hn::GetLane(hn::SumOfLanes(tag, hn::Add(square0, square1)));
        for (; j < d; ++j) { // Rows that are shorter than a vector.
            const float step = rows[j] - query[j];
            if constexpr (kMetric == Metric::Euclidean) {
                sum -= step * step;
            } else if constexpr (kMetric == Metric::Manhattan) {
                sum -= std::abs(step);
            } else {
                sum += rows[j] * query[j];
                square += rows[j] * rows[j];
            }
        }
        scores[i] = sum;
        if constexpr (kHasSquares)
            squares[i] = square;
    }
    if constexpr (kMetric == Metric::Cosine) {
        Index i = 0;
        for (; i + lanes <= count; i += lanes) {
            hn::StoreU(hn::Div(hn::LoadU(tag, scores + i), hn::Sqrt(hn::LoadU(tag, squares + i))),
                tag, scores + i);
        }
        for (; i < count; ++i)
            scores[i] /= std::sqrt(squares[i]);
    }
}

void ScoreCosine(
    const float* rows, Index count, Index d, const float* query, float* scores, float* squares)
{
    Score<Metric::Cosine>(rows, count, d, query, scores, squares);
}

void ScoreDot(
    const float* rows, Index count, Index d, const float* query, float* scores, float* squares)
{
    Score<Metric::Dot>(rows, count, d, query, scores, squares);
}

void ScoreEuclidean(
    const float* rows, Index count, Index d, const float* query, float* scores, float* squares)
{
    Score<Metric::Euclidean>(rows, count, d, query, scores, squares);
}

void ScoreManhattan(
    const float* rows, Index count, Index d, const float* query, float* scores, float* squares)
{
    Score<Metric::Manhattan>(rows, count, d, query, scores, squares);
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(ScoreCosine);
HWY_EXPORT(ScoreDot);
HWY_EXPORT(ScoreEuclidean);
HWY_EXPORT(ScoreManhattan);

void scoreRows(Metric metric, const float* rows, Index count, Index d, const float* query,
    float* scores, float* squares)
{
    switch (metric) {
    case Metric::Cosine:
        HWY_DYNAMIC_DISPATCH(ScoreCosine)(rows, count, d, query, scores, squares);
        break;
    case Metric::Dot:
        HWY_DYNAMIC_DISPATCH(ScoreDot)(rows, count, d, query, scores, squares);
        break;
    case Metric::Euclidean:
        HWY_DYNAMIC_DISPATCH(ScoreEuclidean)(rows, count, d, query, scores, squares);
        break;
    case Metric::Manhattan:
        HWY_DYNAMIC_DISPATCH(ScoreManhattan)(rows, count, d, query, scores, squares);
        break;
    }
}

double roundingSteps(Index d)
{
    // Two sums of at least four lanes each (or one, of short rows), and what joins them.
    return static_cast<double>(d) / 8 + 16;
}

} // namespace embedscope
#endif // HWY_ONCE
