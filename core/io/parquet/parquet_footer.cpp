#include "core/io/parquet/parquet_footer.h"

#include "core/base/text.h"
#include "core/io/parquet/thrift_reader.h"

#include <algorithm>
#include <cstring>

namespace embedscope {

namespace {

using Type = ThriftReader::Type;

constexpr std::uint64_t kMostFooterBytes = std::uint64_t{256} << 20U;
constexpr std::string_view kMagic = "PAR1";
constexpr std::string_view kEncryptedMagic = "PARE";
constexpr std::size_t kMostNodes = std::size_t{1} << 17U;
constexpr std::size_t kMostNameBytes = 512;

Error fault(ErrorCode code, std::string detail, const ByteSource& source)
{
    return Error{code, std::move(detail), source.path(), {}, {}};
}

ParquetMeaning fromConverted(std::int32_t converted)
{
    switch (converted) {
    case 0: // UTF8
    case 4: // ENUM
    case 19: // JSON
        return ParquetMeaning::Text;
    case 1: // MAP
    case 2: // MAP_KEY_VALUE
        return ParquetMeaning::Map;
    case 3:
        return ParquetMeaning::List;
    case 5:
        return ParquetMeaning::Decimal;
    case 6:
        return ParquetMeaning::Date;
    case 7:
        return ParquetMeaning::TimeMillis;
    case 8:
        return ParquetMeaning::TimeMicros;
    case 9:
        return ParquetMeaning::TimestampMillis;
    case 10:
        return ParquetMeaning::TimestampMicros;
    case 11:
    case 12:
    case 13:
    case 14: // UINT_8 to UINT_64
        return ParquetMeaning::Unsigned;
    case 15:
    case 16:
    case 17:
    case 18: // INT_8 to INT_64
        return ParquetMeaning::Plain;
    default:
        return ParquetMeaning::Other;
    }
}

/// 1 milliseconds, 2 microseconds, 3 nanoseconds.
std::int32_t readTimeUnit(ThriftReader& thrift, Type type)
{
    std::int32_t unit = 0;
    thrift.structure(type, [&](std::int32_t id, Type field) {
        if (id == 2) {
            thrift.structure(field, [&](std::int32_t which, Type empty) {
                unit = which;
                thrift.skip(empty);
            });
        } else {
            thrift.skip(field);
        }
    });
    return unit;
}

ParquetMeaning withUnit(ParquetMeaning millis, std::int32_t unit)
{
    if (unit < 1 || unit > 3)
        return ParquetMeaning::Other;
    return static_cast<ParquetMeaning>(static_cast<std::int32_t>(millis) + unit - 1);
}

/// LogicalType: a union, of which one field is set.
void readLogicalType(ThriftReader& thrift, Type type, ParquetNode& node)
{
    thrift.structure(type, [&](std::int32_t id, Type field) {
        switch (id) {
        case 1: // STRING
        case 4: // ENUM
        case 12: // JSON
            node.meaning = ParquetMeaning::Text;
            break;
        case 2:
            node.meaning = ParquetMeaning::Map;
            break;
        case 3:
            node.meaning = ParquetMeaning::List;
            break;
        case 5:
            node.meaning = ParquetMeaning::Decimal;
            thrift.structure(field, [&](std::int32_t which, Type number) {
                if (which == 1)
                    node.scale = thrift.int32(number);
                else
                    thrift.skip(number);
            });
            return;
        case 6:
            node.meaning = ParquetMeaning::Date;
            break;
        case 7:
            node.meaning = withUnit(ParquetMeaning::TimeMillis, readTimeUnit(thrift, field));
            return;
        case 8:
            node.meaning = withUnit(ParquetMeaning::TimestampMillis, readTimeUnit(thrift, field));
            return;
        case 10: { // INTEGER
            bool isSigned = true;
            thrift.structure(field, [&](std::int32_t which, Type number) {
                if (which == 2)
                    isSigned = thrift.boolean(number);
                else
                    thrift.skip(number);
            });
            node.meaning = isSigned ? ParquetMeaning::Plain : ParquetMeaning::Unsigned;
            return;
        }
        case 11: // UNKNOWN: always null
            break;
        case 14:
            node.meaning = ParquetMeaning::Uuid;
            break;
        case 15:
            node.meaning = ParquetMeaning::Float16;
            break;
        default:
            node.meaning = ParquetMeaning::Other;
            break;
        }
        thrift.skip(field);
    });
}

ParquetNode readNode(ThriftReader& thrift)
{
    ParquetNode node;
    bool isLogical = false;
    thrift.readStruct([&](std::int32_t id, Type type) {
        switch (id) {
        case 1: {
            const std::int32_t physical = thrift.int32(type);
            if (physical < 0 || physical > static_cast<std::int32_t>(ParquetType::FixedBytes))
                thrift.fail();
            node.type = static_cast<ParquetType>(physical);
            return;
        }
        case 2:
            node.typeLength = thrift.int32(type);
            return;
        case 3: {
            const std::int32_t repetition = thrift.int32(type);
            if (repetition < 0 || repetition > 2)
                thrift.fail();
            node.repetition = static_cast<ParquetRepetition>(repetition);
            return;
        }
        case 4:
            node.name = repairUtf8(thrift.text(type).substr(0, kMostNameBytes));
            return;
        case 5:
            node.children = thrift.int32(type);
            if (node.children < 0)
                thrift.fail();
            return;
        case 6: {
            const ParquetMeaning meaning = fromConverted(thrift.int32(type));
            if (!isLogical)
                node.meaning = meaning;
            return;
        }
        case 7:
            node.scale = thrift.int32(type);
            return;
        case 10:
            isLogical = true;
            readLogicalType(thrift, type, node);
            return;
        default:
            thrift.skip(type);
        }
    });
    if (node.children > 0)
        node.type = ParquetType::None;
    return node;
}

struct ChunkFacts
{
    bool isEncrypted = false;
    bool isElsewhere = false;
    bool hasMetadata = false;
};

void readChunkMetadata(ThriftReader& thrift, Type type, ParquetChunk& chunk)
{
    std::int64_t dataPage = 0;
    std::int64_t dictionaryPage = 0;
    thrift.structure(type, [&](std::int32_t id, Type field) {
        switch (id) {
        case 1:
            chunk.type = thrift.int32(field);
            return;
        case 4:
            chunk.codec = thrift.int32(field);
            return;
        case 5:
            chunk.values = thrift.integer(field);
            return;
        case 9:
            dataPage = thrift.integer(field);
            return;
        case 11:
            dictionaryPage = thrift.integer(field);
            return;
        default:
            thrift.skip(field);
        }
    });
    if (dataPage < 0 || chunk.values < 0)
        thrift.fail();
    // Some writers say 0 where there is none, others where it lies at the data page's offset.
    const bool hasDictionary = dictionaryPage > 0 && dictionaryPage < dataPage;
    chunk.begin = static_cast<std::uint64_t>(hasDictionary ? dictionaryPage : dataPage);
}

ParquetChunk readChunk(ThriftReader& thrift, ChunkFacts& facts)
{
    ParquetChunk chunk;
    bool hasMetadata = false;
    thrift.readStruct([&](std::int32_t id, Type type) {
        if (id == 1) {
            facts.isElsewhere = facts.isElsewhere || !thrift.text(type).empty();
        } else if (id == 3) {
            hasMetadata = true;
            readChunkMetadata(thrift, type, chunk);
        } else {
            facts.isEncrypted = facts.isEncrypted || id == 8 || id == 9;
            thrift.skip(type);
        }
    });
    if (!hasMetadata && !facts.isEncrypted)
        thrift.fail();
    return chunk;
}

ParquetRowGroup readRowGroup(ThriftReader& thrift, ChunkFacts& facts)
{
    ParquetRowGroup group;
    thrift.readStruct([&](std::int32_t id, Type type) {
        if (id == 1)
            thrift.structures(type, [&] { group.chunks.push_back(readChunk(thrift, facts)); });
        else if (id == 3)
            group.rows = thrift.integer(type);
        else
            thrift.skip(type);
    });
    if (group.chunks.empty())
        thrift.fail();
    return group;
}

Status check(const ParquetFooter& footer, const ByteSource& source)
{
    const auto malformed
        = [&](const char* detail) { return Status(fault(ErrorCode::Malformed, detail, source)); };
    if (footer.nodes.empty() || footer.nodes.front().children == 0)
        return malformed("its footer describes no columns");
    std::size_t leaves = 0;
    for (const ParquetNode& node : footer.nodes)
        leaves += node.children == 0 ? 1 : 0;
    Index rows = 0;
    for (const ParquetRowGroup& group : footer.groups) {
        if (group.chunks.size() != leaves)
            return malformed("a row group has another number of columns than the schema");
        if (group.rows < 0 || group.rows > kNoPoint || rows > kNoPoint)
            return malformed("its footer gives an impossible number of rows");
        rows += group.rows;
        for (const ParquetChunk& chunk : group.chunks) {
            if (chunk.values > 0 && (chunk.begin < kMagic.size() || chunk.begin >= footer.begin))
                return malformed("a column lies outside the file");
        }
    }
    if (rows != footer.rows) {
        return Status(fault(ErrorCode::Malformed,
            "its footer promises " + formatCount(footer.rows) + " rows but its row groups hold "
                + formatCount(rows),
            source));
    }
    return {};
}

Result<std::string> footerBytes(const ByteSource& source, std::uint64_t& begin)
{
    constexpr std::uint64_t kTail = 8;
    if (source.size() < kMagic.size() + kTail)
        return fault(ErrorCode::Truncated,
            "the file is too short for a Parquet table. Is the download complete?", source);
    EMBEDSCOPE_TRY_ASSIGN(const std::string tail, source.text(source.size() - kTail, kTail));
    if (tail.substr(4) == kEncryptedMagic)
        return fault(ErrorCode::Unsupported,
            "the file is encrypted; write it again without encryption to open it", source);
    if (tail.substr(4) != kMagic) {
        return fault(ErrorCode::Truncated,
            "the file does not end as a Parquet table does. Is the download complete?", source);
    }
    std::uint32_t length = 0;
    std::memcpy(&length, tail.data(), sizeof length);
    if (length > source.size() - kMagic.size() - kTail || length > kMostFooterBytes)
        return fault(ErrorCode::Malformed,
            "its footer is said to be longer than the file or than any footer is", source);
    begin = source.size() - kTail - length;
    return source.text(begin, length);
}

} // namespace

Result<ParquetFooter> readParquetFooter(const ByteSource& source)
{
    ParquetFooter footer;
    EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, footerBytes(source, footer.begin));
    ThriftReader thrift(bytes);
    ChunkFacts facts;
    bool isEncrypted = false;
    thrift.readStruct([&](std::int32_t id, Type type) {
        switch (id) {
        case 2:
            footer.nodes.clear();
            thrift.structures(type, [&] {
                footer.nodes.push_back(readNode(thrift));
                if (footer.nodes.size() > kMostNodes)
                    thrift.fail();
            });
            return;
        case 3:
            footer.rows = thrift.integer(type);
            return;
        case 4:
            thrift.structures(type, [&] { footer.groups.push_back(readRowGroup(thrift, facts)); });
            return;
        default:
            isEncrypted = isEncrypted || id == 8;
            thrift.skip(type);
        }
    });
    if (!thrift.ok()) {
        return Error{ErrorCode::Malformed, "its footer is damaged", source.path(),
            footer.begin + thrift.position(), {}};
    }
    if (isEncrypted || facts.isEncrypted)
        return fault(ErrorCode::Unsupported,
            "the file is encrypted; write it again without encryption to open it", source);
    if (facts.isElsewhere)
        return fault(ErrorCode::Unsupported,
            "its values lie in other files, which are not followed; open those", source);
    EMBEDSCOPE_TRY(check(footer, source));
    return footer;
}

} // namespace embedscope
