#include "ui/panels/time_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("TimeText", text);
}

/// To the nearest of 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 60: nobody knows it better.
int roundedCount(double count)
{
    constexpr int steps[] = {1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 30, 40, 50};
    return *std::min_element(std::begin(steps), std::end(steps), [count](int a, int b) {
        return std::abs(std::log(a / count)) < std::abs(std::log(b / count));
    });
}

} // namespace

QString aboutTime(double seconds)
{
    constexpr double minute = 60;
    constexpr double hour = 3600;
    if (!(seconds >= 0.8))
        return tr("less than a second");
    if (seconds < 55) {
        const int count = roundedCount(seconds);
        return count == 1 ? tr("about a second") : tr("about %1 seconds").arg(count);
    }
    if (seconds < 55 * minute) {
        const int count = roundedCount(seconds / minute);
        return count == 1 ? tr("about a minute") : tr("about %1 minutes").arg(count);
    }
    if (seconds < 48 * hour) {
        const int count = static_cast<int>(std::max(1.0, std::round(seconds / hour)));
        return count == 1 ? tr("about an hour") : tr("about %1 hours").arg(count);
    }
    return tr("more than two days");
}

QString elapsedTime(double seconds)
{
    if (seconds < 60)
        return tr("%1 s").arg(QLocale().toString(std::max(0.0, seconds), 'f', 1));
    const auto whole = static_cast<qint64>(std::min(seconds, 1e9));
    const auto two
        = [](qint64 number) { return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0')); };
    if (whole < 3600)
        return QStringLiteral("%1:%2").arg(whole / 60).arg(two(whole % 60));
    return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(two(whole / 60 % 60), two(whole % 60));
}

} // namespace embedscope::ui
