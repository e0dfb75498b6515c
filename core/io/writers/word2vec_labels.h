#pragma once

#include "core/io/writers/rows_to_write.h"

#include <string>
#include <vector>

namespace embedscope {

/// Labels as word2vec files can hold them: without white space and control characters, which part
/// words and lines there, and never empty.
class Word2VecLabels
{
public:
    explicit Word2VecLabels(const RowsToWrite& rows)
        : m_rows(rows)
    {
    }

    /// The label of the row at place i; white space becomes "_", as is the custom for phrases, and
    /// a row without a label is "row_17".
    std::string at(Index i) const;
    /// A sentence where labels had to be changed, and another where columns are left out.
    void warn(std::string_view format, std::vector<std::string>& warnings) const;

private:
    const RowsToWrite& m_rows;
};

} // namespace embedscope
