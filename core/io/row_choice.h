#pragma once

#include "core/base/index.h"
#include "core/base/result.h"
#include "core/data/row_subset.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace embedscope {

struct Table;

/// Which rows of a table are read, where not all of them are: a range, or a random sample. At most
/// one of the two is set.
struct RowChoice
{
    /// [first, last), cut at the table's end.
    std::optional<std::pair<Index, Index>> range;
    /// So many rows drawn without replacement, in file order; 0: no sample.
    Index sample = 0;
    std::uint64_t seed = 0; ///< Of the sample.

    bool isAll() const { return !range && sample == 0; }
};

/// The choice for a table of `total` rows. The same every time it is asked, so that who reads the
/// values and who reads the labels need not talk. InvalidArgument where a range begins behind the
/// last row.
Result<RowSubset> chosenRows(const RowChoice& choice, Index total, const std::string& path);

/// Makes the table one of the chosen rows alone. A reader may have left that wholly to this
/// function (provenance.rows is not set: everything is cut), or have read the chosen vectors and
/// set provenance.rows; its columns are cut where they are as long as the file's table. Adds the
/// column kFileRowColumn, and a note that says which rows these are.
Status applyRowChoice(const RowChoice& choice, Table& table, const std::string& path);

/// The number column that tells the rows of the file, where not all of them are open.
inline constexpr const char* kFileRowColumn = "file row";

} // namespace embedscope
