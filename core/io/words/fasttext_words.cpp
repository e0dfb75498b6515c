#include "core/io/words/fasttext_words.h"

#include "core/base/plain_vector.h"
#include "core/io/bytes/elements.h"
#include "core/io/bytes/read_blocks.h"

#include <algorithm>

namespace embedscope {

namespace {

constexpr Index kWordsPerBlock = 512;
constexpr std::uint64_t kBandShare = 12; ///< Of the words' table that a band may be.

/// Rows of a matrix in the file, as they are there.
Result<PlainVector<std::uint8_t>> readRows(const ByteSource& source, const FastTextMatrix& matrix,
    std::uint64_t begin, std::uint64_t end, const Progress& progress)
{
    constexpr Index kPiece = Index{1} << 20U;
    const std::uint64_t from = matrix.offset + begin * matrix.rowBytes();
    PlainVector<std::uint8_t> bytes(static_cast<std::size_t>((end - begin) * matrix.rowBytes()));
    EMBEDSCOPE_TRY(readInBlocks(
        static_cast<Index>(bytes.size()), kPiece, progress, [&](Index first, Index last) {
            return source.read(from + static_cast<std::uint64_t>(first),
                std::as_writable_bytes(std::span(bytes).subspan(
                    static_cast<std::size_t>(first), static_cast<std::size_t>(last - first))));
        }));
    return bytes;
}

} // namespace

Result<Matrix> readMatrixRows(
    const ByteSource& source, const FastTextMatrix& from, Index n, const Progress& progress)
{
    const auto d = static_cast<Index>(from.columns);
    if (!from.isQuantised)
        return readElements(source, from.offset, ElementType::Float32, false, n, d, progress);
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(n, d));
    const std::uint64_t rowBytes = from.rowBytes();
    const auto readBlock = [&](Index begin, Index end) -> Status {
        std::vector<std::uint8_t> raw(static_cast<std::size_t>(end - begin) * rowBytes);
        EMBEDSCOPE_TRY(source.read(from.offset + static_cast<std::uint64_t>(begin) * rowBytes,
            std::as_writable_bytes(std::span(raw))));
        for (Index row = begin; row < end; ++row) {
            from.decode(static_cast<std::uint64_t>(row),
                raw.data() + static_cast<std::uint64_t>(row - begin) * rowBytes, matrix.row(row));
        }
        return {};
    };
    EMBEDSCOPE_TRY(readInBlocks(n, kWordsPerBlock, progress, readBlock));
    return matrix;
}

Result<Matrix> readMatrixRows(const ByteSource& source, const FastTextMatrix& from,
    const RowSubset& rows, const Progress& progress)
{
    if (rows.isAll())
        return readMatrixRows(source, from, rows.total(), progress);
    const auto d = static_cast<Index>(from.columns);
    if (!from.isQuantised)
        return readElements(source, from.offset, ElementType::Float32, false, rows, d, progress);
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows.count(), d));
    const auto readBlock = [&](Index begin, Index end) -> Status {
        std::vector<std::uint8_t> raw(static_cast<std::size_t>(from.rowBytes()));
        for (Index i = begin; i < end; ++i) {
            const auto row = static_cast<std::uint64_t>(rows[i]);
            EMBEDSCOPE_TRY(source.read(
                from.offset + row * from.rowBytes(), std::as_writable_bytes(std::span(raw))));
            from.decode(row, raw.data(), matrix.row(i));
        }
        return {};
    };
    EMBEDSCOPE_TRY(readInBlocks(rows.count(), kWordsPerBlock, progress, readBlock));
    return matrix;
}

Result<Matrix> readWordVectors(const ByteSource& source, const FastTextModel& model,
    std::uint64_t leastBandBytes, const Progress& progress)
{
    const RowSubset all = RowSubset::all(static_cast<Index>(model.words.size()));
    return readWordVectors(source, model, all, leastBandBytes, progress);
}

Result<Matrix> readWordVectors(const ByteSource& source, const FastTextModel& model,
    const RowSubset& words, std::uint64_t leastBandBytes, const Progress& progress)
{
    const auto d = static_cast<std::size_t>(model.dimensions);
    const Index n = words.count();
    const FastTextMatrix& input = model.input;
    const double own = static_cast<double>(n) / static_cast<double>(input.rows);
    EMBEDSCOPE_TRY_ASSIGN(
        Matrix matrix, readMatrixRows(source, input, words, progress.part(0, 0.5 * own)));
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(n), 1);
    const std::uint64_t bandBytes
        = std::max(leastBandBytes, static_cast<std::uint64_t>(matrix.size()) * 4 / kBandShare);
    const std::uint64_t bandRows
        = std::max<std::uint64_t>(1, bandBytes / std::max<std::uint64_t>(1, input.rowBytes()));
    const auto ngrams = static_cast<double>(input.rows - model.words.size());
    for (std::uint64_t begin = model.words.size(); begin < input.rows; begin += bandRows) {
        const std::uint64_t end = std::min(input.rows, begin + bandRows);
        const auto fraction = [&](std::uint64_t row) {
            return 0.5 * own
                + (1 - 0.5 * own) * static_cast<double>(row - model.words.size()) / ngrams;
        };
        const Progress part = progress.part(fraction(begin), fraction(end));
        EMBEDSCOPE_TRY_ASSIGN(
            const auto band, readRows(source, input, begin, end, part.part(0, 0.4)));
        const auto addBlock = [&](Index first, Index last) -> Status {
            std::vector<std::uint64_t> rows;
            std::vector<float> row(d);
            for (Index word = first; word < last; ++word) {
                model.ngramRows(static_cast<std::uint64_t>(words[word]), rows);
                counts[static_cast<std::size_t>(word)]
                    = static_cast<std::uint32_t>(rows.size() + 1);
                float* const sum = matrix.row(word);
                for (const std::uint64_t at : rows) {
                    if (at < begin || at >= end)
                        continue;
                    input.decode(at, band.data() + (at - begin) * input.rowBytes(), row.data());
                    for (std::size_t j = 0; j < d; ++j)
                        sum[j] += row[j];
                }
            }
            return {};
        };
        EMBEDSCOPE_TRY(readInBlocks(n, kWordsPerBlock, part.part(0.4, 1), addBlock));
    }
    for (Index word = 0; word < n; ++word) {
        const float share = 1.0F / static_cast<float>(counts[static_cast<std::size_t>(word)]);
        float* const out = matrix.row(word);
        for (std::size_t j = 0; j < d; ++j)
            out[j] *= share;
    }
    return matrix;
}

} // namespace embedscope
