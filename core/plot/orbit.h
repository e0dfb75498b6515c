#pragma once

#include "core/plot/camera.h"

#include <array>

namespace embedscope {

/// A place in a layout of three dimensions.
struct SpacePoint
{
    double x = 0, y = 0, z = 0;
};

/// How far a cloud of three dimensions reaches.
struct SpaceExtent
{
    /// Of the smallest ball round all points, or nearly so. Rounded, so that places relative to it
    /// are the same in single and in double precision.
    std::array<float, 3> center{};
    double radius = 0; ///< No point lies farther from the centre.
    std::array<float, 3> mean{}; ///< Of all points.
    double bulk = 0; ///< Nineteen of twenty points lie nearer to the mean: depth is shown over it.

    SpacePoint middle() const { return {center[0], center[1], center[2]}; }
    SpacePoint meanPoint() const { return {mean[0], mean[1], mean[2]}; }
    bool operator==(const SpaceExtent&) const = default;
};

/// From which side a cloud is looked at: a rotation about its centre. Unturned, the layout's first
/// axis runs to the right, the second up and the third towards the eye. A value.
class Turn
{
public:
    Turn() = default;
    /// azimuth    degrees that the eye goes round the cloud to the right.
    /// elevation  degrees that it rises.
    static Turn fromAngles(double azimuth, double elevation);
    /// From where a map is first seen: all three axes can be told apart.
    static Turn standard() { return fromAngles(kStandardAzimuth, kStandardElevation); }
    static constexpr double kStandardAzimuth = 30;
    static constexpr double kStandardElevation = 20;

    /// Turns as a drag over the front of the cloud does: what is near moves to the right and down.
    /// In radians. Any side can be reached from any other.
    void turn(double rightward, double downward);

    /// A direction of the layout as (to the right, up, towards the eye).
    SpacePoint apply(const SpacePoint& p) const;
    /// Rows: the directions to the right, up and towards the eye; orthonormal.
    const std::array<double, 9>& rows() const { return m_rows; }

    bool operator==(const Turn&) const = default;

private:
    void makeOrthonormal();

    std::array<double, 9> m_rows = {1, 0, 0, 0, 1, 0, 0, 0, 1};
};

/// A turned cloud as an eye sees it: every point on the plane through the cloud's centre, in a
/// gentle perspective. On that plane the map of three dimensions is like one of two: a Camera says
/// which part of it is seen, and zooming enlarges the picture without moving the eye. A value.
class SpaceView
{
public:
    /// Distance of the eye from the centre, in radii: far enough that nothing looks bent.
    static constexpr double kEyeDistance = 3.5;

    SpaceView() = default;
    SpaceView(const Turn& turn, const SpaceExtent& extent);

    const Turn& turn() const { return m_turn; }
    const SpaceExtent& extent() const { return m_extent; }
    /// Where a place of the layout is seen: on the plane (y upwards, the centre at the origin, the
    /// layout's units), and how far towards the eye it lies, from -1 to 1 over the cloud.
    struct Seen
    {
        double x = 0, y = 0;
        double nearness = 0;
    };
    Seen place(const SpacePoint& p) const;
    /// On the plane; holds every point from whatever side the cloud is seen, so that it does not
    /// change as the cloud turns.
    MapRect bounds() const;

    bool operator==(const SpaceView&) const = default;

private:
    Turn m_turn;
    SpaceExtent m_extent;
};

} // namespace embedscope
