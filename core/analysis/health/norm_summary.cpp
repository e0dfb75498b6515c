#include "core/analysis/health/norm_summary.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace embedscope {

namespace {

constexpr double kUnitTolerance = 1e-3;
constexpr std::size_t kDigits = 1U << 16U;
constexpr Index kRowsBetweenStops = Index{1} << 20U;

/// A number that stands at a rank when all are in order. Found digit by digit: lengths are not
/// negative, and floats that are not lie in the order of their bits.
struct Ranked
{
    Index rank = 0; ///< Of all; then of those that begin with the same digit.
    std::uint32_t high = 0;
    float value = 0;
};

template <typename Visit>
bool visitUsable(
    const Dataset& dataset, const TableScan& scan, const Progress& progress, Visit visit)
{
    for (Index begin = 0; begin < dataset.size(); begin += kRowsBetweenStops) {
        if (progress.stopRequested())
            return false;
        const Index end = std::min(dataset.size(), begin + kRowsBetweenStops);
        for (Index i = begin; i < end; ++i) {
            if (dataset.isUsable(static_cast<PointId>(i)))
                visit(scan.norms[static_cast<std::size_t>(i)]);
        }
    }
    return true;
}

/// The digit in which the rank falls; the rank becomes one among those.
std::uint32_t digitAt(const std::vector<Index>& counts, Index& rank)
{
    std::uint32_t digit = 0;
    while (digit + 1 < kDigits && rank >= counts[digit])
        rank -= counts[digit++];
    return digit;
}

bool findRanked(const Dataset& dataset, const TableScan& scan, std::span<Ranked> ranked,
    const Progress& progress)
{
    std::vector<Index> counts(kDigits);
    if (!visitUsable(dataset, scan, progress,
            [&](float norm) { ++counts[std::bit_cast<std::uint32_t>(norm) >> 16U]; }))
        return false;
    std::vector<std::uint32_t> highs;
    for (Ranked& one : ranked) {
        one.high = digitAt(counts, one.rank);
        if (std::find(highs.begin(), highs.end(), one.high) == highs.end())
            highs.push_back(one.high);
    }
    std::vector<std::vector<Index>> lows(highs.size(), std::vector<Index>(kDigits));
    const bool isDone = visitUsable(dataset, scan, progress, [&](float norm) {
        const auto bits = std::bit_cast<std::uint32_t>(norm);
        for (std::size_t h = 0; h < highs.size(); ++h) {
            if (bits >> 16U == highs[h])
                ++lows[h][bits & 0xffffU];
        }
    });
    for (Ranked& one : ranked) {
        const auto h = static_cast<std::size_t>(
            std::find(highs.begin(), highs.end(), one.high) - highs.begin());
        one.value = std::bit_cast<float>(one.high << 16U | digitAt(lows[h], one.rank));
    }
    return isDone;
}

} // namespace

Result<std::optional<NormSummary>> summarizeNorms(
    const Dataset& dataset, const TableScan& scan, const Progress& progress)
{
    if (scan.usable == 0)
        return std::optional<NormSummary>();
    NormSummary norms;
    norms.min = scan.smallestNorm;
    norms.max = scan.largestNorm;
    norms.areUnit
        = std::abs(norms.min - 1) <= kUnitTolerance && std::abs(norms.max - 1) <= kUnitTolerance;

    std::array<Ranked, 6> ranked;
    std::array<double, 3> fractions{};
    for (std::size_t quarter = 0; quarter < 3; ++quarter) {
        const double at
            = static_cast<double>(quarter + 1) / 4 * static_cast<double>(scan.usable - 1);
        const double below = std::floor(at);
        fractions.at(quarter) = at - below;
        ranked.at(2 * quarter).rank = static_cast<Index>(below);
        ranked.at(2 * quarter + 1).rank = std::min(scan.usable - 1, static_cast<Index>(below) + 1);
    }
    if (!findRanked(dataset, scan, ranked, progress))
        return stoppedError();
    const auto quartile = [&](std::size_t quarter) {
        const double low = static_cast<double>(ranked.at(2 * quarter).value);
        const double high = static_cast<double>(ranked.at(2 * quarter + 1).value);
        return std::clamp(low + (high - low) * fractions.at(quarter), norms.min, norms.max);
    };
    norms.q1 = quartile(0);
    norms.median = quartile(1);
    norms.q3 = quartile(2);

    const bool isOne = !(static_cast<float>(norms.max) > static_cast<float>(norms.min));
    norms.histogram.assign(static_cast<std::size_t>(isOne ? 1 : kNormBins), 0);
    const double width = isOne ? 1 : (norms.max - norms.min) / static_cast<double>(kNormBins);
    const auto last = static_cast<double>(norms.histogram.size() - 1);
    const bool isDone = visitUsable(dataset, scan, progress, [&](float norm) {
        const double bin = std::floor((static_cast<double>(norm) - norms.min) / width);
        ++norms.histogram[static_cast<std::size_t>(std::clamp(bin, 0.0, last))];
    });
    if (!isDone)
        return stoppedError();
    return std::optional(std::move(norms));
}

} // namespace embedscope
