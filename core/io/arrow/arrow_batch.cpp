#include "core/io/arrow/arrow_batch.h"

namespace embedscope {

namespace {

constexpr std::size_t kNodeBytes = 16;
constexpr std::size_t kBufferBytes = 16;

class BatchReader
{
public:
    BatchReader(
        const ArrowSchema& schema, FlatBuffer& buffer, const FlatTable& table, bool isVersion4)
        : m_schema(schema)
        , m_buffer(buffer)
        , m_nodes(table.vector(1, kNodeBytes))
        , m_buffers(table.vector(2, kBufferBytes))
        , m_variadic(table.vector(4, sizeof(std::int64_t)))
        , m_isVersion4(isVersion4)
    {
    }

    bool read(ArrowBatch& batch, std::optional<std::size_t> root)
    {
        batch.firstNode = root.value_or(0);
        batch.arrays.resize(root ? endOf(*root) - *root : m_schema.nodes.size());
        if (root) {
            if (!visit(batch, *root, true))
                return false;
        } else {
            for (const std::size_t column : m_schema.columns) {
                if (!visit(batch, column, false))
                    return false;
            }
        }
        return m_buffer.ok() && m_node == m_nodes.count && m_next == m_buffers.count;
    }

    bool readBuffers(ArrowBatch& batch, const ArrowBody& body)
    {
        for (std::size_t i = 0; i < m_buffers.count; ++i) {
            const std::size_t at = m_buffers.begin + i * kBufferBytes;
            const auto offset = m_buffer.at<std::int64_t>(at);
            const auto bytes = m_buffer.at<std::int64_t>(at + 8);
            if (offset < 0 || bytes < 0 || static_cast<std::uint64_t>(offset) > body.bytes
                || static_cast<std::uint64_t>(bytes)
                    > body.bytes - static_cast<std::uint64_t>(offset))
                return false;
            batch.buffers.push_back({body.offset + static_cast<std::uint64_t>(offset),
                static_cast<std::uint64_t>(bytes)});
        }
        return m_buffer.ok();
    }

private:
    /// Behind the last node below this one.
    std::size_t endOf(std::size_t node) const
    {
        std::size_t end = node;
        while (!m_schema.nodes[end].children.empty())
            end = m_schema.nodes[end].children.back();
        return end + 1;
    }

    bool visit(ArrowBatch& batch, std::size_t node, bool isDictionary)
    {
        if (m_node >= m_nodes.count)
            return false;
        const ArrowNode& facts = m_schema.nodes[node];
        const bool isIndex = facts.dictionary && !isDictionary;
        const std::size_t at = m_nodes.begin + m_node++ * kNodeBytes;
        ArrowArray& array = batch.arrays[node - batch.firstNode];
        array.length = m_buffer.at<std::int64_t>(at);
        array.nulls = m_buffer.at<std::int64_t>(at + 8);
        if (array.length < 0 || array.nulls < 0 || array.nulls > array.length)
            return false;
        array.firstBuffer = m_next;
        array.bufferCount = isIndex ? 2 : arrowBufferCount(facts.type, m_isVersion4);
        if (!isIndex && facts.type.kind == ArrowKind::TextView) {
            if (m_view >= m_variadic.count)
                return false;
            const auto more
                = m_buffer.at<std::int64_t>(m_variadic.begin + m_view++ * sizeof(std::int64_t));
            if (more < 0 || static_cast<std::uint64_t>(more) > m_buffers.count)
                return false;
            array.bufferCount += static_cast<std::size_t>(more);
        }
        m_next += array.bufferCount;
        if (m_next > m_buffers.count)
            return false;
        if (isIndex)
            return true;
        for (const std::size_t child : facts.children) {
            if (!visit(batch, child, false))
                return false;
        }
        return true;
    }

    const ArrowSchema& m_schema;
    FlatBuffer& m_buffer;
    FlatVector m_nodes;
    FlatVector m_buffers;
    FlatVector m_variadic;
    bool m_isVersion4;
    std::size_t m_node = 0;
    std::size_t m_next = 0; ///< Buffer.
    std::size_t m_view = 0;
};

} // namespace

std::size_t arrowBufferCount(const ArrowType& type, bool isVersion4)
{
    switch (type.kind) {
    case ArrowKind::Null:
    case ArrowKind::RunEnd:
        return 0;
    case ArrowKind::Text:
    case ArrowKind::ListView:
        return 3;
    case ArrowKind::FixedList:
    case ArrowKind::Struct:
        return 1;
    case ArrowKind::Union:
        return (type.isDense ? 2U : 1U) + (isVersion4 ? 1U : 0U);
    default:
        return 2; // Validity and values, offsets or views.
    }
}

std::optional<ArrowBatch> readArrowBatch(const ArrowSchema& schema, FlatBuffer& buffer,
    const FlatTable& table, const ArrowBody& body, std::optional<std::size_t> root)
{
    ArrowBatch batch;
    batch.rows = table.scalar<std::int64_t>(0, 0);
    if (batch.rows < 0 || batch.rows > kNoPoint)
        return std::nullopt;
    BatchReader reader(schema, buffer, table, body.isVersion4);
    if (!reader.read(batch, root) || !reader.readBuffers(batch, body))
        return std::nullopt;
    const FlatTable compression = table.table(3);
    if (compression.isPresent()) {
        const auto codec = compression.scalar<std::int8_t>(0, 0);
        if ((codec != 0 && codec != 1) || compression.scalar<std::int8_t>(1, 0) != 0)
            return std::nullopt;
        batch.codec = codec == 0 ? Codec::Lz4Frame : Codec::Zstd;
        batch.isCompressed = true;
    }
    return buffer.ok() ? std::optional(std::move(batch)) : std::nullopt;
}

} // namespace embedscope
