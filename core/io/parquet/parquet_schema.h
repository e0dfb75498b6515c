#pragma once

#include "core/base/result.h"
#include "core/io/parquet/parquet_footer.h"

#include <string>
#include <vector>

namespace embedscope {

/// A column of values: a leaf of the schema, and what stands between it and the rows.
struct ParquetLeaf
{
    std::string name; ///< As a person calls it: "s.emb" for a list in a structure.
    ParquetNode node;
    int maxDefinition = 0;
    int maxRepetition = 0;
    /// Of the repeated node: entries with a smaller level are empty or missing lists.
    int repeatedDefinition = 0;
    std::string unread; ///< Why it is neither a column nor a list of values; else empty.

    bool isList() const { return maxRepetition == 1; }
};

/// The leaves of the schema in the order of the column chunks, structures flattened. Lists are
/// found by their shape, whichever of the layouts in use they have: three levels, two levels, a
/// bare repeated field (parquet-format, LogicalTypes.md, "Lists").
Result<std::vector<ParquetLeaf>> parquetLeaves(
    const std::vector<ParquetNode>& nodes, const std::string& path);

} // namespace embedscope
