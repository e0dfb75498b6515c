#include "core/projection/umap/curve.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace embedscope {

namespace {

constexpr int kSamples = 300;
constexpr double kReach = 3; ///< In spreads.
constexpr int kMaxSteps = 500;

/// The logarithms of a and b, so that both stay positive.
using Logs = std::array<double, 2>;

struct Normal
{
    double squares = 0;
    double aa = 0;
    double ab = 0;
    double bb = 0;
    double ga = 0;
    double gb = 0;
};

double wanted(double distance, double minDistance)
{
    return distance < minDistance ? 1 : std::exp(minDistance - distance);
}

/// Squared residuals, and the normal equations of the step that lowers them.
Normal residuals(const Logs& logs, double minDistance)
{
    const double a = std::exp(logs[0]);
    const double b = std::exp(logs[1]);
    Normal sums;
    for (int i = 0; i < kSamples; ++i) {
        const double x = kReach * i / (kSamples - 1);
        const double power = x > 0 ? std::pow(x * x, b) : 0;
        const double value = 1 / (1 + a * power);
        const double residual = value - wanted(x, minDistance);
        const double byA = -value * value * a * power;
        const double byB = x > 0 ? byA * b * std::log(x * x) : 0;
        sums.squares += residual * residual;
        sums.aa += byA * byA;
        sums.ab += byA * byB;
        sums.bb += byB * byB;
        sums.ga += byA * residual;
        sums.gb += byB * residual;
    }
    return sums;
}

} // namespace

Curve fitCurve(double minDistance, double spread)
{
    const double relative = minDistance / spread;
    Logs logs{0, 0};
    double damping = 1e-3;
    Normal now = residuals(logs, relative);
    for (int step = 0; step < kMaxSteps && damping < 1e12; ++step) {
        const double aa = now.aa * (1 + damping) + 1e-30;
        const double bb = now.bb * (1 + damping) + 1e-30;
        const double determinant = aa * bb - now.ab * now.ab;
        // No step changes a or b by more than a factor of e.
        const double moveA = std::clamp((now.ab * now.gb - bb * now.ga) / determinant, -1.0, 1.0);
        const double moveB = std::clamp((now.ab * now.ga - aa * now.gb) / determinant, -1.0, 1.0);
        const Logs next{
            std::clamp(logs[0] + moveA, -60.0, 60.0), std::clamp(logs[1] + moveB, -4.0, 2.5)};
        const Normal then = residuals(next, relative);
        if (then.squares < now.squares) {
            logs = next;
            now = then;
            damping = std::max(damping / 10, 1e-12);
            if (std::abs(moveA) < 1e-10 && std::abs(moveB) < 1e-10)
                break;
        } else {
            damping *= 10;
        }
    }
    const double b = std::exp(logs[1]);
    return {std::exp(logs[0]) * std::pow(spread, -2 * b), b};
}

} // namespace embedscope
