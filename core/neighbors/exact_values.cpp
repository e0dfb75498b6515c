#include "core/neighbors/exact_values.h"

#include "core/neighbors/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace embedscope {

namespace {

float rounded(double value)
{
    constexpr double limit = std::numeric_limits<float>::max();
    return static_cast<float>(std::clamp(value, -limit, limit));
}

} // namespace

ExactValues::ExactValues(const float* table, Index d, Metric metric)
    : m_table(table)
    , m_d(d)
    , m_metric(metric)
    , m_query(static_cast<std::size_t>(d))
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
    find(m_table, ids.data(), static_cast<Index>(ids.size()), values);
}

void ExactValues::find(PointId first, Index count, float* values)
{
    find(m_table + static_cast<Index>(first) * m_d, nullptr, count, values);
}

void ExactValues::find(const float* rows, const PointId* ids, Index count, float* values)
{
    if (static_cast<Index>(m_sums.size()) < count) {
        m_sums.resize(static_cast<std::size_t>(count));
        m_squares.resize(static_cast<std::size_t>(count));
    }
    if (m_metric == Metric::Euclidean) {
        rowSquaredDistances(rows, ids, count, m_d, m_query.data(), m_sums.data());
        for (Index i = 0; i < count; ++i)
            values[i] = rounded(std::sqrt(m_sums[static_cast<std::size_t>(i)]));
        return;
    }
    if (m_metric == Metric::Manhattan)
        rowAbsoluteDistances(rows, ids, count, m_d, m_query.data(), m_sums.data());
    else
        rowDots(rows, ids, count, m_d, m_query.data(), m_sums.data(), m_squares.data());
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
