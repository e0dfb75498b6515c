#include "core/base/blas.h"
#include "core/base/text.h"
#include "core/io/bytes/byte_cursor.h"
#include "core/io/bytes/elements.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/words/finalfusion_chunks.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace embedscope {

namespace {

constexpr std::string_view kWhat = "finalfusion file";
constexpr std::uint32_t kUInt8 = 1;
constexpr std::uint32_t kFloat32 = 10;
constexpr std::uint32_t kFloat64 = 11;
/// A code of one byte stands for several values; more bytes of them than this for each byte of the
/// file is no table but a trap.
constexpr std::uint64_t kMaxExpansion = 128;
constexpr std::uint64_t kSmallTable = std::uint64_t{64} << 20U;
constexpr Index kRowsPerBlock = 512;

Error malformed(const ByteSource& source, std::uint64_t at, std::string detail)
{
    return Error{ErrorCode::Malformed, std::move(detail), source.path(), at, {}};
}

Error tooFewRows(const ByteSource& source, std::uint64_t at, std::uint64_t rows, Index words)
{
    return malformed(source, at,
        "the finalfusion file has " + std::to_string(rows) + " vectors for " + formatCount(words)
            + " words");
}

std::uint64_t padded(std::uint64_t position, std::uint64_t size)
{
    return (position + size - 1) / size * size;
}

Result<Matrix> readPlain(
    const ByteSource& source, const FinalfusionChunk& chunk, Index rows, const Progress& progress)
{
    ByteCursor cursor(source, kWhat);
    cursor.seek(chunk.begin);
    EMBEDSCOPE_TRY_ASSIGN(const auto count, cursor.number<std::uint64_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto columns, cursor.number<std::uint32_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto type, cursor.number<std::uint32_t>());
    if (type != kFloat32 && type != kFloat64) {
        return Error{ErrorCode::Unsupported,
            "the finalfusion file stores its vectors as type " + formatCount(type)
                + ", which is neither float32 nor float64",
            source.path(), {}, {}};
    }
    if (count < static_cast<std::uint64_t>(rows))
        return tooFewRows(source, chunk.begin, count, rows);
    const auto element = type == kFloat32 ? ElementType::Float32 : ElementType::Float64;
    const std::uint64_t offset = padded(cursor.position(), elementBytes(element));
    const auto values = checkedProduct(count, columns);
    const auto bytes = values ? checkedProduct(*values, elementBytes(element)) : values;
    if (columns == 0 || !bytes || *bytes > chunk.end - std::min(offset, chunk.end)) {
        return malformed(source, chunk.begin,
            "the finalfusion file claims " + std::to_string(count) + " x " + std::to_string(columns)
                + " values, which are not there");
    }
    return readElements(
        source, offset, element, false, rows, static_cast<Index>(columns), progress);
}

/// Product quantisation: a row is a code for each of its parts, a code a centroid.
struct Quantiser
{
    Index parts = 0;
    Index dimensions = 0;
    Index centroids = 0; ///< Of each part.
    std::vector<float> projection; ///< dimensions x dimensions, or empty.
    std::vector<float> values; ///< parts x centroids x (dimensions / parts).
    std::vector<float> norms; ///< One a row, or empty.
    std::uint64_t codesAt = 0;

    Index partSize() const { return dimensions / parts; }

