#include "core/base/text.h"
#include "core/io/bytes/read_blocks.h"
#include "core/io/readers.h"

#include <algorithm>
#include <array>
#include <cstring>

// The two layouts of the nearest-neighbour benchmarks. TEXMEX (fvecs, bvecs, ivecs): each row is
// its dimension as int32, then its values. DiskANN (fbin, u8bin, i8bin, ibin): rows and dimensions
// as uint32 once, then all values. Neither says what its values are: the name does.

namespace embedscope {

namespace {

constexpr std::uint64_t kRowHeader = 4;
constexpr std::uint64_t kFileHeader = 8;
constexpr std::uint32_t kMaxDimensions = 1U << 24U;
constexpr std::uint64_t kRowsThatConvince = 3;

struct Kind
{
    std::string_view extension;
    ElementType type;
};

// The first is what values are taken for where the name says nothing.
constexpr auto kVecs = std::to_array<Kind>({
    {"fvecs", ElementType::Float32},
    {"bvecs", ElementType::UInt8},
    {"ivecs", ElementType::Int32},
    {"hvecs", ElementType::Float16},
});
constexpr auto kBins = std::to_array<Kind>({
    {"fbin", ElementType::Float32},
    {"u8bin", ElementType::UInt8},
    {"i8bin", ElementType::Int8},
    {"ibin", ElementType::Int32},
});

template <typename Kinds> const Kind* kindOf(const Kinds& kinds, std::string_view extension)
{
    const auto found = std::find_if(
        kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.extension == extension; });
    return found == kinds.end() ? nullptr : &*found;
}

std::string extensionOf(const std::string& path)
{
    const auto dot = path.rfind('.');
    return dot == std::string::npos ? std::string() : foldCase(path.substr(dot + 1));
}

std::uint32_t littleEndian(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return value;
}

Result<std::uint32_t> numberAt(const ByteSource& source, std::uint64_t offset)
{
    std::array<char, 4> bytes{};
    EMBEDSCOPE_TRY(source.read(offset, std::as_writable_bytes(std::span(bytes))));
    return littleEndian({bytes.data(), bytes.size()});
}

/// True where every row that begins in the head repeats the first one's dimension, and the file
/// ends with a row.
bool isVecs(const FileHead& head, ElementType type, std::uint64_t leastRows)
{
    if (head.bytes.size() < kRowHeader)
        return false;
    const std::uint32_t d = littleEndian(head.bytes);
    if (d == 0 || d > kMaxDimensions)
        return false;
    const std::uint64_t step = kRowHeader + d * elementBytes(type);
    if (head.fileSize % step != 0)
        return false;
    std::uint64_t rows = 0;
    for (std::uint64_t at = 0; at + kRowHeader <= head.bytes.size(); at += step, ++rows) {
        if (littleEndian(head.bytes.substr(static_cast<std::size_t>(at))) != d)
            return false;
    }
    return rows >= leastRows;
}

Error badDimension(
    const ByteSource& source, Index row, std::uint32_t d, std::uint32_t first, std::uint64_t step)
{
    return Error{ErrorCode::Malformed,
        "row " + formatCount(row) + " says that it has " + formatCount(d)
            + " dimensions, row 0 has " + formatCount(first),
        source.path(), static_cast<std::uint64_t>(row) * step, {}};
}

} // namespace

Confidence recognizeVecs(const FileHead& head)
{
    if (const Kind* const kind = kindOf(kVecs, head.extension))
        return isVecs(head, kind->type, 1) ? Confidence::Likely : Confidence::Extension;
    return isVecs(head, kVecs.front().type, kRowsThatConvince) ? Confidence::Likely
                                                               : Confidence::No;
}

