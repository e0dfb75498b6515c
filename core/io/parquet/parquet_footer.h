#pragma once

#include "core/base/index.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// The footer of a Parquet file as it is written, in so far as it is needed: the flat list of the
/// schema and where the column chunks lie. Source: parquet.thrift of apache/parquet-format.

enum class ParquetType : std::int8_t
{
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    ByteArray,
    FixedBytes,
    None = -1, ///< A group.
};

/// What the values mean: the newer and the older annotation as one.
enum class ParquetMeaning : std::uint8_t
{
    Plain,
    Text,
    List,
    Map,
    Decimal,
    Date,
    TimeMillis,
    TimeMicros,
    TimeNanos,
    TimestampMillis,
    TimestampMicros,
    TimestampNanos,
    Unsigned,
    Uuid,
    Float16,
    Other, ///< Known, but nothing that we show: geometry, BSON, variant.
};

enum class ParquetRepetition : std::uint8_t
{
    Required,
    Optional,
    Repeated,
};

/// A node of the schema; its children follow it in the list.
struct ParquetNode
{
    std::string name;
    ParquetType type = ParquetType::None;
    ParquetRepetition repetition = ParquetRepetition::Required;
    ParquetMeaning meaning = ParquetMeaning::Plain;
    std::int32_t typeLength = 0; ///< Bytes of FixedBytes.
    std::int32_t scale = 0; ///< Of decimals.
    std::int32_t children = 0;
};

/// Where the values of one column in one row group lie.
struct ParquetChunk
{
    std::int32_t type = 0;
    std::int32_t codec = 0;
    std::int64_t values = 0; ///< Nulls and empty lists included.
    std::uint64_t begin = 0; ///< Of its first page, dictionary or data.
};

struct ParquetRowGroup
{
    Index rows = 0;
    std::vector<ParquetChunk> chunks; ///< One a leaf of the schema, in its order.
};

struct ParquetFooter
{
    std::vector<ParquetNode> nodes; ///< The root first.
    std::vector<ParquetRowGroup> groups;
    Index rows = 0;
    std::uint64_t begin = 0; ///< Where the footer begins: no page reaches beyond it.
};

/// Reads and checks the footer. Truncated where the file does not end in one, Unsupported where it
/// is encrypted or refers to other files, Malformed where its parts contradict each other.
Result<ParquetFooter> readParquetFooter(const ByteSource& source);

} // namespace embedscope
