#include "ui/charts/axis_ticks.h"

#include <algorithm>
#include <cmath>

namespace embedscope::ui {

double roundStep(double span, int count)
{
    const double rough = span / std::max(1, count);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double mantissa = rough / power;
    if (mantissa <= 1.0 + 1e-9)
        return power;
    if (mantissa <= 2.0 + 1e-9)
        return 2 * power;
    return mantissa <= 5.0 + 1e-9 ? 5 * power : 10 * power;
}

QString tickFormat(double step, double largest)
{
    if (largest >= 1e6 || step < 1e-4)
        return QStringLiteral("%.3g");
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    return QStringLiteral("%.%1f").arg(decimals);
}

} // namespace embedscope::ui
