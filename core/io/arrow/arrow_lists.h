#pragma once

#include "core/io/arrow/arrow_values.h"

#include <vector>

namespace embedscope {

/// Where the lists of a batch lie in the values of their child.
struct ArrowLists
{
    /// [begin, end) of each row, or empty where `length` says it all.
    std::vector<std::pair<Index, Index>> ranges;
    Index length = 0; ///< Of a FixedList: row i lies at i * length.
    Index least = 0; ///< The stretch of the child that rows lie in.
    Index most = 0;
    bool isRegular = false; ///< Row i lies at least + i * length.

    std::pair<Index, Index> of(Index row) const
    {
        return isRegular ? std::pair(least + row * length, least + (row + 1) * length)
                         : ranges[static_cast<std::size_t>(row)];
    }
};

/// Of rows [0, count) of a list node; every range is proved to lie in the child.
Result<ArrowLists> readArrowLists(const ArrowFile& file, const ArrowValues& values,
    const ArrowBatch& batch, std::size_t node, Index count);

} // namespace embedscope
