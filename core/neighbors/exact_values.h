#pragma once

#include "core/data/vectors.h"
#include "core/neighbors/metric.h"

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace embedscope {

/// A value and a row as one number, so that sorting ascending puts the nearest first and ties by
/// smaller id.
inline std::uint64_t nearnessKey(float value, PointId id, bool similarity)
{
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F); // -0 and 0 are the same.
    std::uint32_t order = (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
    if (similarity)
        order = ~order;
    return static_cast<std::uint64_t>(order) << 32U | id;
}

inline PointId idOfKey(std::uint64_t key)
{
    return static_cast<PointId>(key);
}

inline float valueOfKey(std::uint64_t key, bool similarity)
{
    auto order = static_cast<std::uint32_t>(key >> 32U);
    if (similarity)
        order = ~order;
    return std::bit_cast<float>((order & 0x80000000U) != 0 ? order & 0x7fffffffU : ~order);
}

/// The values of a metric between one query and rows of a table, as they are promised: products and
/// sums in double, rounded to float32 at the end. A row without direction has cosine -1 to all.
class ExactValues
{
public:
    /// table   must outlive this object.
    ExactValues(VectorsView table, Metric metric);

    /// query   d values, copied.
    void setQuery(const float* query);
    /// Length of the query, as it is.
    double queryLength() const { return m_length; }

    /// values[i] is that of row ids[i].
    void find(std::span<const PointId> ids, float* values);
    /// values[i] is that of row first + i.
    void find(PointId first, Index count, float* values);

private:
    void findAmong(const float* rows, const PointId* ids, Index count, float* values);

    VectorsView m_table;
    RowRoom m_room;
    Metric m_metric;
    double m_length = 0;
    std::vector<double> m_query;
    std::vector<double> m_sums;
    std::vector<double> m_squares;
};

} // namespace embedscope
