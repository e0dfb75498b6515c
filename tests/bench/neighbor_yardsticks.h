#pragma once

#include "core/data/matrix.h"

#include <vector>

namespace embedscope {

/// What others find: the distances of the k nearest of each row, n x k, ascending, self left out.
/// Empty where the library was not there when this was built.

/// M 16, efConstruction 100, ef as wide as k needs; inserted on all threads.
std::vector<float> hnswlibValues(MatrixView points, Index k);

/// An inverted file of sqrt(n) lists, of which 16 are searched; on threads of its own.
std::vector<float> faissValues(MatrixView points, Index k);

/// The sum of all values, on all threads: one read of the table.
double sumOfAll(MatrixView points);

} // namespace embedscope
