#include "core/plot/coloring.h"

#include "core/plot/palette.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace embedscope {

namespace {

constexpr int kGradientSteps = 256;

/// Gives the code after the palette's last to missing values and adds their row to the legend.
void addMissing(Coloring& coloring, Index count, Theme theme)
{
    if (count == 0)
        return;
    coloring.missingCode = static_cast<std::uint16_t>(coloring.palette.size());
    coloring.palette.push_back(missingColor(theme));
    coloring.legend.push_back(
        {std::string(), missingColor(theme), count, coloring.missingCode, true});
}

Coloring byCategory(const CategoryValues& values, Theme theme)
{
    const std::size_t categories = values.categories.size();
    std::vector<Index> counts(categories, 0);
    Index missing = 0;
    for (const std::int32_t code : values.codes) {
        if (code < 0)
            ++missing;
        else
            ++counts[static_cast<std::size_t>(code)];
    }
    std::vector<std::size_t> order(categories);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
        [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });

    Coloring coloring;
    const std::vector<Rgba>& colors = categoryPalette(theme);
    const std::size_t named = std::min<std::size_t>(categories, kMaxCategoryColors);
    std::vector<std::uint16_t> codeOf(categories, static_cast<std::uint16_t>(named));
    for (std::size_t rank = 0; rank < named; ++rank) {
        const std::size_t category = order[rank];
        const auto code = static_cast<std::uint16_t>(rank);
        codeOf[category] = code;
        coloring.palette.push_back(colors[rank]);
        coloring.legend.push_back(
            {values.categories[category], colors[rank], counts[category], code, false});
    }
    if (named < categories) {
        Index rest = 0;
        for (std::size_t rank = named; rank < categories; ++rank)
            rest += counts[order[rank]];
        coloring.palette.push_back(otherColor(theme));
        coloring.legend.push_back(
            {"other", otherColor(theme), rest, static_cast<std::uint16_t>(named), false});
    }
    addMissing(coloring, missing, theme);
    coloring.codes.reserve(values.codes.size());
    for (const std::int32_t code : values.codes)
        coloring.codes.push_back(
            code < 0 ? coloring.missingCode : codeOf[static_cast<std::size_t>(code)]);
    return coloring;
}

Coloring byGradient(const NumberValues& numbers, Theme theme)
{
    Coloring coloring;
    coloring.isGradient = true;
    coloring.minimum = std::numeric_limits<double>::infinity();
    coloring.maximum = -std::numeric_limits<double>::infinity();
    Index missing = 0;
    for (const double value : numbers.values) {
        if (std::isfinite(value)) {
            coloring.minimum = std::min(coloring.minimum, value);
            coloring.maximum = std::max(coloring.maximum, value);
        } else if (std::isnan(value)) {
            ++missing;
        }
    }
    if (coloring.minimum > coloring.maximum) {
        coloring.minimum = 0;
        coloring.maximum = 0;
    }
    for (int step = 0; step < kGradientSteps; ++step)
        coloring.palette.push_back(gradientColor(step / (kGradientSteps - 1.0), theme));
    addMissing(coloring, missing, theme);

    // Halved, so that the range of the largest numbers does not overflow.
    const double halfRange = coloring.maximum / 2 - coloring.minimum / 2;
    coloring.codes.reserve(numbers.values.size());
    for (const double value : numbers.values) {
        if (std::isnan(value)) {
            coloring.codes.push_back(coloring.missingCode);
            continue;
        }
        // Infinite values take the end they point to; a constant column takes the middle.
        double t = 0.5;
        if (value < coloring.minimum)
            t = 0;
        else if (value > coloring.maximum)
            t = 1;
        else if (halfRange > 0)
            t = (value / 2 - coloring.minimum / 2) / halfRange;
        coloring.codes.push_back(static_cast<std::uint16_t>(std::lround(t * (kGradientSteps - 1))));
    }
    return coloring;
}

} // namespace

Coloring plainColoring(Index n, Theme theme)
{
    Coloring coloring;
    coloring.codes.assign(static_cast<std::size_t>(std::max<Index>(0, n)), 0);
    coloring.palette = {plainColor(theme)};
    return coloring;
}

Coloring colorByColumn(const Column& column, ColorMode mode, Theme theme)
{
    if (column.kind() == ColumnKind::Image)
        return plainColoring(column.size(), theme);
    if (mode == ColorMode::Gradient || (mode == ColorMode::Auto && column.asNumber() != nullptr)) {
        if (const NumberValues* numbers = column.asNumber())
            return byGradient(*numbers, theme);
        if (const auto numbers = toNumbers(column))
            return byGradient(*numbers, theme);
    }
    if (const CategoryValues* categories = column.asCategory())
        return byCategory(*categories, theme);
    return byCategory(toCategories(column), theme);
}

std::vector<Rgba> gradientRamp(int n, Theme theme)
{
    std::vector<Rgba> ramp;
    for (int i = 0; i < n; ++i)
        ramp.push_back(gradientColor(n > 1 ? i / (n - 1.0) : 0.5, theme));
    return ramp;
}

} // namespace embedscope
