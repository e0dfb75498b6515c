#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/layout.h"

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace embedscope {

/// What every file is written by, and the files of layouts. Tables are written by writers.h.

/// Writes a file so that the old one stands until the new one is whole: into a temporary beside
/// it, flushed, then renamed. On failure or stop the old file is untouched and nothing is left.
/// A fault of writing that names no path is given this one.
Status writeAtomically(
    const std::string& path, const std::function<Status(std::ostream& out)>& write);

/// n x d float32, C order, version 1.0.
Status writeNpy(const std::string& path, MatrixView matrix, const Progress& progress);

/// Writes a layout by the extension: .npy (n x dims float32), .csv or .tsv (label,x,y[,z], with the
/// rows in file order; rows left out are NaN). InvalidArgument for another extension.
Status writeLayout(const std::string& path, const Dataset& dataset, const Layout& layout,
    const Progress& progress);

/// Reads what writeLayout() wrote (or any n x 2 or n x 3 table of numbers) as the map of a dataset.
/// Rows that are not finite count as left out. Malformed where the number of rows differs.
Result<Layout> readLayout(
    const std::string& path, const Dataset& dataset, const Progress& progress);

} // namespace embedscope
