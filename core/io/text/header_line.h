#pragma once

#include "core/io/text/column_facts.h"

namespace embedscope {

/// Whether the first record counts rows and dimensions, "10000<TAB>100", as word2vec does with
/// spaces.
bool isCountLine(const Records& records);

/// Whether record `at` names the columns of those after it: none of its cells in columns of numbers
/// is a number, or it numbers the columns as pandas does for a bare matrix.
bool isHeaderLine(const Records& records, std::size_t at);

} // namespace embedscope
