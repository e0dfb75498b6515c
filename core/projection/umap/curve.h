#pragma once

namespace embedscope {

/// How near two points of a UMAP picture seem: 1 / (1 + a s^b) for the squared distance s between
/// them (McInnes 2018, section 3.2).
struct Curve
{
    double a = 1;
    double b = 1;
};

/// The smooth curve nearest to the wanted one, which is 1 up to the minimum distance and from there
/// falls as exp(-(distance - minDistance) / spread): least squares by Levenberg and Marquardt over
/// 300 distances from 0 to 3 spreads.
///
/// minDistance  0 <= minDistance.
/// spread       > 0. Distances scale with it, so the fit is made for a spread of 1.
Curve fitCurve(double minDistance, double spread);

} // namespace embedscope
