#pragma once

#include <span>

namespace embedscope {

/// A rectangle of the map, in its own units; y grows upwards.
struct MapRect
{
    double left = 0, bottom = 0, right = 0, top = 0;

    double width() const { return right - left; }
    double height() const { return top - bottom; }
    double centerX() const { return left + width() / 2; }
    double centerY() const { return bottom + height() / 2; }
    bool operator==(const MapRect&) const = default;
};

struct MapPoint
{
    double x = 0, y = 0;
};

/// Which part of the map is seen in a plot area of a given size: one scale for both directions, so
/// that distances stay true. Pixels are the caller's (device-independent ones on a screen), counted
/// from the top left corner of the plot area, y downwards. A value without side effects.
class Camera
{
public:
    Camera() = default;
    /// Width and height of the plot area; at least 1 each.
    Camera(double widthPx, double heightPx);

    double widthPx() const { return m_width; }
    double heightPx() const { return m_height; }
    /// Pixels for one unit of the map.
    double scale() const { return m_scale; }
    MapPoint center() const { return {m_centerX, m_centerY}; }
    MapRect visible() const;

    MapPoint toMap(double xPx, double yPx) const;
    MapPoint toPixels(double x, double y) const;

    /// Shows the whole of `bounds`, with marginPx free on every side. Bounds without extent are
    /// shown centred at a scale that leaves room round them.
    void fit(const MapRect& bounds, double marginPx);
    /// Moves what is seen by that many pixels: a drag to the right shows what lies to the left.
    void pan(double dxPx, double dyPx);
    /// factor > 1 zooms in. The point of the map under (xPx, yPx) stays there.
    void zoomAt(double xPx, double yPx, double factor);
    /// Brings that point of the map into the middle.
    void centerOn(double x, double y);
    /// The plot area changed its size: the middle and the scale stay.
    void resize(double widthPx, double heightPx);
    /// Shows exactly this part, or a little more in one direction where the shapes differ.
    void show(const MapRect& rect) { fit(rect, 0); }

    bool operator==(const Camera&) const = default;

private:
    double m_width = 1;
    double m_height = 1;
    double m_centerX = 0;
    double m_centerY = 0;
    double m_scale = 1;
    /// Scale of the last fit: zoom is limited relative to it.
    double m_fitScale = 1;
};

/// Round tick values inside [low, high]: multiples of 1, 2 or 5 times a power of ten, about
/// `wanted` of them. Empty where the range is empty.
struct Ticks
{
    double first = 0;
    double step = 0; ///< 0 where there are none.
    int count = 0;
    int decimals = 0; ///< That numbers need to be told apart.
};
Ticks roundTicks(double low, double high, int wanted);

} // namespace embedscope