    /// False where a code has no centroid.
    bool decode(const std::uint8_t* codes, float* out) const
    {
        for (Index part = 0; part < parts; ++part) {
            if (codes[part] >= centroids)
                return false;
            const float* const from = values.data() + (part * centroids + codes[part]) * partSize();
            out = std::copy(from, from + partSize(), out);
        }
        return true;
    }
};

Status readFloats(ByteCursor& cursor, std::uint64_t end, std::optional<std::uint64_t> count,
    std::vector<float>& into)
{
    const std::uint64_t left = end - std::min(cursor.position(), end);
    if (!count || *count > left / sizeof(float))
        return cursor.truncated();
    into.resize(static_cast<std::size_t>(*count));
    return cursor.read(std::as_writable_bytes(std::span(into)));
}

Result<Quantiser> readQuantiser(const ByteSource& source, const FinalfusionChunk& chunk, Index rows)
{
    ByteCursor cursor(source, kWhat);
    cursor.seek(chunk.begin);
    EMBEDSCOPE_TRY_ASSIGN(const auto isProjected, cursor.number<std::uint32_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto hasNorms, cursor.number<std::uint32_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto parts, cursor.number<std::uint32_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto dimensions, cursor.number<std::uint32_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto centroids, cursor.number<std::uint32_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto count, cursor.number<std::uint64_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto codeType, cursor.number<std::uint32_t>());
    EMBEDSCOPE_TRY_ASSIGN(const auto valueType, cursor.number<std::uint32_t>());
    if (codeType != kUInt8 || valueType != kFloat32) {
        return Error{ErrorCode::Unsupported,
            "the finalfusion file is quantised to other types than bytes and float32",
            source.path(), {}, {}};
    }
    if (parts == 0 || dimensions == 0 || dimensions % parts != 0 || centroids == 0
        || centroids > 256) {
        return malformed(
            source, chunk.begin, "the quantiser of the finalfusion file makes no sense");
    }
    if (count < static_cast<std::uint64_t>(rows))
        return tooFewRows(source, chunk.begin, count, rows);
    Quantiser quantiser;
    quantiser.parts = static_cast<Index>(parts);
    quantiser.dimensions = static_cast<Index>(dimensions);
    quantiser.centroids = static_cast<Index>(centroids);
    cursor.seek(padded(cursor.position(), sizeof(float)));
    if (isProjected != 0) {
        EMBEDSCOPE_TRY(readFloats(
            cursor, chunk.end, checkedProduct(dimensions, dimensions), quantiser.projection));
    }
    EMBEDSCOPE_TRY(
        readFloats(cursor, chunk.end, checkedProduct(centroids, dimensions), quantiser.values));
    if (hasNorms != 0)
        EMBEDSCOPE_TRY(readFloats(cursor, chunk.end, count, quantiser.norms));
    quantiser.codesAt = cursor.position();
    const auto codes = checkedProduct(count, parts);
    if (!codes || *codes > chunk.end - std::min(quantiser.codesAt, chunk.end))
        return cursor.truncated();
    return quantiser;
}

Result<Matrix> readQuantised(
    const ByteSource& source, const FinalfusionChunk& chunk, Index rows, const Progress& progress)
{
    EMBEDSCOPE_TRY_ASSIGN(const Quantiser quantiser, readQuantiser(source, chunk, rows));
    const Index d = quantiser.dimensions;
    const auto values
        = checkedProduct(static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(d));
    const auto bytes = values ? checkedProduct(*values, sizeof(float)) : values;
    if (!bytes || *bytes / kMaxExpansion > source.size() + kSmallTable / kMaxExpansion) {
        return Error{ErrorCode::TooLarge,
            "the finalfusion file claims " + formatCount(rows) + " x " + formatCount(d)
                + " values, far more than its bytes can stand for",
            source.path(), {}, {}};
    }
    EMBEDSCOPE_TRY_ASSIGN(Matrix matrix, Matrix::allocate(rows, d));
    const auto readBlock = [&](Index begin, Index end) -> Status {
        const Index count = end - begin;
        std::vector<std::uint8_t> codes(static_cast<std::size_t>(count * quantiser.parts));
        EMBEDSCOPE_TRY(
            source.read(quantiser.codesAt + static_cast<std::uint64_t>(begin * quantiser.parts),
                std::as_writable_bytes(std::span(codes))));
        std::vector<float> turned(
            quantiser.projection.empty() ? 0 : static_cast<std::size_t>(count * d));
        for (Index row = 0; row < count; ++row) {
            float* const out = turned.empty() ? matrix.row(begin + row) : turned.data() + row * d;
            if (!quantiser.decode(codes.data() + row * quantiser.parts, out)) {
                return malformed(source, quantiser.codesAt,
                    "row " + formatCount(begin + row)
                        + " of the finalfusion file has a code beyond its centroids");
            }
        }
        // What was quantised is x P with an orthonormal P, so that x is found by P's transpose.
        if (!turned.empty()) {
            multiplyTransposed(count, d, d, turned.data(), d, quantiser.projection.data(), d,
                matrix.row(begin), d);
        }
        for (Index row = begin; row < end && !quantiser.norms.empty(); ++row) {
            const float norm = quantiser.norms[static_cast<std::size_t>(row)];
            for (Index j = 0; j < d; ++j)
                matrix(row, j) *= norm;
        }
        return {};
    };
    // A block of a wide projection would keep a stop waiting.
    const Index blockRows = std::clamp<Index>(kRowsPerBlock * 300 / d, 1, kRowsPerBlock);
    EMBEDSCOPE_TRY(readInBlocks(rows, blockRows, progress, readBlock));
    return matrix;
}

} // namespace

Result<Matrix> readFinalfusionArray(
    const ByteSource& source, const FinalfusionChunk& chunk, Index rows, const Progress& progress)
{
    return chunk.id == FinalfusionChunkId::QuantisedArray
        ? readQuantised(source, chunk, rows, progress)
        : readPlain(source, chunk, rows, progress);
}

} // namespace embedscope
