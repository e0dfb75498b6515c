#include "core/io/arrow/arrow_file.h"

#include "core/base/text.h"

namespace embedscope {

namespace {

constexpr std::string_view kMagic = "FEA1";

/// PrimitiveArray of feather.fbs.
struct Column1
{
    ArrowType type;
    std::int64_t offset = 0;
    std::int64_t length = 0;
    std::int64_t nulls = 0;
};

ArrowType typeOf(ArrowKind kind, int bits, bool isSigned = true)
{
    ArrowType type;
    type.kind = kind;
    type.bits = bits;
    type.isSigned = isSigned;
    return type;
}

std::optional<ArrowType> typeOf(std::int8_t number)
{
    ArrowType type;
    switch (number) {
    case 0:
        return typeOf(ArrowKind::Bool, 1);
    case 1:
    case 2:
    case 3:
    case 4:
        return typeOf(ArrowKind::Int, 8 << (number - 1));
    case 5:
    case 6:
    case 7:
    case 8:
        return typeOf(ArrowKind::Int, 8 << (number - 5), false);
    case 9:
        return typeOf(ArrowKind::Float, 32);
    case 10:
        return typeOf(ArrowKind::Float, 64);
    case 11: // UTF8
    case 17: // LARGE_UTF8
        return typeOf(ArrowKind::Text, number == 11 ? 32 : 64);
    case 12: // BINARY
    case 18: // LARGE_BINARY
        type = typeOf(ArrowKind::Text, number == 12 ? 32 : 64);
        type.isBytes = true;
        return type;
    default:
        return std::nullopt;
    }
}

class Reader
{
public:
    explicit Reader(const ByteSource& source)
        : m_source(source)
    {
    }

    Result<ArrowFile> read()
    {
        constexpr std::uint64_t kTail = 8;
        const std::uint64_t size = m_source.size();
        if (size < kMagic.size() + kTail)
            return truncated();
        EMBEDSCOPE_TRY_ASSIGN(const std::string tail, m_source.text(size - kTail, kTail));
        if (tail.substr(4) != kMagic)
            return truncated();
        std::uint32_t length = 0;
        std::memcpy(&length, tail.data(), sizeof length);
        if (length > size - kMagic.size() - kTail)
            return damaged("the length of its footer is impossible");
        m_end = size - kTail - length;
        EMBEDSCOPE_TRY_ASSIGN(const std::string bytes, m_source.text(m_end, length));
        FlatBuffer buffer(bytes);
        const FlatTable table = FlatTable::root(buffer);
        m_file.rows = table.scalar<std::int64_t>(1, 0);
        // Before version 2 nothing was padded.
        m_alignment = table.scalar<std::int32_t>(3, 0) < 2 ? 1 : 8;
        const FlatVector columns = table.vector(2, sizeof(std::uint32_t));
        if (!buffer.ok() || m_file.rows < 0 || m_file.rows > kNoPoint)
            return damaged("its footer is damaged");
        m_batch.rows = m_file.rows;
        for (std::size_t i = 0; i < columns.count; ++i)
            EMBEDSCOPE_TRY(takeColumn(table.element(columns, i)));
        if (!buffer.ok())
            return damaged("its footer is damaged");
        m_batch.dictionaries
            = std::make_shared<std::map<std::int64_t, std::vector<std::size_t>>>(m_dictionaries);
        m_file.batches.push_back(std::move(m_batch));
        return std::move(m_file);
    }

private:
    Error damaged(const char* detail) const
    {
        return Error{ErrorCode::Malformed, detail, m_source.path(), {}, {}};
    }
    Error truncated() const
    {
        return Error{ErrorCode::Truncated,
            "the file does not end as a Feather table does. Is the download complete?",
            m_source.path(), m_source.size(), {}};
    }

