#include "core/projection/tsne/perplexity.h"

#include "core/base/index.h"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/projection/tsne/perplexity.cpp"
#include <hwy/foreach_target.h> // NOLINT: must stand before highway.h
#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

#ifndef EMBEDSCOPE_WEIGHT_SUMS
#define EMBEDSCOPE_WEIGHT_SUMS
namespace embedscope {
namespace {

/// Sums over weights exp(-beta e): of themselves, times e, times e^2.
struct WeightSums
{
    double weight = 0;
    double first = 0;
    double second = 0;
};

} // namespace
} // namespace embedscope
#endif

HWY_BEFORE_NAMESPACE();
namespace embedscope {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

WeightSums WeighNeighbors(const double* excess, Index count, double beta, double* weights)
{
    const hn::CappedTag<double, 8> tag;
    const Index lanes = static_cast<Index>(hn::Lanes(tag));
    const auto minusBeta = hn::Set(tag, -beta);
    // Below this exp() is a denormal number, which would only be slow.
    const auto lowest = hn::Set(tag, -700.0);
    auto weightSum = hn::Zero(tag);
    auto firstSum = hn::Zero(tag);
    auto secondSum = hn::Zero(tag);
    Index j = 0;
    for (; j + lanes <= count; j += lanes) {
        const auto e = hn::LoadU(tag, excess + j);
        const auto power = hn::Mul(minusBeta, e);
        const auto weight
            = hn::IfThenElseZero(hn::Gt(power, lowest), hn::Exp(tag, hn::Max(power, lowest)));
        hn::StoreU(weight, tag, weights + j);
        const auto first = hn::Mul(weight, e);
        weightSum = hn::Add(weightSum, weight);
        firstSum = hn::Add(firstSum, first);
        secondSum = hn::MulAdd(first, e, secondSum);
    }
    WeightSums sums;
    sums.weight = hn::GetLane(hn::SumOfLanes(tag, weightSum));
    sums.first = hn::GetLane(hn::SumOfLanes(tag, firstSum));
    sums.second = hn::GetLane(hn::SumOfLanes(tag, secondSum));
    for (; j < count; ++j) {
        const double power = -beta * excess[j];
        weights[j] = power > -700 ? std::exp(power) : 0;
        sums.weight += weights[j];
        sums.first += weights[j] * excess[j];
        sums.second += weights[j] * excess[j] * excess[j];
    }
    return sums;
}

} // namespace HWY_NAMESPACE
} // namespace embedscope
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace embedscope {

HWY_EXPORT(WeighNeighbors);

namespace {

constexpr int kMaxSteps = 200;
constexpr double kTolerance = 1e-7; ///< On the entropy, in nats.

} // namespace

void excessOf(std::span<const float> values, Metric metric, std::span<double> excess)
{
    double largest = 0;
    for (const float value : values)
        largest = std::max(largest, std::abs(static_cast<double>(value)));
    const double unit = largest > 0 ? 1 / largest : 0;
    const double nearest = values.front() * unit;
    for (std::size_t j = 0; j < values.size(); ++j) {
        const double value = values[j] * unit;
        excess[j] = std::max(
            0.0, isSimilarity(metric) ? nearest - value : value * value - nearest * nearest);
    }
}

double conditionalProbabilities(
    std::span<const double> excess, double perplexity, std::span<double> probabilities)
{
    const std::size_t k = excess.size();
    double mean = 0;
    for (const double e : excess)
        mean += e / static_cast<double>(k);
    const double wanted = std::log(perplexity);
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    double beta = mean > 0 ? 1 / mean : 1;
    double entropy = 0;
    for (int step = 0; step < kMaxSteps; ++step) {
        const WeightSums sums = HWY_DYNAMIC_DISPATCH(WeighNeighbors)(
            excess.data(), static_cast<Index>(k), beta, probabilities.data());
        const double first = sums.first / sums.weight;
        const double second = sums.second / sums.weight;
        entropy = std::log(sums.weight) + beta * first;
        for (double& probability : probabilities)
            probability /= sums.weight;
        const double gap = entropy - wanted;
        if (std::abs(gap) < kTolerance || beta > 1e300)
            break;
        (gap > 0 ? low : high) = beta;
        // d entropy / d beta = -beta variance.
        const double slope = -beta * (second - first * first);
        double next = slope < 0 ? beta - gap / slope : 0;
        if (!(next > low && next < high))
            next = std::isinf(high) ? 2 * beta : (low + high) / 2;
        beta = next;
    }
    return std::exp(entropy);
}

} // namespace embedscope
#endif // HWY_ONCE
