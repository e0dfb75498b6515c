#include "core/io/columnar/vector_rows.h"

#include "core/base/text.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace embedscope {

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Index earlier(Index a, Index b)
{
    return a < 0 ? b : b < 0 ? a : std::min(a, b);
}

} // namespace

void VectorFaults::add(const VectorFaults& more)
{
    missingRows += more.missingRows;
    firstMissingRow = earlier(firstMissingRow, more.firstMissingRow);
    missingValues += more.missingValues;
    firstMissingValueRow = earlier(firstMissingValueRow, more.firstMissingValueRow);
}

Status VectorRows::add(const void* values, Index count)
{
    if (m_row >= m_last)
        return Error{ErrorCode::Malformed,
            "the column \"" + printable(m_name) + "\" has more rows than the table", m_path, {},
            {}};
    if (count > m_matrix.columns() - m_filled)
        return wrongLength(m_filled + count, true);
    if (count > 0) {
        // The values may be where they belong already.
        std::memmove(target() + m_filled, values, static_cast<std::size_t>(count) * sizeof(float));
    }
    m_filled += count;
    return {};
}

Status VectorRows::addMissing()
{
    if (isChosen() && m_faults.missingValues++ == 0)
        m_faults.firstMissingValueRow = m_row;
    return add(&kNan, 1);
}

Status VectorRows::endRow()
{
    if (m_row >= m_last)
        return add(nullptr, 0);
    if (m_filled == 0) {
        std::fill_n(target(), m_matrix.columns(), kNan);
        if (isChosen() && m_faults.missingRows++ == 0)
            m_faults.firstMissingRow = m_row;
    } else if (m_filled != m_matrix.columns()) {
        return wrongLength(m_filled, false);
    }
    m_filled = 0;
    m_position += isChosen() ? 1 : 0;
    ++m_row;
    return {};
}

Error VectorRows::wrongLength(Index length, bool isLonger) const
{
    return Error{ErrorCode::Malformed,
        "the list in row " + formatCount(m_row) + " of the column \"" + printable(m_name)
            + "\" has " + formatCount(length) + (isLonger ? " values or more" : " values")
            + " where those before it have " + formatCount(m_matrix.columns())
            + "; vectors must all be of one length",
        m_path, {}, {}};
}

} // namespace embedscope
