#include "core/data/point_set.h"

#include <bit>
#include <cassert>

namespace embedscope {

PointSet::PointSet(Index n)
    : m_words(static_cast<std::size_t>((n + 63) / 64))
    , m_universe(n)
{
}

PointSet::PointSet(Index n, const std::vector<PointId>& ids)
    : PointSet(n)
{
    for (const PointId id : ids)
        insert(id);
}

PointSet PointSet::all(Index n)
{
    return PointSet(n).complement();
}

void PointSet::insert(PointId id)
{
    assert(id < m_universe);
    auto& word = m_words[id >> 6U];
    const std::uint64_t bit = std::uint64_t{1} << (id & 63U);
    m_count += (word & bit) == 0 ? 1 : 0;
    word |= bit;
}

void PointSet::remove(PointId id)
{
    assert(id < m_universe);
    auto& word = m_words[id >> 6U];
    const std::uint64_t bit = std::uint64_t{1} << (id & 63U);
    m_count -= (word & bit) != 0 ? 1 : 0;
    word &= ~bit;
}

void PointSet::toggle(PointId id)
{
    if (contains(id))
        remove(id);
    else
        insert(id);
}

void PointSet::clear()
{
    m_words.assign(m_words.size(), 0);
    m_count = 0;
}

PointSet& PointSet::operator|=(const PointSet& other)
{
    assert(m_universe == other.m_universe);
    for (std::size_t w = 0; w < m_words.size(); ++w)
        m_words[w] |= other.m_words[w];
    recount();
    return *this;
}

PointSet& PointSet::operator&=(const PointSet& other)
{
    assert(m_universe == other.m_universe);
    for (std::size_t w = 0; w < m_words.size(); ++w)
        m_words[w] &= other.m_words[w];
    recount();
    return *this;
}

PointSet& PointSet::operator-=(const PointSet& other)
{
    assert(m_universe == other.m_universe);
    for (std::size_t w = 0; w < m_words.size(); ++w)
        m_words[w] &= ~other.m_words[w];
    recount();
    return *this;
}

PointSet PointSet::complement() const
{
    PointSet result(m_universe);
    for (std::size_t w = 0; w < m_words.size(); ++w)
        result.m_words[w] = ~m_words[w];
    if (m_universe % 64 != 0)
        result.m_words.back() &= (std::uint64_t{1} << static_cast<unsigned>(m_universe % 64)) - 1;
    result.m_count = m_universe - m_count;
    return result;
}

std::vector<PointId> PointSet::ids() const
{
    std::vector<PointId> result;
    result.reserve(static_cast<std::size_t>(m_count));
    forEach([&](PointId id) { result.push_back(id); });
    return result;
}

void PointSet::recount()
{
    m_count = 0;
    for (const auto word : m_words)
        m_count += std::popcount(word);
}

} // namespace embedscope
