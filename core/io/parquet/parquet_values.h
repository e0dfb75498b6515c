#pragma once

#include "core/base/index.h"
#include "core/base/plain_vector.h"
#include "core/io/parquet/parquet_footer.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace embedscope {

/// How the values of a column lie in memory once they are decoded: numbers as items of one width,
/// everything of another length as views.
struct ParquetStorage
{
    ParquetType type = ParquetType::Int32;
    std::size_t width = 4; ///< Bytes of an item; of FixedBytes, of a text.
    bool isText = false; ///< ByteArray, and FixedBytes but for 16-bit floats.
};

ParquetStorage storageOf(const ParquetNode& node);

/// A few decoded values. They view the page, the dictionary or the decoder: gone with the next
/// batch.
struct ParquetValues
{
    const std::byte* items = nullptr;
    std::vector<std::string_view> texts;
};

/// The values of a dictionary page.
struct ParquetDictionary
{
    Index count = 0;
    PlainVector<std::byte> page; ///< Decompressed; texts view it.
    PlainVector<std::byte> items;
    std::vector<std::string_view> texts;
};

/// Decodes the values of one page as they are asked for, a few thousand at a time.
class ParquetDecoder
{
public:
    virtual ~ParquetDecoder() = default;
    /// The next `count` values; false where there are fewer or they are damaged.
    virtual bool next(Index count, ParquetValues& values) = 0;
};

/// The decoder for an encoding (its number in parquet.thrift) over the bytes of a page behind its
/// levels; null where the encoding is unknown or not one for this type.
///
/// most        values that the page can hold at most; longer claims inside are refused.
/// dictionary  null where there was none.
std::unique_ptr<ParquetDecoder> makeParquetDecoder(std::int32_t encoding, ParquetStorage storage,
    std::span<const std::byte> bytes, Index most, const ParquetDictionary* dictionary);

} // namespace embedscope
