#include "core/base/parallel.h"
#include "core/data/select_rows.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/numpy/npy.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr Index kBlockBytes = Index{1} << 20U;
constexpr std::string_view kStage = "Reading values";

/// Only for kinds that are numbers.
ElementType elementOf(const NpyHeader& header)
{
    const auto bySize = [&](ElementType one, ElementType two, ElementType four, ElementType eight) {
        return header.itemBytes == 1 ? one
            : header.itemBytes == 2  ? two
            : header.itemBytes == 4  ? four
                                     : eight;
    };
    switch (header.kind) {
    case NpyKind::Signed:
        return bySize(
            ElementType::Int8, ElementType::Int16, ElementType::Int32, ElementType::Int64);
    case NpyKind::Unsigned:
        return bySize(
            ElementType::UInt8, ElementType::UInt16, ElementType::UInt32, ElementType::UInt64);
    case NpyKind::Bool:
        return ElementType::Bool;
    default:
        return bySize(
            ElementType::Float16, ElementType::Float16, ElementType::Float32, ElementType::Float64);
    }
}

/// The row of our table for a row of a Fortran-ordered file: there the first index runs fastest.
/// The last dimension is the table's columns and does not count.
class FortranRows
{
public:
    explicit FortranRows(const NpyHeader& header)
        : m_shape(header.shape)
    {
        if (!m_shape.empty())
            m_shape.pop_back();
    }

    Index operator()(Index fileRow) const
    {
        if (m_shape.size() <= 1)
            return fileRow;
        auto rest = static_cast<std::uint64_t>(fileRow);
        std::uint64_t row = 0;
        std::uint64_t stride = 1;
        for (std::size_t k = 1; k < m_shape.size(); ++k)
            stride *= m_shape[k];
        for (std::size_t k = 0; k < m_shape.size(); ++k) {
            row += rest % m_shape[k] * stride;
            rest /= m_shape[k];
            if (k + 1 < m_shape.size())
                stride /= m_shape[k + 1];
        }
        return static_cast<Index>(row);
    }

private:
    std::vector<std::uint64_t> m_shape;
};

/// Column-major: blocks of rows, 16 columns (a cache line of our rows) at a time.
Status readTransposed(
    const NpyHeader& header, const ByteSource& source, Matrix& matrix, const Progress& progress)
{
    constexpr Index kColumns = 16;
    const auto item = static_cast<Index>(header.itemBytes);
    const FortranRows rowOf(header);
    const Index n = matrix.rows();
    const Index groups = blockCount(matrix.columns(), kColumns);
    const Index rowsPerBlock = std::min(n, kBlockBytes / (item * kColumns));
    const Index rowBlocks = blockCount(n, rowsPerBlock);
    return readInBlocks(groups * rowBlocks, 1, progress, [&](Index task, Index) -> Status {
        const Index firstRow = task / groups * rowsPerBlock;
        const Index rows = std::min(n - firstRow, rowsPerBlock);
        const Index firstColumn = task % groups * kColumns;
        const Index columns = std::min(matrix.columns() - firstColumn, kColumns);
        std::vector<std::byte> bytes(static_cast<std::size_t>(rows * columns * item));
        const auto offsetOf = [&](Index column) {
            return header.dataOffset + static_cast<std::uint64_t>((column * n + firstRow) * item);
        };
        const bool isOnePiece = rows == n;
        if (isOnePiece)
            EMBEDSCOPE_TRY(source.read(offsetOf(firstColumn), bytes));
        for (Index j = 0; j < columns && !isOnePiece; ++j) {
            EMBEDSCOPE_TRY(source.read(offsetOf(firstColumn + j),
                std::span(bytes).subspan(static_cast<std::size_t>(j * rows * item),
                    static_cast<std::size_t>(rows * item))));
        }
        std::vector<float> values(static_cast<std::size_t>(rows * columns));
        toFloats(
            elementOf(header), header.isBigEndian, bytes.data(), rows * columns, values.data());
        for (Index i = 0; i < rows; ++i) {
            float* const out = matrix.row(rowOf(firstRow + i)) + firstColumn;
            for (Index j = 0; j < columns; ++j)
                out[j] = values[static_cast<std::size_t>(j * rows + i)];
        }
        return {};
    });
}

} // namespace

