#include "core/data/vectors.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cstring>

namespace embedscope {

namespace {

constexpr Index kValuesPerBlock = Index{1} << 19; ///< 2 MB as float32.

Index rowsPerBlock(Index d)
{
    return std::max<Index>(1, kValuesPerBlock / std::max<Index>(1, d));
}

/// Fills the rows of `to` block by block; write(begin, end) fills rows [begin, end).
template <typename Value, typename Write>
Status fill(BasicMatrix<Value>& to, const Write& write, const Progress& progress)
{
    parallelBlocks(to.rows(), rowsPerBlock(to.columns()), [&](Index, Index begin, Index end) {
        if (!progress.stopRequested())
            write(begin, end);
    });
    return progress.stopRequested() ? Status(stoppedError()) : Status();
}

} // namespace

const float* VectorsView::widened(Index first, Index count, RowRoom& room) const
{
    if (static_cast<Index>(room.size()) < count)
        room.resize(static_cast<std::size_t>(count));
    toFloats(m_halves + first, count, room.data());
    return room.data();
}

void VectorsView::copyRows(Index begin, Index end, float* to) const
{
    const Index count = (end - begin) * m_columns;
    if (isHalf())
        toFloats(m_halves + begin * m_columns, count, to);
    else
        std::copy_n(m_floats + begin * m_columns, count, to);
}

bool VectorsView::isZeroRow(Index i) const
{
    if (isHalf()) {
        const Half* const row = m_halves + i * m_columns;
        return std::all_of(row, row + m_columns, [](Half value) { return value.isZero(); });
    }
    const float* const row = m_floats + i * m_columns;
    return std::all_of(row, row + m_columns, [](float value) { return value == 0; });
}

Result<Vectors> Vectors::gathered(
    VectorsView from, const std::vector<PointId>& rows, const Progress& progress)
{
    const Index d = from.columns();
    const auto n = static_cast<Index>(rows.size());
    const auto gather = [&](auto& to, const auto* values) -> Status {
        const auto write = [&](Index begin, Index end) {
            for (Index i = begin; i < end; ++i)
                std::copy_n(values + rows[static_cast<std::size_t>(i)] * d, d, to.row(i));
        };
        return fill(to, write, progress);
    };
    if (from.isHalf()) {
        EMBEDSCOPE_TRY_ASSIGN(HalfMatrix halves, HalfMatrix::allocate(n, d));
        EMBEDSCOPE_TRY(gather(halves, from.m_halves));
        return Vectors(std::move(halves));
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix floats, Matrix::allocate(n, d));
    EMBEDSCOPE_TRY(gather(floats, from.m_floats));
    return Vectors(std::move(floats));
}

Result<Vectors> Vectors::stacked(const std::vector<VectorsView>& parts, const Progress& progress)
{
    const Index d = parts.empty() ? 0 : parts.front().columns();
    Index n = 0;
    for (const VectorsView& part : parts)
        n += part.rows();
    const auto stack = [&](auto& to, const auto& copy) -> Status {
        Index first = 0;
        for (const VectorsView& part : parts) {
            parallelBlocks(part.rows(), rowsPerBlock(d), [&](Index, Index begin, Index end) {
                if (!progress.stopRequested())
                    copy(part, begin, end, to.row(first + begin));
            });
            if (progress.stopRequested())
                return stoppedError();
            first += part.rows();
            progress.report("Joining", static_cast<double>(first) / static_cast<double>(n));
        }
        return {};
    };
    if (!parts.empty() && std::all_of(parts.begin(), parts.end(), [](VectorsView part) {
            return part.isHalf();
        })) {
        EMBEDSCOPE_TRY_ASSIGN(HalfMatrix halves, HalfMatrix::allocate(n, d));
        EMBEDSCOPE_TRY(stack(halves, [d](VectorsView part, Index begin, Index end, Half* to) {
            std::copy_n(part.m_halves + begin * d, (end - begin) * d, to);
        }));
        return Vectors(std::move(halves));
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix floats, Matrix::allocate(n, d));
    EMBEDSCOPE_TRY(stack(floats, [](VectorsView part, Index begin, Index end, float* to) {
        part.copyRows(begin, end, to);
    }));
    return Vectors(std::move(floats));
}

Result<FloatRows> floatRows(VectorsView vectors, const Progress& progress)
{
    FloatRows rows;
    if (!vectors.isHalf()) {
        rows.view = vectors.floats();
        return rows;
    }
    EMBEDSCOPE_TRY_ASSIGN(rows.copy, Matrix::allocate(vectors.rows(), vectors.columns()));
    const auto write
        = [&](Index begin, Index end) { vectors.copyRows(begin, end, rows.copy.row(begin)); };
    EMBEDSCOPE_TRY(fill(rows.copy, write, progress));
    rows.view = rows.copy;
    return rows;
}

} // namespace embedscope
