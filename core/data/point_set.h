#pragma once

#include "core/base/index.h"

#include <cstdint>
#include <vector>

namespace embedscope {

/// A set of points of a table of n: selection, filter, search result alike. A bit a point, so
/// union, difference and membership cost the same however many are in. A value; copy freely
/// (125 kB at a million points), share behind shared_ptr<const …> across threads.
class PointSet
{
public:
    PointSet() = default;
    /// The empty set of a table of n points.
    explicit PointSet(Index n);
    /// Ids >= n are not allowed.
    PointSet(Index n, const std::vector<PointId>& ids);
    static PointSet all(Index n);

    /// The n of the table.
    Index universe() const { return m_universe; }
    /// How many points are in.
    Index count() const { return m_count; }
    bool isEmpty() const { return m_count == 0; }
    bool contains(PointId id) const
    {
        return (m_words[id >> 6U] >> (id & 63U) & 1U) != 0;
    }

    void insert(PointId id);
    void remove(PointId id);
    void toggle(PointId id);
    void clear();

    /// Both sets must be of the same table.
    PointSet& operator|=(const PointSet& other);
    PointSet& operator&=(const PointSet& other);
    PointSet& operator-=(const PointSet& other);
    PointSet complement() const;
    bool operator==(const PointSet& other) const = default;

    /// Ascending.
    std::vector<PointId> ids() const;
    template <typename Visit> void forEach(Visit&& visit) const
    {
        for (std::size_t w = 0; w < m_words.size(); ++w) {
            for (std::uint64_t bits = m_words[w]; bits != 0; bits &= bits - 1)
                visit(static_cast<PointId>(
                    w * 64 + static_cast<std::size_t>(__builtin_ctzll(bits))));
        }
    }

private:
    void recount();

    std::vector<std::uint64_t> m_words;
    Index m_universe = 0;
    Index m_count = 0;
};

} // namespace embedscope
