#include "core/plot/camera.h"

#include <algorithm>
#include <cmath>

namespace embedscope {

namespace {

/// How far zoom goes in and out, relative to the fit. Coordinates are float32: a hundred thousand
/// times is where their grid begins to show.
constexpr double kZoomIn = 1e5;
constexpr double kZoomOut = 1.0 / 50;

} // namespace

Camera::Camera(double widthPx, double heightPx)
    : m_width(std::max(1.0, widthPx))
    , m_height(std::max(1.0, heightPx))
{
}

MapRect Camera::visible() const
{
    const double w = m_width / m_scale / 2;
    const double h = m_height / m_scale / 2;
    return {m_centerX - w, m_centerY - h, m_centerX + w, m_centerY + h};
}

MapPoint Camera::toMap(double xPx, double yPx) const
{
    return {m_centerX + (xPx - m_width / 2) / m_scale, m_centerY - (yPx - m_height / 2) / m_scale};
}

MapPoint Camera::toPixels(double x, double y) const
{
    return {m_width / 2 + (x - m_centerX) * m_scale, m_height / 2 - (y - m_centerY) * m_scale};
}

void Camera::fit(const MapRect& bounds, double marginPx)
{
    const double w = std::max(1.0, m_width - 2 * marginPx);
    const double h = std::max(1.0, m_height - 2 * marginPx);
    m_centerX = bounds.centerX();
    m_centerY = bounds.centerY();
    double boundsWidth = bounds.width();
    double boundsHeight = bounds.height();
    // One point, or many in one place: as much room as their distance from the origin suggests.
    const double tiny = 1e-6 * std::max({std::abs(m_centerX), std::abs(m_centerY), 1e-30});
    if (!(boundsWidth > tiny) && !(boundsHeight > tiny)) {
        boundsWidth = boundsHeight = std::max({std::abs(m_centerX), std::abs(m_centerY), 1.0});
    }
    m_scale = std::min(w / std::max(boundsWidth, tiny), h / std::max(boundsHeight, tiny));
    m_fitScale = m_scale;
}

void Camera::pan(double dxPx, double dyPx)
{
    m_centerX -= dxPx / m_scale;
    m_centerY += dyPx / m_scale;
}

void Camera::zoomAt(double xPx, double yPx, double factor)
{
    const MapPoint fixed = toMap(xPx, yPx);
    m_scale = std::clamp(m_scale * factor, m_fitScale * kZoomOut, m_fitScale * kZoomIn);
    m_centerX = fixed.x - (xPx - m_width / 2) / m_scale;
    m_centerY = fixed.y + (yPx - m_height / 2) / m_scale;
}

void Camera::centerOn(double x, double y)
{
    m_centerX = x;
    m_centerY = y;
}

void Camera::resize(double widthPx, double heightPx)
{
    m_width = std::max(1.0, widthPx);
    m_height = std::max(1.0, heightPx);
}

Ticks roundTicks(double low, double high, int wanted)
{
    Ticks ticks;
    const double range = high - low;
    if (!(range > 0) || !std::isfinite(range) || wanted < 1)
        return ticks;
    const double raw = range / wanted;
    const double exponent = std::floor(std::log10(raw));
    const double power = std::pow(10.0, exponent);
    const double mantissa = raw / power;
    const double nice = mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10;
    const double step = nice * power;
    const double firstIndex = std::ceil(low / step - 1e-9);
    const double lastIndex = std::floor(high / step + 1e-9);
    if (!(lastIndex >= firstIndex))
        return ticks;
    ticks.step = step;
    ticks.first = firstIndex * step;
    ticks.count = static_cast<int>(lastIndex - firstIndex) + 1;
    ticks.decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
    return ticks;
}

} // namespace embedscope
