#pragma once

#include "core/analysis/compared_space.h"
#include "core/base/progress.h"
#include "core/base/random.h"
#include "core/base/result.h"

namespace embedscope {

/// Spearman's rank correlation of two lists of equal length, ties at their mean rank; 0 where all
/// values of one list are equal.
///
/// cost   O(n log n) time, on several threads; the lists are used up. Stopped.
Result<double> rankCorrelation(
    std::vector<double> a, std::vector<double> b, const Progress& progress);

/// Spearman's rank correlation of distances in two spaces of the same rows, over all pairs of at
/// most 1,500 rows, else over a million random ones. n >= 2. Stopped.
Result<double> distanceCorrelation(
    const ComparedSpace& full, const ComparedSpace& map, Random& random, const Progress& progress);

} // namespace embedscope
