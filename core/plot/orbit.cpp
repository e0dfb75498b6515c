#include "core/plot/orbit.h"

#include <cmath>
#include <numbers>

namespace embedscope {

Turn Turn::fromAngles(double azimuth, double elevation)
{
    constexpr double perDegree = std::numbers::pi / 180;
    Turn turn;
    turn.turn(-azimuth * perDegree, 0);
    turn.turn(0, elevation * perDegree);
    return turn;
}

void Turn::turn(double rightward, double downward)
{
    if (!std::isfinite(rightward) || !std::isfinite(downward))
        return;
    const double cr = std::cos(rightward);
    const double sr = std::sin(rightward);
    const double cd = std::cos(downward);
    const double sd = std::sin(downward);
    for (std::size_t column = 0; column < 3; ++column) {
        double& right = m_rows[column];
        double& up = m_rows[3 + column];
        double& nearer = m_rows[6 + column];
        const double moved = right * cr + nearer * sr;
        nearer = nearer * cr - right * sr;
        right = moved;
        const double raised = up * cd - nearer * sd;
        nearer = nearer * cd + up * sd;
        up = raised;
    }
    makeOrthonormal();
}

/// Gram and Schmidt: thousands of small turns would else shear the cloud.
void Turn::makeOrthonormal()
{
    double* r = m_rows.data();
    double* u = r + 3;
    double* n = r + 6;
    const auto normalize = [](double* v) {
        const double length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
        for (int i = 0; i < 3; ++i)
            v[i] /= length;
    };
    normalize(r);
    const double along = r[0] * u[0] + r[1] * u[1] + r[2] * u[2];
    for (int i = 0; i < 3; ++i)
        u[i] -= along * r[i];
    normalize(u);
    n[0] = r[1] * u[2] - r[2] * u[1];
    n[1] = r[2] * u[0] - r[0] * u[2];
    n[2] = r[0] * u[1] - r[1] * u[0];
}

SpacePoint Turn::apply(const SpacePoint& p) const
{
    const auto& m = m_rows;
    return {m[0] * p.x + m[1] * p.y + m[2] * p.z, m[3] * p.x + m[4] * p.y + m[5] * p.z,
        m[6] * p.x + m[7] * p.y + m[8] * p.z};
}

SpaceView::SpaceView(const Turn& turn, const SpaceExtent& extent)
    : m_turn(turn)
    , m_extent(extent)
{
}

SpaceView::Seen SpaceView::place(const SpacePoint& p) const
{
    const double radius = m_extent.radius;
    if (!(radius > 0))
        return {};
    const SpacePoint seen = m_turn.apply({(p.x - m_extent.center[0]) / radius,
        (p.y - m_extent.center[1]) / radius, (p.z - m_extent.center[2]) / radius});
    const double enlarged = radius * kEyeDistance / (kEyeDistance - seen.z);
    return {seen.x * enlarged, seen.y * enlarged, seen.z};
}

MapRect SpaceView::bounds() const
{
    // The outline of the sphere round the cloud.
    const double reach
        = m_extent.radius * kEyeDistance / std::sqrt(kEyeDistance * kEyeDistance - 1);
    return {-reach, -reach, reach, reach};
}

} // namespace embedscope
