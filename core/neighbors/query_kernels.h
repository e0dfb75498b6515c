#pragma once

#include "core/base/index.h"
#include "core/neighbors/metric.h"

namespace embedscope {

/// The loops of one query against a whole table, at the speed at which memory is read: scores in
/// float32, higher is nearer. Dispatched at run time.
///
///   cosine     q.x / |x|      squares[i] = |x|^2
///   dot        q.x            squares[i] = |x|^2
///   Euclidean  -|q - x|^2     squares is not used
///   Manhattan  -sum |q - x|   squares is not used
///
/// rows    `count` rows of d values that follow each other.
/// scores, squares   room for `count`.
void scoreRows(Metric metric, const float* rows, Index count, Index d, const float* query,
    float* scores, float* squares);

/// Longest chain of roundings on the way of a term into its sum, for rows of d values.
double roundingSteps(Index d);

} // namespace embedscope
