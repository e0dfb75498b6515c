#pragma once

#include "core/base/index.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace embedscope {

/// Which rows of a file's table are open where not all of them are: a range, or a seeded random
/// sample. Rows count from 0 and ascend. A value; the ids of a sample are shared.
class RowSubset
{
public:
    RowSubset() = default;
    static RowSubset all(Index total);
    /// [first, last), 0 <= first <= last <= total.
    static RowSubset range(Index total, Index first, Index last);
    /// `count` rows drawn without replacement; all of them where count >= total. total < 2^32.
    /// Same rows for the same seed on every machine. Time and memory O(count).
    static RowSubset sample(Index total, Index count, std::uint64_t seed);

    Index total() const { return m_total; }
    Index count() const { return m_ids ? static_cast<Index>(m_ids->size()) : m_count; }
    bool isAll() const { return count() == m_total; }
    bool isRange() const { return !m_ids; }
    /// The row of the file that is the i-th of these.
    Index operator[](Index i) const
    {
        return m_ids ? static_cast<Index>((*m_ids)[static_cast<std::size_t>(i)]) : m_first + i;
    }
    /// How many of these lie before that row of the file.
    Index before(Index fileRow) const;
    /// The same without some of these, ascending: rows that turned out to be none.
    RowSubset without(const std::vector<Index>& positions) const;
    /// The same of a table that turned out to have fewer rows than was thought.
    RowSubset firstOf(Index total) const;
    /// "a random sample of 100,000 of 5,000,000 rows, seed 1"; "rows 0 to 99 of 5,000,000".
    std::string description() const;

private:
    Index m_total = 0;
    Index m_first = 0;
    Index m_count = 0;
    std::shared_ptr<const std::vector<PointId>> m_ids; ///< Null for a range.
    std::optional<std::uint64_t> m_seed;
};

} // namespace embedscope
