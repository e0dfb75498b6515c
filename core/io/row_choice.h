#pragma once

#include "core/base/index.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace embedscope {

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

} // namespace embedscope
