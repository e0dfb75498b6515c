#pragma once

#include "core/base/plain_vector.h"
#include "core/base/result.h"
#include "core/io/bytes/byte_source.h"
#include "core/io/columnar/codecs.h"
#include "core/io/columnar/expansion_budget.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace embedscope {

/// A page of a column chunk, decompressed and with its checksum proved.
struct ParquetPage
{
    enum class Kind
    {
        Dictionary,
        Data1, ///< Levels and values compressed as one.
        Data2, ///< Levels in front, never compressed.
        Other, ///< An index or something newer: passed over.
    };
    Kind kind = Kind::Other;
    std::uint64_t offset = 0; ///< Of its header in the file.
    std::int32_t values = 0; ///< Nulls and empty lists included.
    std::int32_t encoding = 0;
    std::int32_t definitionEncoding = 0; ///< Of Data1.
    std::int32_t repetitionEncoding = 0; ///< Of Data1.
    std::size_t repetitionBytes = 0; ///< Of Data2.
    std::size_t definitionBytes = 0; ///< Of Data2.
    PlainVector<std::byte> bytes;
};

/// The pages of one column chunk, front to back.
class ParquetPages
{
public:
    /// begin, end: where pages can lie. The source and the budget must outlive this.
    ParquetPages(const ByteSource& source, std::uint64_t begin, std::uint64_t end, Codec codec,
        const ExpansionBudget& budget)
        : m_source(source)
        , m_at(begin)
        , m_end(end)
        , m_codec(codec)
        , m_budget(budget)
    {
    }

    /// The next page. Truncated where the file ends before it does, Malformed where its sizes are
    /// impossible, its checksum is wrong or it does not decompress to what it should.
    Result<ParquetPage> next();

private:
    Error damaged(std::uint64_t offset, std::string detail) const;
    Status fetch(ParquetPage& page, std::uint32_t stored, std::uint32_t expanded,
        std::optional<std::uint32_t> checksum, bool isCompressed);

    const ByteSource& m_source;
    std::uint64_t m_at;
    std::uint64_t m_end;
    Codec m_codec;
    const ExpansionBudget& m_budget;
};

/// The codec of that number in parquet.thrift; nullopt for what is not read (LZO).
std::optional<Codec> parquetCodec(std::int32_t number);

} // namespace embedscope