void convertNpyValues(const NpyHeader& header, const std::byte* bytes, Index count, double* out)
{
    toDoubles(elementOf(header), header.isBigEndian, bytes, count, out);
}

Result<Matrix> readNpyFile(const NpyHeader& header, const NpyTableShape& shape,
    const RowSubset& rows, const ByteSource& source, const Progress& progress)
{
    if (!header.isFortran || header.shape.size() < 2) {
        return readElements(source, header.dataOffset, elementOf(header), header.isBigEndian, rows,
            shape.columns, progress);
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(shape.rows, shape.columns));
    EMBEDSCOPE_TRY(readTransposed(header, source, matrix, progress));
    keepRows(matrix, rows);
    return matrix;
}

Result<Matrix> readNpyStream(const NpyHeader& header, const NpyTableShape& shape,
    const RowSubset& rows, const SequentialRead& read, const Progress& progress)
{
    if (rows.isAll() || (header.isFortran && header.shape.size() > 1)) {
        EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, readNpyStream(header, shape, read, progress));
        keepRows(matrix, rows);
        return matrix;
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows.count(), shape.columns));
    const auto item = static_cast<Index>(header.itemBytes);
    const Index step = std::max<Index>(1, kBlockBytes / (item * shape.columns));
    std::vector<std::byte> bytes(static_cast<std::size_t>(step * shape.columns * item));
    const Index end = rows.count() > 0 ? rows[rows.count() - 1] + 1 : 0;
    Index kept = 0;
    for (Index begin = 0; begin < end; begin += step) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report(kStage, static_cast<double>(begin) / static_cast<double>(end));
        const Index count = std::min(step, end - begin);
        EMBEDSCOPE_TRY(
            read(std::span(bytes).first(static_cast<std::size_t>(count * shape.columns * item))));
        for (; kept < rows.count() && rows[kept] < begin + count; ++kept) {
            toFloats(elementOf(header), header.isBigEndian,
                bytes.data() + (rows[kept] - begin) * shape.columns * item, shape.columns,
                matrix.row(kept));
        }
    }
    return matrix;
}

Result<Matrix> readNpyStream(const NpyHeader& header, const NpyTableShape& shape,
    const SequentialRead& read, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(shape.rows, shape.columns));
    const auto item = static_cast<Index>(header.itemBytes);
    const bool transpose = header.isFortran && header.shape.size() > 1;
    const bool direct = isStoredAsFloat(elementOf(header), header.isBigEndian) && !transpose;
    const FortranRows rowOf(header);
    const Index n = matrix.rows();
    const Index step = kBlockBytes / item;
    std::vector<std::byte> bytes(direct ? 0 : static_cast<std::size_t>(kBlockBytes));
    std::vector<float> values(transpose ? static_cast<std::size_t>(step) : 0);
    for (Index begin = 0; begin < matrix.size(); begin += step) {
        if (progress.stopRequested())
            return stoppedError();
        progress.report(kStage, static_cast<double>(begin) / static_cast<double>(matrix.size()));
        const Index count = std::min(step, matrix.size() - begin);
        if (direct) {
            EMBEDSCOPE_TRY(read(std::as_writable_bytes(
                std::span(matrix.data() + begin, static_cast<std::size_t>(count)))));
            continue;
        }
        EMBEDSCOPE_TRY(read(std::span(bytes).first(static_cast<std::size_t>(count * item))));
        toFloats(elementOf(header), header.isBigEndian, bytes.data(), count,
            transpose ? values.data() : matrix.data() + begin);
        for (Index i = 0; i < count && transpose; ++i) {
            const Index at = begin + i;
            matrix(rowOf(at % n), at / n) = values[static_cast<std::size_t>(i)];
        }
    }
    return matrix;
}

} // namespace embedscope
