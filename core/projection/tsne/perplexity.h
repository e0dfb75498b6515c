#pragma once

#include "core/neighbors/metric.h"

#include <span>

namespace embedscope {

/// How much less near each neighbour is than the nearest: what the exponent of t-SNE's Gaussian is
/// made of. For distances the difference of squares (van der Maaten and Hinton 2008, eq. 1), for
/// similarities the difference itself, which makes a softmax of them. Divided by the largest
/// square, or similarity by magnitude, so that nothing overflows; the scale does not change
/// probabilities of a given perplexity.
///
/// values   of the metric, nearest first, finite.
/// excess   as many; >= 0.
void excessOf(std::span<const float> values, Metric metric, std::span<double> excess);

/// Conditional probabilities p_j|i of one row: exp(-beta excess), where beta is such that the
/// perplexity is as asked, found by Newton's method inside a bisection.
///
/// excess         at least one, finite, the smallest 0.
/// perplexity     1 <= perplexity < number of neighbours.
/// probabilities  as many; they sum to 1.
/// returns        the perplexity reached: within 1e-6 of the asked, relatively, but for rows whose
///                nearest neighbours are so many ties that no width reaches it.
double conditionalProbabilities(
    std::span<const double> excess, double perplexity, std::span<double> probabilities);

} // namespace embedscope
