#include "ui/workspace/run_estimates.h"

#include "ui/convert.h"

#include <QCoreApplication>
#include <QSettings>
#include <algorithm>
#include <cmath>

namespace embedscope::ui {

namespace {

constexpr double kShortest = 0.2; ///< Seconds below which a run tells more of chance than of speed.
constexpr double kWeight = 0.4; ///< Of the newest run against all before it.
constexpr double kMostRatio = 100;

QString settingOf(const std::string& method)
{
    return QStringLiteral("projection/ratio/") + toQString(method);
}

} // namespace

double RunEstimates::ratio(const std::string& method) const
{
    const double stored = QSettings().value(settingOf(method), 1.0).toDouble();
    return stored > 0 ? std::clamp(stored, 1 / kMostRatio, kMostRatio) : 1.0;
}

std::optional<double> RunEstimates::seconds(
    const Dataset& dataset, const ProjectionRequest& request) const
{
    const auto reference = estimateSeconds(dataset, request);
    if (!reference || !std::isfinite(*reference))
        return std::nullopt;
    return std::max(0.0, *reference) * ratio(request.method);
}

void RunEstimates::learn(const std::string& method, double expected, double actual)
{
    if (!(actual >= kShortest) || !(expected > 0) || !std::isfinite(actual / expected)
        || QCoreApplication::organizationName().isEmpty())
        return;
    const double now = std::clamp(actual / expected, 1 / kMostRatio, kMostRatio);
    QSettings settings;
    const QString key = settingOf(method);
    // Ratios multiply: half as long and twice as long cancel out.
    const double smoothed = settings.contains(key)
        ? std::exp((1 - kWeight) * std::log(ratio(method)) + kWeight * std::log(now))
        : now;
    settings.setValue(key, smoothed);
}

} // namespace embedscope::ui