Result<Table> readVecs(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    const Kind* const named = kindOf(kVecs, extensionOf(source.path()));
    const ElementType type = named != nullptr ? named->type : kVecs.front().type;
    EMBEDSCOPE_TRY_ASSIGN(const std::uint32_t d, numberAt(source, 0));
    if (d == 0 || d > kMaxDimensions) {
        return Error{ErrorCode::Malformed,
            "the first row says that it has " + formatCount(d) + " dimensions", source.path(), 0,
            {}};
    }
    const std::uint64_t step = kRowHeader + d * elementBytes(type);
    const std::uint64_t rows = source.size() / step;
    if (source.size() % step != 0) {
        return Error{ErrorCode::Truncated,
            "the file ends in the middle of row " + formatCount(static_cast<Index>(rows))
                + ", which would have " + formatCount(d) + " dimensions. Is the download complete?",
            source.path(), rows * step, {}};
    }
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(
        const RowSubset chosen, chosenRows(options.rows, static_cast<Index>(rows), source.path()));
    const auto check = [&](Index row, const std::byte* bytes) -> Status {
        const std::uint32_t own = littleEndian({reinterpret_cast<const char*>(bytes), kRowHeader});
        return own == d ? Status() : Status(badDimension(source, row, own, d, step));
    };
    const auto put = [&](const std::byte* bytes, float* out) {
        toFloats(type, false, bytes + kRowHeader, static_cast<Index>(d), out);
    };
    EMBEDSCOPE_TRY_ASSIGN(table.vectors,
        readRows(source, 0, step, chosen, static_cast<Index>(d), put, check, progress));
    table.provenance.rows = chosen;
    table.provenance.dtype = elementName(type);
    return table;
}

Confidence recognizeBinaryVectors(const FileHead& head)
{
    const Kind* const kind = kindOf(kBins, head.extension);
    if (kind == nullptr)
        return Confidence::No;
    if (head.bytes.size() < kFileHeader)
        return Confidence::Extension;
    const auto values
        = checkedProduct(littleEndian(head.bytes), littleEndian(head.bytes.substr(4)));
    const auto bytes = values ? checkedProduct(*values, elementBytes(kind->type)) : values;
    return bytes && *bytes > 0 && *bytes == head.fileSize - kFileHeader ? Confidence::Likely
                                                                        : Confidence::Extension;
}

Result<Table> readBinaryVectors(
    const ByteSource& source, const ReadOptions& options, const Progress& progress)
{
    const Kind* const named = kindOf(kBins, extensionOf(source.path()));
    const ElementType type = named != nullptr ? named->type : kBins.front().type;
    EMBEDSCOPE_TRY_ASSIGN(const std::uint32_t rows, numberAt(source, 0));
    EMBEDSCOPE_TRY_ASSIGN(const std::uint32_t d, numberAt(source, 4));
    const auto values = checkedProduct(rows, d);
    const auto bytes = values ? checkedProduct(*values, elementBytes(type)) : values;
    const std::string promise = "the header promises " + formatCount(rows) + " x " + formatCount(d)
        + " values of " + std::string(elementName(type));
    const std::uint64_t available = source.size() - kFileHeader;
    if (rows == 0 || d == 0)
        return Error{ErrorCode::Malformed, promise, source.path(), 0, {}};
    if (!bytes || *bytes > available) {
        return Error{ErrorCode::Truncated,
            promise + " but only " + formatBytes(available) + " follow. Is the download complete?",
            source.path(), source.size(), {}};
    }
    Table table;
    EMBEDSCOPE_TRY_ASSIGN(
        const RowSubset chosen, chosenRows(options.rows, static_cast<Index>(rows), source.path()));
    EMBEDSCOPE_TRY_ASSIGN(table.vectors,
        readElements(source, kFileHeader, type, false, chosen, static_cast<Index>(d), progress));
    table.provenance.rows = chosen;
    if (*bytes < available) {
        table.warnings.push_back(
            formatBytes(available - *bytes) + " behind the last value are left unread.");
    }
    table.provenance.dtype = elementName(type);
    return table;
}

} // namespace embedscope
