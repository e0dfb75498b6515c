#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"

#include <memory>
#include <string>
#include <vector>

namespace embedscope {

/// Several tables of one width as one: the rows of the first, then those of the second, and so on,
/// so that row numbers of the first stay what they were.
///
/// Columns of the same name become one; where their kinds differ, one of text. Their label columns
/// become one, too, whatever they are called. A category column "source" (or with a number, where
/// that name is taken) tells the table of each row; a part that is itself a joined table keeps its
/// sources. Columns with places for the points are dropped as such, for they belong to different
/// maps. Warnings and notes are told with the table they are about.
///
/// parts    at least one; none null.
/// names    what each is called, such as its file's name; made different where they are not.
/// returns  InvalidArgument where widths differ (the sentence names them), TooLarge, also where a
///          MemoryBudget of this thread does not admit the joined table, OutOfMemory, Stopped.
/// cost     one copy of the values, as float32; the matrix is allocated once.
Result<Table> joinedTable(const std::vector<std::shared_ptr<const Dataset>>& parts,
    const std::vector<std::string>& names, const Progress& progress);

/// The same, checked as a whole. The values are kept as float16 where those of all parts are.
Result<std::shared_ptr<const Dataset>> joinDatasets(
    const std::vector<std::shared_ptr<const Dataset>>& parts, const std::vector<std::string>& names,
    const Progress& progress);

} // namespace embedscope
