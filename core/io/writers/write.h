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

/// Writes a file so that the old one stands until the new one is whole: into a temporary beside
/// it, flushed, then renamed. On failure or stop the old file is untouched and nothing is left.
Status writeAtomically(
    const std::string& path, const std::function<Status(std::ostream& out)>& write);

/// n x d float32, C order, version 1.0.
Status writeNpy(const std::string& path, MatrixView matrix, const Progress& progress);

/// Vectors as TSV without header, one row a line, and, where there are columns, a metadata file
/// NAME_metadata.tsv beside it, as the TensorFlow projector reads them. float32 survives exactly.
Status writeProjectorTsv(const std::string& path, const Dataset& dataset, const Progress& progress);

/// Writes a layout by the extension: .npy (n x dims float32), .csv or .tsv (label,x,y[,z], with the
/// rows in file order; rows left out are NaN). InvalidArgument for another extension.
Status writeLayout(const std::string& path, const Dataset& dataset, const Layout& layout,
    const Progress& progress);

/// The rows with all their columns, and their place where a layout is given (may be null), as CSV.
Status writeRows(const std::string& path, const Dataset& dataset, const Layout* layout,
    const std::vector<PointId>& rows, const Progress& progress);

/// A cell for CSV (separator ',') or TSV ('\t'): quoted where it must be; in TSV, tabs and line
/// breaks become spaces.
std::string delimitedCell(std::string_view text, char separator);

/// Reads what writeLayout() wrote (or any n x 2 or n x 3 table of numbers) as the map of a dataset.
/// Rows that are not finite count as left out. Malformed where the number of rows differs.
Result<Layout> readLayout(
    const std::string& path, const Dataset& dataset, const Progress& progress);

} // namespace embedscope
