#include "core/data/row_subset.h"

#include "core/base/random.h"
#include "core/base/text.h"

#include <algorithm>
#include <cassert>

namespace embedscope {

RowSubset RowSubset::all(Index total)
{
    return range(total, 0, total);
}

RowSubset RowSubset::range(Index total, Index first, Index last)
{
    assert(first >= 0 && first <= last && last <= total);
    RowSubset subset;
    subset.m_total = total;
    subset.m_first = first;
    subset.m_count = last - first;
    return subset;
}

RowSubset RowSubset::sample(Index total, Index count, std::uint64_t seed)
{
    assert(total < static_cast<Index>(kNoPoint));
    if (count >= total)
        return all(total);
    RowSubset subset;
    subset.m_total = total;
    subset.m_ids = std::make_shared<const std::vector<PointId>>(Random(seed).sample(total, count));
    subset.m_seed = seed;
    return subset;
}

Index RowSubset::before(Index fileRow) const
{
    if (!m_ids)
        return std::clamp<Index>(fileRow - m_first, 0, m_count);
    const auto at = std::lower_bound(m_ids->begin(), m_ids->end(), fileRow,
        [](PointId id, Index row) { return static_cast<Index>(id) < row; });
    return at - m_ids->begin();
}

RowSubset RowSubset::without(const std::vector<Index>& positions) const
{
    if (positions.empty())
        return *this;
    auto kept = std::make_shared<std::vector<PointId>>();
    auto gone = positions.begin();
    for (Index i = 0; i < count(); ++i) {
        if (gone != positions.end() && *gone == i)
            ++gone;
        else
            kept->push_back(static_cast<PointId>((*this)[i]));
    }
    RowSubset subset = *this;
    subset.m_ids = std::move(kept);
    return subset;
}

RowSubset RowSubset::firstOf(Index total) const
{
    RowSubset subset = *this;
    const Index kept = before(total);
    subset.m_total = total;
    if (m_ids) {
        subset.m_ids = std::make_shared<const std::vector<PointId>>(
            m_ids->begin(), m_ids->begin() + static_cast<std::ptrdiff_t>(kept));
    } else {
        subset.m_count = kept;
    }
    return subset;
}

std::string RowSubset::description() const
{
    const std::string of = " of " + formatCount(m_total);
    if (m_seed) {
        return "a random sample of " + formatCount(count()) + of + " rows, seed "
            + std::to_string(*m_seed);
    }
    if (count() == 0)
        return "no rows" + of;
    return "rows " + formatCount((*this)[0]) + " to " + formatCount((*this)[count() - 1]) + of;
}

} // namespace embedscope
