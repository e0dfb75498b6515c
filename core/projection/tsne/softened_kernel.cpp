#include "core/projection/tsne/softened_kernel.h"

#include <cmath>
#include <cstddef>

namespace embedscope {

SoftenedKernel::SoftenedKernel(double dof, double cutoffDistance)
    : degreesOfFreedom(dof)
    , cutoff(cutoffDistance)
{
    double term = whole(cutoff * cutoff);
    for (int k = 0; k < kTerms; ++k) {
        terms.at(static_cast<std::size_t>(k)) = term;
        term *= (dof + k) / (k + 1);
    }
}

double SoftenedKernel::whole(double square) const
{
    const double base = 1 + square / degreesOfFreedom;
    return degreesOfFreedom == 1 ? 1 / base : std::pow(base, -degreesOfFreedom);
}

double SoftenedKernel::far(double square) const
{
    const double limit = cutoff * cutoff;
    if (square >= limit)
        return whole(square);
    const double q = (limit - square) / (limit + degreesOfFreedom);
    double sum = 0;
    for (int k = kTerms - 1; k >= 0; --k)
        sum = sum * q + terms.at(static_cast<std::size_t>(k));
    return sum;
}

} // namespace embedscope
