#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embedscope::test {

/// Makes Parquet files of every encoding, codec and layout that the reader knows, and broken ones.

/// Numbers of parquet.thrift.
namespace parquet {
enum Type
{
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    ByteArray,
    FixedBytes
};
enum Encoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    BitPacked = 4,
    DeltaBinary = 5,
    DeltaLength = 6,
    DeltaBytes = 7,
    RleDictionary = 8,
    SplitStreams = 9,
};
enum Codec
{
    Uncompressed = 0,
    Snappy = 1,
    Gzip = 2,
    Lzo = 3,
    Brotli = 4,
    Lz4Hadoop = 5,
    Zstd = 6,
    Lz4Raw = 7,
};
enum Converted
{
    NoMeaning = -1,
    Utf8 = 0,
    Map = 1,
    List = 3,
    Decimal = 5,
    Date = 6,
    TimestampMicros = 10,
    Uint32 = 13,
};
enum class Layout
{
    Required,
    Optional,
    List3, ///< optional group v (LIST) { repeated group list { optional element } }
    List2, ///< optional group v (LIST) { repeated array }
    Repeated, ///< repeated v
    Struct, ///< required group v { optional member }
    Map, ///< optional group v (MAP) { repeated group key_value { required key } }
    Lists, ///< a list of lists
};
} // namespace parquet

/// The entries of a column in one row group: present values as their plain bytes (without lengths),
/// and levels where the layout has any.
struct ParquetEntries
{
    std::vector<std::string> values;
    std::vector<int> repetition;
    std::vector<int> definition;

    std::size_t count() const { return definition.empty() ? values.size() : definition.size(); }
};

struct ParquetColumnBytes
{
    std::string name;
    parquet::Type type = parquet::Float;
    parquet::Layout layout = parquet::Layout::Required;
    int converted = parquet::NoMeaning;
    bool isFloat16 = false; ///< By a logical type.
    int typeLength = 0;
    int scale = 0;
    int encoding = parquet::Plain;
    int codec = parquet::Uncompressed;
    int levelEncoding = parquet::Rle;
    bool isVersion2 = false; ///< Of the data pages.
    bool hasChecksum = false;
    std::size_t entriesPerPage = 1000000;
    std::vector<ParquetEntries> groups; ///< One a row group.
    // Lies.
    std::int64_t claimedExpanded = -1; ///< Of data pages.
    bool breaksChecksum = false;
};

struct ParquetLies
{
    std::int64_t rows = -1; ///< In the footer and the first row group.
    bool isEncrypted = false;
    bool isElsewhere = false;
};

std::string parquetFile(const std::vector<ParquetColumnBytes>& columns,
    const std::vector<std::int64_t>& rowsOfGroups, const ParquetLies& lies = {});

/// A number as its plain bytes.
template <typename T> std::string plain(T value)
{
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

template <typename T> ParquetEntries plainEntries(const std::vector<T>& values)
{
    ParquetEntries entries;
    for (const T& value : values) {
        if constexpr (std::is_same_v<T, std::string>)
            entries.values.push_back(value);
        else
            entries.values.push_back(plain(value));
    }
    return entries;
}

/// Lists of `values`, `length` of them each, with the levels of List3 or List2.
ParquetEntries listEntries(
    const std::vector<std::string>& values, std::size_t length, parquet::Layout layout);

} // namespace embedscope::test
