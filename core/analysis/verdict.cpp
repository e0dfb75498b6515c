#include "core/analysis/quality.h"
#include "core/base/text.h"

#include <cmath>
#include <string>

namespace embedscope {

namespace {

/// "4 of 10 nearest neighbours stay neighbours"
std::string keptText(const LayoutQuality& quality)
{
    const auto kept = static_cast<int>(std::lround(quality.recall10 * 10));
    std::string text;
    if (kept == 0 && quality.recall10 > 0)
        text = "Fewer than 1 of 10 nearest neighbours stays a neighbour";
    else if (kept == 1)
        text = "1 of 10 nearest neighbours stays a neighbour";
    else
        text = std::to_string(kept) + " of 10 nearest neighbours stay neighbours";
    if (quality.isSampled)
        text += " (of " + formatCount(quality.examined) + " random points)";
    return text;
}

std::string togetherText(const LayoutQuality& quality)
{
    if (quality.trustworthiness12 >= 0.95)
        return "points that lie together belong together";
    if (quality.trustworthiness12 >= 0.85)
        return "most points that lie together belong together";
    return "many points that lie together do not belong together";
}

std::string distancesText(const LayoutQuality& quality)
{
    if (quality.spearman >= 0.8)
        return "distances between groups can be read";
    if (quality.spearman >= 0.5)
        return "distances between groups are a rough hint";
    return "distances between groups are not to be read";
}

/// "the two axes carry 34 % of the variance"
std::string varianceText(const LayoutQuality& quality)
{
    const double percent = *quality.explainedVariance * 100;
    // Never 100 where something is hidden.
    const double shown = percent >= 99.5 && percent < 99.95 ? std::floor(percent * 10) / 10
        : percent >= 9.95                                   ? std::round(percent)
                                                            : std::round(percent * 10) / 10;
    return std::string("the ") + (quality.dimensions == 3 ? "three" : "two") + " axes carry "
        + formatNumber(shown) + " % of the variance";
}

} // namespace

std::string verdict(const LayoutQuality& quality)
{
    if (quality.points < 4)
        return "There are too few points for a word on the picture.";
    std::string text = keptText(quality) + "; " + togetherText(quality) + "; ";
    if (quality.explainedVariance)
        text += varianceText(quality) + "; ";
    return text + distancesText(quality) + '.';
}

} // namespace embedscope
