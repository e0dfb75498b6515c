#include "ui/panels/selection_summary.h"

#include "core/base/text.h"
#include "ui/convert.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr std::size_t kMostColumns = 30;
constexpr std::size_t kMostCategories = 3;

struct Summary
{
    Q_DECLARE_TR_FUNCTIONS(Summary)
};

/// Least, mean and largest of what is finite.
struct Range
{
    double least = HUGE_VAL;
    double largest = -HUGE_VAL;
    double sum = 0;
    Index count = 0;

    void add(double value)
    {
        if (!std::isfinite(value))
            return;
        least = std::min(least, value);
        largest = std::max(largest, value);
        sum += value;
        ++count;
    }
    QString text() const
    {
        if (count == 0)
            return Summary::tr("no values");
        return Summary::tr("%1 to %2, mean %3")
            .arg(numberText(least), numberText(largest),
                numberText(sum / static_cast<double>(count)));
    }
};

QString categoriesText(const CategoryValues& values, const PointSet& points)
{
    std::vector<Index> counts(values.categories.size() + 1);
    points.forEach([&](PointId id) {
        const auto code = values.codes[id];
        ++counts[code < 0 ? counts.size() - 1 : static_cast<std::size_t>(code)];
    });
    std::vector<std::size_t> order;
    for (std::size_t c = 0; c + 1 < counts.size(); ++c) {
        if (counts[c] > 0)
            order.push_back(c);
    }
    std::stable_sort(order.begin(), order.end(),
        [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
    QStringList parts;
    for (std::size_t i = 0; i < std::min(order.size(), kMostCategories); ++i) {
        parts << Summary::tr("%1 (%2)").arg(toQString(values.categories[order[i]]).toHtmlEscaped(),
            toQString(formatCount(counts[order[i]])));
    }
    if (order.size() > kMostCategories)
        parts << Summary::tr("%1 more").arg(order.size() - kMostCategories);
    if (counts.back() > 0)
        parts << Summary::tr("no value (%1)").arg(toQString(formatCount(counts.back())));
    return parts.join(QStringLiteral(", "));
}

QString line(const QString& name, const QString& text)
{
    return QStringLiteral("<b>%1</b>: %2").arg(name.toHtmlEscaped(), text);
}

} // namespace

QString numberText(double value)
{
    return QString::number(value, 'g', 6);
}

double vectorNorm(const Dataset& dataset, PointId point)
{
    double sum = 0;
    RowRoom room;
    for (const float value : dataset.vectors().rowSpan(point, room))
        sum += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(sum);
}

Result<QStringList> summarize(
    const Dataset& dataset, const PointSet& points, const Progress& progress)
{
    QStringList lines;
    Index unusable = 0;
    Range norms;
    Index seen = 0;
    points.forEach([&](PointId id) {
        if (++seen % 4096 == 0 && progress.stopRequested())
            return;
        if (!progress.stopRequested())
            norms.add(vectorNorm(dataset, id));
        unusable += dataset.isUsable(id) ? 0 : 1;
    });
    if (progress.stopRequested())
        return stoppedError();
    lines << line(Summary::tr("Norm"), norms.text());
    if (unusable > 0)
        lines << Summary::tr("%1 of them hold values that are not finite.")
                     .arg(toQString(formatCount(unusable)));
    for (std::size_t c = 0; c < std::min(dataset.columns().size(), kMostColumns); ++c) {
        if (progress.stopRequested())
            return stoppedError();
        const Column& column = dataset.columns()[c];
        const QString name = toQString(column.name());
        if (const auto* categories = column.asCategory()) {
            lines << line(name, categoriesText(*categories, points));
        } else if (const auto* numbers = column.asNumber()) {
            Range range;
            points.forEach([&](PointId id) { range.add(numbers->values[id]); });
            lines << line(name, range.text());
        }
    }
    return lines;
}

} // namespace embedscope::ui
