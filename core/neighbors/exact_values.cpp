#include "core/neighbors/exact_values.h"

#include "core/neighbors/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {

namespace {

constexpr Index kRowsPerPass = 64; ///< Of float16 rows that are widened together.

float rounded(double value)
{
    constexpr double limit = std::numeric_limits<float>::max();
    return static_cast<float>(std::clamp(value, -limit, limit));
}

} // namespace

ExactValues::ExactValues(VectorsView table, Metric metric)
    : m_table(table)
    , m_metric(metric)
    , m_query(static_cast<std::size_t>(table.columns()))
{
}

void ExactValues::setQuery(const float* query)
{
    double square = 0;
    for (std::size_t j = 0; j < m_query.size(); ++j) {
        m_query[j] = static_cast<double>(query[j]);
        square += m_query[j] * m_query[j];
    }
    m_length = std::sqrt(square);
}

void ExactValues::find(std::span<const PointId> ids, float* values)
{
    const auto count = static_cast<Index>(ids.size());
    if (!m_table.isHalf())
        return findAmong(m_table.floats().data(), ids.data(), count, values);
    const Index d = m_table.columns();
    m_room.resize(static_cast<std::size_t>(kRowsPerPass * d));
    for (Index begin = 0; begin < count; begin += kRowsPerPass) {
        const Index rows = std::min(kRowsPerPass, count - begin);
        for (Index i = 0; i < rows; ++i) {
            const auto id = static_cast<Index>(ids[static_cast<std::size_t>(begin + i)]);
            m_table.copyRows(id, id + 1, m_room.data() + i * d);
        }
        findAmong(m_room.data(), nullptr, rows, values + begin);
    }
}

void ExactValues::find(PointId first, Index count, float* values)
{
    const auto begin = static_cast<Index>(first);
    findAmong(m_table.rows(begin, begin + count, m_room), nullptr, count, values);
}

void ExactValues::findAmong(const float* rows, const PointId* ids, Index count, float* values)
{
    const Index d = m_table.columns();
    if (static_cast<Index>(m_sums.size()) < count) {
        m_sums.resize(static_cast<std::size_t>(count));
        m_squares.resize(static_cast<std::size_t>(count));
    }
    if (m_metric == Metric::Euclidean) {
        rowSquaredDistances(rows, ids, count, d, m_query.data(), m_sums.data());
        for (Index i = 0; i < count; ++i)
            values[i] = rounded(std::sqrt(m_sums[static_cast<std::size_t>(i)]));
        return;
    }
    if (m_metric == Metric::Manhattan)
        rowAbsoluteDistances(rows, ids, count, d, m_query.data(), m_sums.data());
    else
        rowDots(rows, ids, count, d, m_query.data(), m_sums.data(), m_squares.data());
    for (Index i = 0; i < count; ++i) {
        double value = m_sums[static_cast<std::size_t>(i)];
        if (m_metric == Metric::Cosine) {
            const double square = m_squares[static_cast<std::size_t>(i)];
            value = square > 0 && m_length > 0 ? value / (m_length * std::sqrt(square)) : -1;
        }
        values[i] = rounded(value);
    }
}

} // namespace embedscope