    /// Fields of PrimitiveArray: type, encoding, offset, length, null_count, total_bytes.
    std::optional<Column1> readArray(const FlatTable& array) const
    {
        const auto type = typeOf(array.scalar<std::int8_t>(0, 0));
        Column1 column;
        column.offset = array.scalar<std::int64_t>(2, 0);
        column.length = array.scalar<std::int64_t>(3, 0);
        column.nulls = array.scalar<std::int64_t>(4, 0);
        const bool isPlain = array.scalar<std::int8_t>(1, 0) == 0;
        if (!array.isPresent() || !type || !isPlain || column.length < 0 || column.length > kNoPoint
            || column.nulls < 0 || column.nulls > column.length || column.offset < 0
            || static_cast<std::uint64_t>(column.offset) > m_end)
            return std::nullopt;
        column.type = *type;
        return column;
    }

    /// Validity where there are nulls, offsets of texts, values: one behind the other.
    void addBuffers(ArrowBatch& batch, const Column1& column) const
    {
        ArrowArray array;
        array.length = column.length;
        array.nulls = column.nulls;
        array.firstBuffer = batch.buffers.size();
        array.bufferCount = column.type.kind == ArrowKind::Text ? 3 : 2;
        auto at = static_cast<std::uint64_t>(column.offset);
        const auto take = [&](std::uint64_t bytes) {
            const std::uint64_t left = m_end - std::min(at, m_end);
            batch.buffers.push_back({at, std::min(bytes, left)});
            at += (bytes + m_alignment - 1) / m_alignment * m_alignment;
        };
        const auto length = static_cast<std::uint64_t>(column.length);
        take(column.nulls > 0 ? (length + 7) / 8 : 0);
        if (column.type.kind == ArrowKind::Text)
            take((length + 1) * static_cast<std::uint64_t>(column.type.bits) / 8);
        take(m_end);
        batch.arrays.push_back(array);
    }

    Status takeColumn(const FlatTable& column)
    {
        constexpr std::uint8_t kCategory = 1; // Of the union TypeMetadata.
        constexpr std::uint8_t kTimestamp = 2;
        constexpr std::uint8_t kDate = 3;
        constexpr std::uint8_t kTime = 4;
        auto array = readArray(column.table(1));
        if (!array || array->length != m_file.rows)
            return damaged("a column in its footer is damaged or of a type that is not known");
        ArrowNode node;
        node.name = repairUtf8(column.text(0).substr(0, 512));
        const auto meaning = column.scalar<std::uint8_t>(2, 0);
        const FlatTable more = column.table(3);
        if (meaning == kCategory) {
            auto levels = readArray(more.table(0));
            if (!levels || array->type.kind != ArrowKind::Int)
                return damaged("the categories of a column are damaged");
            const auto id = static_cast<std::int64_t>(m_file.dictionaryBatches.size());
            node.dictionary = id;
            node.index = array->type;
            node.type = levels->type;
            ArrowBatch batch;
            batch.rows = levels->length;
            batch.firstNode = m_file.schema.nodes.size();
            addBuffers(batch, *levels);
            m_dictionaries[id] = {m_file.dictionaryBatches.size()};
            m_file.dictionaryBatches.push_back(std::move(batch));
        } else {
            node.type = array->type;
            const bool isWhole = array->type.kind == ArrowKind::Int && array->type.bits >= 32;
            if (meaning == kTimestamp || meaning == kTime) {
                const auto unit = more.scalar<std::int8_t>(0, 0);
                const auto perSecond = unit == 0 ? 1
                    : unit == 1                  ? 1000
                    : unit == 2                  ? 1000000
                                                 : 1000000000;
                node.type.kind = !isWhole ? array->type.kind
                    : meaning == kTime    ? ArrowKind::Time
                                          : ArrowKind::Timestamp;
                node.type.perSecond = perSecond;
            } else if (meaning == kDate && isWhole) {
                node.type.kind = ArrowKind::Date;
            }
        }
        m_file.schema.columns.push_back(m_file.schema.nodes.size());
        m_file.schema.nodes.push_back(std::move(node));
        addBuffers(m_batch, *array);
        return {};
    }

    const ByteSource& m_source;
    std::uint64_t m_end = 0; ///< Where the footer begins.
    std::uint64_t m_alignment = 8;
    std::map<std::int64_t, std::vector<std::size_t>> m_dictionaries;
    ArrowBatch m_batch;
    ArrowFile m_file;
};

} // namespace

Result<ArrowFile> readFeather1(const ByteSource& source)
{
    return Reader(source).read();
}

} // namespace embedscope
